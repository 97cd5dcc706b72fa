import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, run, until } from "../../tools/shell";
import { type InfraStack, infraStack } from "../../tools/temporaryStack";
import { RegistryClient } from "../support/client";
import { type Pushers, pushers } from "../support/pushers";
import { shortTimes } from "../support/shortTimes";
import { longOptions, runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

const name = "filling";
const port = 18676;
const address = `localhost:${port}`;
const container = (role: string) => `private-registry-${name}-main-${role}`;
const sentence =
  /the disk of the registry is .* full, with \d+ MiB free, and no push begins until there is room/;
const clientNames = ["docker", "containerd", "podman"];

/** A disk of 2 GiB that clients fill with images of 60 MB, until each is stopped; and goes on when tags are deleted. */
runLong(async (args) => {
  longOptions(args, { seed: "1", steps: 1 });
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-filling-"));
  const disk = join(folder, "images");
  mkdirSync(disk);
  await output(["mount", "-t", "tmpfs", "-o", "size=2g,mode=0755", "tmpfs", disk]);
  let stack: InfraStack | undefined;
  let clients: Pushers | undefined;
  try {
    const config = { hostnames: ["localhost"], port, bindAddress: "127.0.0.1", storage: { hostPath: disk } };
    stack = await infraStack(name, config);
    const outputs = await stack.up();
    const user = `admin:${(outputs.credentials as Record<string, string>).admin}`;
    clients = await pushers(name, address, user);
    await shortTimes(container("keeper-files"));
    const client = new RegistryClient(port, String(outputs.caCertificate), "localhost");
    const lines: string[] = [];
    for (const each of clientNames) {
      lines.push(await fillAndEmpty({ clients, client, user, each }));
      say(lines.at(-1) ?? "");
    }
    noteProof("full-disk", commit, lines.join("; "));
    return 0;
  } finally {
    await clients?.remove();
    await stack?.remove();
    await run(["umount", disk]);
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Filling {
  readonly clients: Pushers;
  readonly client: RegistryClient;
  readonly user: string;
  readonly each: string;
}

/** One client pushes until it is stopped, then its tags are deleted, and it may push again. */
async function fillAndEmpty({ clients, client, user, each }: Filling): Promise<string> {
  const tags: number[] = [];
  let stopped = "";
  while (stopped === "") {
    if (tags.length > 40) throw new Error(`${each} was not stopped by ${tags.length} images`);
    await clients.renew(30_000_000);
    const { status, stdout, stderr } = await clients.push(each, `${address}/fill/${each}:${tags.length}`);
    if (status === 0) tags.push(tags.length);
    else stopped = `${stdout}${stderr}`.replaceAll("\\", "");
  }
  // The containerd of Debian says no more than the status.
  if (!(each === "containerd" ? /403 Forbidden/ : sentence).test(stopped))
    throw new Error(`${each} says: ${stopped}`);
  const used = await output([
    "docker",
    "exec",
    container("keeper"),
    "df",
    "--output=pcent",
    "/var/lib/registry",
  ]);
  await output(["docker", "kill", container("keeper")]);
  const begin = () => client.ask("/v2/fill/other/blobs/uploads/", { method: "POST", user });
  if ((await begin()).status !== 403) throw new Error("a push may begin while the keeper is dead");
  for (const tag of tags) {
    const pulled = await clients.pull(`${address}/fill/${each}:${tag}`);
    if (pulled.status !== 0) throw new Error(`image ${tag} of ${each} is damaged: ${pulled.stderr}`);
  }
  await output(["docker", "start", container("keeper")]);
  for (const tag of tags) await deleteImage(client, user, `/v2/fill/${each}/manifests`, String(tag));
  const began = Date.now();
  await until("pushes are taken again", async () => (await begin()).status === 202, 300);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  const again = await clients.push(each, `${address}/again/${each}:1`);
  if (again.status !== 0) throw new Error(`${each} cannot push again: ${again.stderr}`);
  return `${each}: stopped after ${tags.length} images with the disk ${used.split("\n").at(-1)?.trim()} full, pushes again ${seconds} s after its tags were deleted`;
}

/** By its digest: what has only lost its tag stays. */
async function deleteImage(client: RegistryClient, user: string, path: string, tag: string): Promise<void> {
  const headers = {
    Accept:
      "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json",
  };
  const { headers: found } = await client.ask(`${path}/${tag}`, { method: "HEAD", user, headers });
  const { status } = await client.ask(`${path}/${found["docker-content-digest"]}`, {
    method: "DELETE",
    user,
  });
  if (status !== 202) throw new Error(`DELETE ${path}/${tag}: ${status}`);
}
