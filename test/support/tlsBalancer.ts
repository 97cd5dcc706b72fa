// A load balancer that ends TLS, with whatever certificate and habits a test gives it.
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { createServer, type Server } from "node:https";

export interface BalancerSettings {
  /** PEM of what is served, and of its key. */
  readonly chain: string;
  readonly key: string;
  /** Changes the path of a request on its way. */
  readonly path?: (path: string) => string;
  /** Changes the headers of an answer. */
  readonly answer?: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** Bytes of a body that it takes. Defaults to any. */
  readonly mostBytes?: number;
}

/** Starts one on the loopback before a proxy without TLS. */
export async function startBalancer(
  port: number,
  upstreamPort: number,
  {
    chain,
    key,
    path = (same) => same,
    answer = (same) => same,
    mostBytes = Number.POSITIVE_INFINITY,
  }: BalancerSettings,
): Promise<Server> {
  const server = createServer({ cert: chain, key }, (incoming, outgoing) => {
    if (Number(incoming.headers["content-length"] ?? 0) > mostBytes) {
      outgoing.writeHead(413).end();
      return;
    }
    const { method, headers, url = "/" } = incoming;
    const onward = request({ host: "127.0.0.1", port: upstreamPort, method, headers, path: path(url) });
    onward.on("response", (response: IncomingMessage) => {
      outgoing.writeHead(response.statusCode ?? 502, answer(response.headers));
      response.pipe(outgoing);
    });
    onward.on("error", () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
