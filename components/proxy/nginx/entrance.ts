import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";
import { loginRequired } from "./login";

/** What a client's request meets first: the login alone, or a firewall before it. */
export interface Entrance extends Feature {
  /** Folder of nginx's modules. */
  readonly modulesFolder: string;
  /** Begins each location that clients reach. */
  readonly guard: string;
  /** Ends the location of what is none of the API. */
  readonly outsideApi: string;
}

/** For a request whose path or query the registry might read differently. */
export const refusedAnswer = apiAnswer(
  400,
  "UNSUPPORTED",
  "the request is not one of the registry API: unusual path or query",
);

export const outsideApiAnswer = apiAnswer(
  404,
  "NOT_FOUND",
  "this is a container registry: its API is below /v2/",
);

/** The login alone. */
export const plainEntrance: Entrance = {
  modulesFolder: "modules",
  guard: loginRequired,
  outsideApi: `      ${outsideApiAnswer}`,
  server: `    if ($refused) {
      ${refusedAnswer}
    }
`,
};
