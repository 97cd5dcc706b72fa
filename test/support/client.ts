import { type IncomingMessage, request as plainRequest } from "node:http";
import { request } from "node:https";
import { checkServerIdentity } from "node:tls";

/** How a registry answered one request. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly user?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Buffer;
}

/** A certificate of a client, and its key. */
export interface Presented {
  readonly cert?: string;
  readonly key?: string;
}

/** A client that trusts one CA and asks one registry, a new connection for each request. */
export class RegistryClient {
  constructor(
    private readonly port: number,
    private readonly ca: string,
    private readonly host = "127.0.0.1",
    private readonly presented: Presented = {},
  ) {}

  /** Sends one request; `user` is `name:password`. The path is sent as it is. */
  ask(path: string, options: RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: this.host,
        port: this.port,
        path,
        method: options.method ?? "GET",
        ca: this.ca,
        ...this.presented,
        // The Host header may be anything; the certificate is for the address.
        checkServerIdentity: (_, certificate) => checkServerIdentity(this.host, certificate),
        auth: options.user,
        headers: options.headers,
        agent: false,
      });
      outgoing.on("error", reject);
      outgoing.on("response", (response) => collect(response).then(resolve, reject));
      outgoing.end(options.body);
    });
  }
}

/** Asks a proxy without TLS, by the name that tests call it. */
export function askPlain(port: number, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, user: auth } = options;
    const headers = { Host: "registry.test", ...options.headers };
    const outgoing = plainRequest({ host: "127.0.0.1", port, path, method, auth, headers, agent: false });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => collect(response).then(resolve, reject));
    outgoing.end(options.body);
  });
}

/** Asks a registry at its socket, past every proxy. */
export function askSocket(socketPath: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, headers } = options;
    const outgoing = plainRequest({ socketPath, path, method, headers: { Host: "registry", ...headers } });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => collect(response).then(resolve, reject));
    outgoing.end(options.body);
  });
}

function collect(response: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks).toString(),
      }),
    );
  });
}
