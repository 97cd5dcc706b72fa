import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/** What a client's request meets first: the login alone, or a firewall before it. */
export interface Entrance extends Feature {
  /** Folder of nginx's modules. */
  readonly modulesFolder: string;
  /** Begins each location that clients reach. */
  readonly guard: string;
  /** The same where the proxy itself reads the body, of so many bytes at most. */
  readonly guardFor: (bytes: number) => string;
  /** Ends a location where nothing is known of why it is forbidden. */
  readonly forbidden: string;
  /** Ends the location of what is none of the API. */
  readonly outsideApi: string;
}

/** Bytes of a body where the API has none. */
export const noBody = 16_384;

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

/** The login alone, as it is asked for in a location. */
export function loginEntrance(guard: string): Entrance {
  return {
    modulesFolder: "modules",
    guard,
    guardFor: (bytes) => `      client_max_body_size ${bytes};
      client_body_buffer_size ${bytes};
${guard}`,
    forbidden: apiAnswer(403, "DENIED", "the proxy cannot read what is asked for: see its log"),
    outsideApi: `      ${outsideApiAnswer}`,
    server: `    if ($refused) {
      ${refusedAnswer}
    }
`,
  };
}
