import type { Feature } from "./feature";

/** Requests that have a location of their own, whatever the locations of their path do. */
export interface LedElsewhere {
  /** Name of the variable that is 1 for them. */
  readonly variable: string;
  /** Expression for their path and method, with a space between. */
  readonly requests: string;
  readonly location: string;
}

/** Leads them there, before nginx chooses a location. */
export function ledElsewhere({
  variable,
  requests,
  location,
}: LedElsewhere): Required<Pick<Feature, "http" | "server">> {
  return {
    http: `
  # In the questions that the proxy asks itself, the first is another.
  map "$uri $request_method" $${variable} {
    volatile;
    default 0;
    "~^${requests}$" 1;
  }
`,
    server: `
    if ($${variable}) {
      rewrite ^ ${location} last;
    }
`,
  };
}
