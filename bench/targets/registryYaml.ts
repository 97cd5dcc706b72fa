import { stringify } from "yaml";

export interface RegistryYaml {
  /** Whether the registry writes a line for each request: one log per set-up, as in ours, where nginx does. */
  readonly accessLog: boolean;
  readonly http?: { readonly [key: string]: unknown };
  readonly auth?: { readonly [key: string]: unknown };
}

/** The registry's config.yml of the baselines: the official image's, less talkative, so that none loses by logging. */
export function registryYaml({ accessLog, http, auth }: RegistryYaml): string {
  return stringify({
    version: 0.1,
    log: { level: "warn", fields: { service: "registry" }, accesslog: { disabled: !accessLog } },
    storage: {
      filesystem: { rootdirectory: "/var/lib/registry" },
      delete: { enabled: true },
      cache: { blobdescriptor: "inmemory" },
    },
    http: { addr: ":5000", headers: { "X-Content-Type-Options": ["nosniff"] }, ...http },
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
    ...(auth === undefined ? {} : { auth }),
  });
}
