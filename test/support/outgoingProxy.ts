// A proxy by which a company's machines ask the outside: HTTP CONNECT with a password.
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";

export interface OutgoingProxy {
  /** Names and ports that were asked for, once each time. */
  readonly asked: string[];
  stop(): void;
}

/** Starts one. What it is asked for it takes from this machine's loopback, whatever the name. */
export async function startOutgoingProxy(
  address: string,
  port: number,
  login: string,
  target: number,
): Promise<OutgoingProxy> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const kept = (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
  };
  const server: Server = createServer();
  server.on("connect", (request, client: Socket) => {
    kept(client);
    const wanted = `Basic ${Buffer.from(login).toString("base64")}`;
    if (request.headers["proxy-authorization"] !== wanted) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    asked.push(request.url ?? "");
    const upstream = connect(target, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    kept(upstream);
  });
  await new Promise<void>((done) => server.listen(port, address, done));
  return {
    asked,
    stop() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
