import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { output } from "../../../tools/shell";
import { type InfraStack, infraStack, wafImage } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../../support/certificates";

const port = 18612;
const hostname = "team.registry.test";
const chain = issuedByIntermediate("*.registry.test");
const own = {
  ownCertificate: { certificatePem: chain.certificatePem, caCertificatePem: chain.rootPem },
  // As some editors save it: Go does not read that.
  ownPrivateKeyPem: `\ufeff${chain.privateKeyPem}`,
};

/** Everything that does TLS, and with which certificate. */
const fronts: { readonly [title: string]: { readonly [key: string]: unknown } } = {
  "nginx with a generated certificate": {},
  "nginx with a certificate of an intermediate authority": own,
  "nginx behind a load balancer, with an RSA key": {
    front: "external",
    external: { trustedAddresses: ["192.0.2.7"] },
    certificate: { keyAlgorithm: "rsa-2048" },
  },
  "nginx with the web application firewall": { front: "waf", proxyImage: wafImage },
  "the registry itself with an RSA key": { front: "direct", certificate: { keyAlgorithm: "rsa-2048" } },
  "the registry itself with a certificate of an intermediate authority": { front: "direct", ...own },
};

describe("TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-tls-"));
  let stack: InfraStack | undefined;

  after(async () => {
    await stack?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [title, settings] of Object.entries(fronts)) {
    it(`of ${title} is 1.2 and 1.3 alone, with forward secrecy, strong ciphers and the chain in order`, async (test) => {
      const config = { hostnames: [hostname], port, bindAddress: "127.0.0.1", ...settings };
      stack ??= await infraStack("tls", config);
      stack.configure(config);
      const { caCertificate, frontSnippets } = await stack.up();
      const { upstreamCaCertificate = caCertificate } = frontSnippets as Record<string, unknown>;

      const scan = await output(["sslscan", "--no-colour", `--sni-name=${hostname}`, `127.0.0.1:${port}`]);
      for (const line of scan.split("\n").filter((text) => text.trim() !== "")) test.diagnostic(line);
      const { protocols, ciphers } = read(scan);
      assert.deepEqual(protocols, { enabled: ["TLSv1.2", "TLSv1.3"], others: 4 });
      assert.ok(ciphers.length >= 6, `${ciphers.length} ciphers`);
      for (const { protocol, bits, name } of ciphers) {
        assert.match(
          name,
          protocol === "TLSv1.3" ? /^TLS_(AES|CHACHA20)/ : /^ECDHE-(ECDSA|RSA)-(AES|CHACHA20)/,
        );
        assert.match(name, /GCM|POLY1305/, "encryption that authenticates");
        assert.ok(bits >= 128, name);
      }
      for (const line of scan.split("\n").filter((text) => /heartbleed$/.test(text))) {
        assert.match(line, / not vulnerable to /);
      }

      const caFile = join(folder, "ca.crt");
      writeFileSync(caFile, String(upstreamCaCertificate));
      const served = await servedChain(caFile);
      served.forEach(({ subject, issuer }, index) => {
        test.diagnostic(`certificate ${index}: ${oneLine(subject)}, issued by ${oneLine(issuer)}`);
      });
      served.slice(1).forEach((issuer, index) => {
        assert.ok(served[index]?.checkIssued(issuer), `certificate ${index} is issued by the next one`);
      });
      assert.ok(served[0]?.checkHost(hostname), "the server's own comes first");
      assert.ok(
        served.every(({ subject, issuer }) => subject !== issuer),
        "the root is left out",
      );
      assert.equal(served.length, "ownCertificate" in settings ? 2 : 1);
    });
  }

  /** The certificates that a client is sent, in this order; it must be able to verify them. */
  async function servedChain(caFile: string): Promise<X509Certificate[]> {
    const verify = ["-CAfile", caFile, "-verify_return_error", "-verify_hostname", hostname];
    const target = ["-connect", `127.0.0.1:${port}`, "-servername", hostname];
    const text = await output(["openssl", "s_client", ...target, ...verify, "-showcerts"]);
    const pems = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    return pems.map((pem) => new X509Certificate(pem));
  }
});

/** What sslscan found. */
function read(scan: string) {
  const protocols = [...scan.matchAll(/^(SSLv\d|TLSv1\.\d) +(enabled|disabled)$/gm)];
  const ciphers = [...scan.matchAll(/^(?:Preferred|Accepted) +(TLSv1\.\d) +(\d+) bits +(\S+)/gm)];
  return {
    protocols: {
      enabled: protocols.filter(([, , state]) => state === "enabled").map(([, name]) => name),
      others: protocols.filter(([, , state]) => state === "disabled").length,
    },
    ciphers: ciphers.map(([, protocol, bits, name = ""]) => ({ protocol, bits: Number(bits), name })),
  };
}

function oneLine(name: string): string {
  return name.replaceAll("\n", ", ");
}
