import { assignments } from "../base/shellScript";

/** What a shell needs to know of the proxy to ask by. */
export interface ProxySettings {
  readonly proxy: string;
  readonly proxyExceptions: readonly string[];
}

/**
 * Lines that a shell reads before it starts a program written in Go. A file and not the environment of a container, which
 * everybody sees who may ask Docker; in capitals, which wget does not heed when it asks on the loopback.
 */
export function proxyScript({ proxy, proxyExceptions }: ProxySettings): string {
  const values = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: proxyExceptions.join(",") };
  return `${assignments(values)}\nexport ${Object.keys(values).join(" ")}\n`;
}
