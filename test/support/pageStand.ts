// A registry with images for people to look at.
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceUid } from "../../components/docker/containerSettings";
import { tagLink } from "../../components/keeper/program/layout";
import { output } from "../../tools/shell";
import { type InfraStack, infraStack } from "../../tools/temporaryStack";
import { RegistryClient } from "./client";
import { type RegistryTree, registryTree } from "./registryTree";

export interface PageStand {
  readonly url: string;
  readonly client: RegistryClient;
  /** The password of a user. */
  password(user: string): string;
  /** Writes images as the registry does, into its data. */
  fill(work: (tree: RegistryTree) => void): Promise<void>;
  readonly stack: InfraStack;
}

/** What somebody may write where it is shown. */
export const attack = `"><img src=x onerror="document.title='run'"><script>document.title='run'</script>`;

export const oci = "application/vnd.oci.image";

/** A stack with an `admin`, who may do everything, and a `reader` of `team/**`. */
export async function pageStand(
  name: string,
  port: number,
  change: { readonly [setting: string]: unknown } = {},
): Promise<PageStand> {
  const stack = await infraStack(name, {
    hostnames: ["127.0.0.1"],
    bindAddress: "127.0.0.1",
    port,
    users: [{ name: "admin" }, { name: "reader" }],
    access: [
      { repositories: ["**"], users: ["admin"], actions: ["push", "delete"] },
      { repositories: ["team/**"], users: ["reader"], actions: ["pull"] },
    ],
    retention: [{ repositories: ["team/app"], deleteAfterDays: 30, keepNewest: 2, keepTags: ["latest"] }],
    ...change,
  });
  try {
    const { caCertificate, credentials, dataLocation } = await stack.up();
    const passwords = new Map(Object.entries(Object(credentials)));
    return {
      url: `https://127.0.0.1:${port}`,
      client: new RegistryClient(port, String(caCertificate)),
      password: (user) => String(passwords.get(user)),
      fill: (work) => filled(String(dataLocation), work),
      stack,
    };
  } catch (error) {
    await stack.remove();
    throw error;
  }
}

async function filled(volume: string, work: (tree: RegistryTree) => void): Promise<void> {
  const place = await output(["docker", "volume", "inspect", "-f", "{{.Mountpoint}}", volume]);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-fill-"));
  symlinkSync(place, join(folder, "data"));
  try {
    work(registryTree(folder));
    await output(["chown", "-R", `${serviceUid}:${serviceUid}`, place]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const day = 86_400;

/** What a team has: tags of several ages, a signature, a multi-platform image, and texts that attack. */
export function usualImages(tree: RegistryTree): void {
  const layer = (size: number) => "x".repeat(size);
  for (const [index, tag] of ["1.0", "1.1", "1.2", "1.3", "1.4"].entries()) {
    tree.image("team/app", { tag, layers: [layer(3_000_000), `version ${tag}`] });
    tree.age(tagLink(tree.layout, "team/app", tag), (5 - index) * 12 * day);
  }
  const children = ["linux/amd64", "linux/arm64/v8"].map((platform) =>
    tree.image("team/app", { platform, layers: [layer(3_000_000), platform] }),
  );
  tree.index("team/app", children, "latest");
  const signed = tree.image("team/app", { layers: [layer(3_000_000), "version 1.4"] });
  tree.image("team/app", { subject: signed, artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json" });
  const config = tree.layer(
    "team/evil",
    JSON.stringify({ os: "linux", architecture: "amd64", config: { Labels: { [attack]: attack } } }),
    `${oci}.config.v1+json`,
  );
  tree.manifest(
    "team/evil",
    { config, layers: [tree.layer("team/evil", "a layer")], annotations: { [attack]: attack } },
    "script",
  );
  for (const name of ["team/web", "team/worker", "tools/lint", "base/alpine"])
    tree.image(name, { tag: "1", layers: [name] });
}
