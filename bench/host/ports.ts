import { createServer } from "node:net";
import { output } from "../../tools/shell";

/** A port on loopback that nobody has. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

/** The port inside a container behind its one published port. */
export async function publishedPort(container: string): Promise<number> {
  const format = "{{range $port, $host := .NetworkSettings.Ports}}{{if $host}}{{$port}} {{end}}{{end}}";
  return Number.parseInt(await output(["docker", "inspect", "-f", format, container]), 10);
}
