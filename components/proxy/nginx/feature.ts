/** A feature of the proxy, as its shares of nginx.conf: whole lines, each with its end. */
export interface Feature {
  /** Names of the modules that it needs, without folder and ending. */
  readonly modules?: readonly string[];
  /** In the http block: tables, upstreams, servers of the proxy's own. */
  readonly http?: string;
  /** In the server block for clients: directives, and the location of an error beside what leads to it. */
  readonly server?: string;
  /** Locations in that block. */
  readonly locations?: string;
}

/** The feature of a setting, or nothing where there is no such setting. */
export function optional<Setting>(
  setting: Setting | undefined,
  feature: (setting: Setting) => Feature,
): Feature {
  return setting === undefined ? {} : feature(setting);
}

/** All shares in the order of their features; each module once, in an order that does not depend on theirs. */
export function joined(features: readonly Feature[]): Required<Feature> {
  const text = (share: "http" | "server" | "locations") =>
    features.map((feature) => feature[share] ?? "").join("");
  return {
    modules: [...new Set(features.flatMap(({ modules = [] }) => modules))].sort(),
    http: text("http"),
    server: text("server"),
    locations: text("locations"),
  };
}
