// What the registry of a page has in it.
import { tagLink } from "../../components/keeper/program/layout";
import type { RegistryClient } from "./client";
import type { RegistryTree } from "./registryTree";

/** A registry for people to look at. */
export interface PageStand {
  readonly url: string;
  readonly client: RegistryClient;
  /** The password of a user. */
  password(user: string): string;
  /** Writes images as the registry does, into its data. */
  fill(work: (tree: RegistryTree) => void): Promise<void>;
  remove(): Promise<void>;
}

export const retentionOfPage = [
  { repositories: ["team/app"], tags: ["**"], deleteAfterDays: 30, keepNewest: 2, keepTags: ["latest"] },
];

/** What somebody may write where it is shown. */
export const attack = `"><img src=x onerror="document.title='run'"><script>document.title='run'</script>`;

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
    "application/vnd.oci.image.config.v1+json",
  );
  tree.manifest(
    "team/evil",
    { config, layers: [tree.layer("team/evil", "a layer")], annotations: { [attack]: attack } },
    "script",
  );
  for (const name of ["team/web", "team/worker", "tools/lint", "base/alpine"])
    tree.image(name, { tag: "1", layers: [name] });
}

/** A repository `team/many` with so many tags. */
export function manyTags(tree: RegistryTree, count: number): void {
  const images = ["a", "b", "c"].map((text) => tree.image("team/many", { layers: [text] }));
  for (let index = 0; index < count; index++)
    tree.tag("team/many", `build-${index}`, images[index % images.length]?.digest ?? "");
}
