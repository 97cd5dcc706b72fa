import { yamlText } from "../base/yamlText";

/** Where the verifier of logins finds and puts things in its container. */
export interface VerifierSettings {
  readonly socketPath: string;
  readonly debugAddress: string;
  /** Path of the htpasswd file, which it reads again whenever it changes. */
  readonly usersPath: string;
}

/** config.yml of the verifier: a registry without storage that knows the users, in either dialect. */
export function verifierConfig({ socketPath, debugAddress, usersPath }: VerifierSettings): string {
  return yamlText({
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { inmemory: {} },
    http: { net: "unix", addr: socketPath, debug: { addr: debugAddress } },
    auth: { htpasswd: { realm: "verifier", path: usersPath } },
  });
}
