import { connect as connectPlain } from "node:net";
import { connect } from "node:tls";

/** Sends bytes that no HTTP library would send, and answers the status of the first answer; 0 if there is none. */
export function rawRequest(port: number, ca: string, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ca });
    let answer = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${text.slice(0, 80)}`)));
    socket.on("secureConnect", () => socket.write(Buffer.from(text, "latin1")));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0)));
  });
}

/** Sends bytes without TLS, and answers all that comes back until a second is silent. */
export function plainRequest(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectPlain({ host: "127.0.0.1", port }, () => socket.write(text));
    let answer = "";
    socket.setTimeout(1000, () => socket.destroy());
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
