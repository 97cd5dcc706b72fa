// A page of another site, which tries to do something with the login that a browser has.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ForeignSite {
  readonly url: string;
  close(): void;
}

/** Serves a page with a form to each of these addresses, whose button has the address as its name. */
export async function foreignSite(addresses: readonly string[]): Promise<ForeignSite> {
  const forms = addresses.map(
    (address) =>
      `<form method="post" enctype="text/plain" action="${address}"><input name='{"tag":"1.4","x":"' value='"}'>` +
      `<button>${address}</button></form>`,
  );
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><title>foreign</title>${forms.join("")}`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
