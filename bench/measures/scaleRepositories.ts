import { createHash, randomBytes } from "node:crypto";
import { Client, expectStatus } from "../load/client";
import { Samples } from "../report";
import { type Measure, ourTargetOf, spent } from "./suite";

const counts = [1, 10, 100, 1000];
const asked = 200;

/** Cost against the number of repositories, which all hold the same blob. */
export const scaleRepositories: Measure = {
  name: "scaleRepositories",
  async run(bench) {
    const samples = new Samples();
    const target = ourTargetOf(bench);
    const client = new Client(target, 4);
    const bytes = randomBytes(bench.options.smallBlob);
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    const uploads = (repository: number) => `/v2/scale/r${repository}/blobs/uploads/`;
    const started = expectStatus(await client.ask("POST", uploads(0)), 202, "start of an upload");
    const separator = started.location.includes("?") ? "&" : "?";
    await client.ask("PUT", `${started.location}${separator}digest=${digest}`, bytes);
    await tag(client, 0, digest, bytes.length);
    let made = 1;
    for (const count of counts) {
      bench.say(`repositories: ${count}`);
      for (; made < count; made++) {
        const mounted = await client.ask("POST", `${uploads(made)}?mount=${digest}&from=scale/r0`);
        expectStatus(mounted, 201, "mount of a blob");
        await tag(client, made, digest, bytes.length);
      }
      const point = String(count);
      const add = async (name: string, times: number, path: (time: number) => string) => {
        const { cpuMs, seconds } = await spent(target, async () => {
          for (let time = 0; time < times; time++)
            expectStatus(await client.ask("GET", path(time)), 200, name);
        });
        samples.add(`${name}Cpu`, point, cpuMs / times);
        samples.add(`${name}Time`, point, (seconds * 1000) / times);
      };
      await add("scaleBlob", asked, (time) => `/v2/scale/r${time % count}/blobs/${digest}`);
      await add("scaleManifest", asked, (time) => `/v2/scale/r${time % count}/manifests/1`);
      await add("scaleCatalog", 5, () => "/v2/_catalog?n=1000");
    }
    client.close();
    return samples.metrics(
      [
        ["scaleBlob", "Pull of a 64 KiB blob"],
        ["scaleManifest", "Manifest by tag"],
        ["scaleCatalog", "Catalog of 1,000"],
      ].flatMap(([name, title]) => [
        { name: `${name}Cpu`, title: `Repositories: ${title}, CPU`, unit: "ms" },
        { name: `${name}Time`, title: `Repositories: ${title}, time`, unit: "ms" },
      ]),
    );
  },
};

/** Puts a manifest whose config and only layer is the blob: a repository without one is not in the catalog. */
async function tag(client: Client, repository: number, digest: string, size: number): Promise<void> {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const blob = (kind: string) => ({ mediaType: `application/vnd.oci.image.${kind}`, size, digest });
  const layers = [blob("layer.v1.tar")];
  const manifest = { schemaVersion: 2, mediaType, config: blob("config.v1+json"), layers };
  const path = `/v2/scale/r${repository}/manifests/1`;
  expectStatus(
    await client.ask("PUT", path, Buffer.from(JSON.stringify(manifest)), mediaType),
    201,
    "manifest",
  );
}
