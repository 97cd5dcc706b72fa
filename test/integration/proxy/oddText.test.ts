import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { frontSnippets } from "../../../components/fronts/loadBalancerSnippets";
import { resolvedRequestLimits } from "../../../components/proxy/defaults";
import { realmProblems } from "../../../components/registry/listenerProblems";
import { output } from "../../../tools/shell";
import { proxyImage } from "../../../tools/temporaryStack";
import { type BareProxy, startBareProxy } from "../../support/bareProxy";
import { nginxConf } from "../../support/loadBalancers";
import { issue } from "../../support/x509";

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
/** Every character that a realm may have. */
const realm = `Bob's ${ascii.filter((character) => realmProblems(`a${character}`).length === 0).join("")}`;
const longest = `${"a".repeat(63)}.`.repeat(3) + "b".repeat(61);
const manyAddresses = Array.from({ length: 2000 }, (_, index) => `2001:db8:${index.toString(16)}::/48`);

describe("text of the user's in nginx.conf", () => {
  const user = "firstname.lastname@example.com";
  let proxy: BareProxy;

  before(async () => {
    proxy = await startBareProxy(
      "odd-text",
      18480,
      { [user]: "right" },
      {
        realm,
        limits: resolvedRequestLimits({
          allowedAddresses: ["127.0.0.0/8", "192.0.2.7/24", ...manyAddresses],
        }),
      },
    );
  });

  after(() => proxy?.remove());

  it("is a realm of any characters that are allowed, as clients read it", async () => {
    assert.equal(realmProblems(realm).length, 0);
    const challenge = `Basic realm="${realm}"`;
    const without = await proxy.client.ask("/v2/");
    assert.deepEqual([without.status, without.headers["www-authenticate"]], [401, challenge]);
    const wrong = await proxy.client.ask("/v2/", { user: `${user}:wrong` });
    assert.deepEqual([wrong.status, wrong.headers["www-authenticate"]], [401, challenge]);
  });

  it("is any number of addresses, and a host name of any length for a load balancer in front", async () => {
    const folder = mkdtempSync(join(tmpdir(), "private-registry-odd-text-"));
    try {
      const names = [longest, "2001:db8::7", "192.0.2.7"];
      const snippet = frontSnippets({
        hostnames: names,
        publicPort: 443,
        upstream: "192.0.2.8:5443",
        encrypted: true,
        hasOwnAuthority: true,
      }).nginx;
      const { certificatePem, privateKeyPem } = issue({ commonName: "x", names: ["x"], isAuthority: true });
      const files = {
        "nginx.conf": nginxConf(snippet ?? ""),
        "registry.crt": certificatePem,
        "registry.key": privateKeyPem,
        "private-registry-upstream-ca.crt": certificatePem,
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const run = [
        "docker",
        "run",
        "--rm",
        "--network",
        "none",
        "--volume",
        `${folder}:/etc/nginx`,
        proxyImage,
      ];
      const shown = await output([...run, "sh", "-c", "nginx -T 2>&1"]);
      assert.match(shown, new RegExp(`server_name ${longest} \\[2001:db8::7\\] 192\\.0\\.2\\.7;`));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
