import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { resolvedWaf } from "../../../components/proxy/waf/defaults";
import { output } from "../../../tools/shell";
import { type BareProxy, startBareProxy } from "../../support/bareProxy";
import { annotations } from "../../support/oddNames";

const oci = "application/vnd.oci.image.manifest.v1+json";
const digest = `sha256:${"a".repeat(64)}`;
const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: 1 };

/** Manifests that registries keep, and what is odd about each. */
const kept: { readonly [what: string]: object } = {
  "the layer type application/x-powershell": {
    layers: [{ ...layer, mediaType: "application/x-powershell" }],
  },
  "a type with a parameter": { artifactType: "application/vnd.example.x+zip; a=b" },
  "no media type at all": { layers: [{ ...layer, mediaType: "" }] },
  "a layer that is elsewhere": {
    layers: [
      { ...layer, urls: ["http://192.168.1.10/layer?id=1&x=(a)", "https://go.example.com/fwlink/?linkid=1"] },
    ],
  },
  "a layer of its own": {
    layers: [{ ...layer, data: Buffer.from("<script>; cat /etc/passwd").toString("base64") }],
  },
  "annotations of every kind": { annotations, layers: [{ ...layer, annotations }] },
  "annotations with keys that are words of attacks": {
    annotations: { "com.example/powershell.exe": "a", "../../etc/passwd": "b", "select * from users": "c" },
  },
};

/** Texts that are none of their kind, and so no manifest's. */
const refused: { readonly [what: string]: object } = {
  "SQL for a media type": { layers: [{ ...layer, mediaType: "1' OR '1'='1' -- " }] },
  "a script for a type of artifact": { artifactType: "<script>alert(1)</script>" },
  "a command for an address": { layers: [{ ...layer, urls: ["http://a/;`cat /etc/passwd`"] }] },
  "a script for data": { layers: [{ ...layer, data: "<script>alert(1)</script>" }] },
  "a command for a digest": { layers: [{ ...layer, digest: "; cat /etc/passwd" }] },
};

const folder = mkdtempSync(join(tmpdir(), "private-registry-rules-"));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const [version, port, mounts] of [
  ["the image", 18494, () => Promise.resolve([])],
  ["4.25", 18497, rules4],
] as const) {
  describe(`the firewall with the rules of ${version}`, () => {
    let proxy: BareProxy;

    before(async () => {
      const more = await mounts();
      proxy = await startBareProxy(`rules-${port}`, port, { ci: "right" }, { waf: resolvedWaf({}) }, more);
    });

    after(() => proxy?.remove());

    async function statusOf(manifest: object): Promise<number> {
      const body = JSON.stringify({ schemaVersion: 2, mediaType: oci, config: layer, ...manifest });
      const headers = { "Content-Type": oci };
      return (
        await proxy.client.ask("/v2/team/app/manifests/1", { user: "ci:right", method: "PUT", headers, body })
      ).status;
    }

    for (const [what, manifest] of Object.entries(kept)) {
      // There is no registry behind it.
      it(`passes ${what} on`, async () => assert.equal(await statusOf(manifest), 503));
    }

    for (const [what, manifest] of Object.entries(refused)) {
      it(`refuses ${what}`, async () => assert.equal(await statusOf(manifest), 403));
    }

    it("refuses an attack in a query", async () => {
      const answer = await proxy.client.ask("/v2/_catalog?last=1%27%20OR%20%271%27=%271", {
        user: "ci:right",
      });
      assert.equal(answer.status, 403);
    });
  });
}

/**
 * The Core Rule Set 4, where OWASP's image has it, from a Go module. That leaves out empty lines, without which ModSecurity
 * takes a rule for the actions of the one before.
 */
async function rules4(): Promise<string[]> {
  const module = "github.com/corazawaf/coraza-coreruleset/v4@v4.25.0";
  const found = await output(["go", "mod", "download", "-json", module], { cwd: tmpdir() });
  const source = join(JSON.parse(found).Dir, "rules", "@owasp_crs");
  for (const name of readdirSync(source)) {
    const text = readFileSync(join(source, name), "utf8");
    writeFileSync(join(folder, name), name.endsWith(".conf") ? text.replace(/^Sec/gm, "\nSec") : text);
  }
  chmodSync(folder, 0o755);
  return [`${folder}:/opt/owasp-crs/rules:ro`];
}
