import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Target } from "../targets/target";

/** One kept connection that asks for `/v2/`. Bare sockets: a client library would cost more than the server. */
export class Connection {
  private socket: Socket | undefined;

  constructor(private readonly target: Target) {}

  /** Status of the answer; 0 if the connection ended without one. A closed connection is opened anew. */
  ask(authorization: string): Promise<number> {
    const { host } = this.target;
    const request = `GET /v2/ HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\n\r\n`;
    const socket = this.open();
    return new Promise((resolve) => {
      let text = "";
      const end = (status: number) => {
        socket.off("data", read).off("close", closed);
        resolve(status);
      };
      const read = (chunk: string) => {
        text += chunk;
        if (!isWhole(text)) return;
        end(Number(text.slice(9, 12)));
        // nginx ends a connection after so many requests, and says so: the next one asks on another.
        if (/\r\nconnection: close\r\n/i.test(text)) socket.destroy();
      };
      const closed = () => end(0);
      socket.on("data", read).on("close", closed);
      socket.write(request);
    });
  }

  close(): void {
    this.socket?.destroy();
  }

  private open(): Socket {
    if (this.socket && !this.socket.destroyed && this.socket.writable) return this.socket;
    const { host, port, tls } = this.target;
    const socket = tls ? connectTls({ host, port, rejectUnauthorized: false }) : connectPlain({ host, port });
    socket.setEncoding("latin1").setNoDelay(true);
    socket.on("error", () => {}); // a close follows
    socket.on("end", () => socket.destroy());
    this.socket = socket;
    return socket;
  }
}

function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const headers = text.slice(0, head).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(headers)?.[1];
  if (length !== undefined) return text.length >= head + 4 + Number(length);
  return headers.includes("transfer-encoding: chunked") ? text.endsWith("0\r\n\r\n") : true;
}
