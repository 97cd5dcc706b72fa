import { X509Certificate } from "node:crypto";
import { splitPem } from "../../components/certificates/pem";
import { output } from "../../tools/shell";

/** The certificates that a server sends, in their order: what a client has of its own is not among them. */
export async function servedChain(host: string, port: number): Promise<X509Certificate[]> {
  const client = ["openssl", "s_client", "-showcerts", "-connect", `${host}:${port}`];
  return splitPem(await output(client)).map((pem) => new X509Certificate(pem));
}
