// A registry of many repositories of which few are seen, and a load of pulls beside.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AccessAction, type AccessRuleArgs } from "../../components/access/args";
import { serviceUid } from "../../components/docker/containerSettings";
import { output } from "../../tools/shell";
import { blob } from "./accessAttacks";
import { fill } from "./accessGrid";
import { accessStand, passwordOf, type Stand } from "./accessStand";

export const catalogueUsers = [{ name: "few" }, { name: "none" }, { name: "all" }];
/** All that `few` sees of the repositories. */
export const visible = ["hidden/r100", "team/a", "team/z"];
const hidden = Array.from({ length: 247 }, (_, index) => `hidden/r${index}`).filter(
  (name) => !visible.includes(name),
);
export const repositories = [...hidden, ...visible, "zz/last"].sort();
export const catalogueAccess: AccessRuleArgs[] = [
  { repositories: visible, users: ["few"], actions: [AccessAction.Pull] },
  { repositories: ["other/*"], users: ["none"], actions: [AccessAction.Push] },
  { repositories: ["hidden/*"], users: ["none"], actions: [AccessAction.Delete] },
  { repositories: ["**"], users: ["all"], actions: [AccessAction.Pull, AccessAction.Push] },
];

/** A stand with those repositories. */
export async function catalogueStand(name: string, port: number): Promise<Stand> {
  const stand = await accessStand(name, port, { users: catalogueUsers, access: catalogueAccess });
  const data = join(stand.socket, "..", "..", "data");
  // A repository is a folder with links of layers and manifests, to the registry.
  for (const repository of repositories) {
    const folder = join(data, "docker", "registry", "v2", "repositories", repository);
    for (const part of ["_layers", "_manifests/tags/1/current"])
      mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, "_manifests/tags/1/current/link"), `sha256:${"0".repeat(64)}`);
  }
  await output(["chown", "-R", `${serviceUid}:${serviceUid}`, data]);
  return stand;
}

export const askAs = (stand: Stand, user: string, path: string) =>
  stand.ask(path, {
    user: `${user}:${passwordOf(user)}`,
    headers: { Accept: "*/*, application/vnd.oci.image.manifest.v1+json" },
  });

/** Twenty lists at once, of a user who sees few. */
export function twentyCatalogues(stand: Stand) {
  return Promise.all(Array.from({ length: 20 }, () => askAs(stand, "few", "/v2/_catalog?n=10")));
}

export async function fillForPulls(stand: Stand): Promise<void> {
  await fill(stand, `all:${passwordOf("all")}`, ["zz/last"]);
}

/** Pulls a manifest and a layer again and again, by four clients at a time, until it is told to stop. */
export function pullLoad(stand: Stand) {
  const failures: string[] = [];
  let [pulls, goesOn] = [0, true];
  const client = async () => {
    while (goesOn) {
      for (const path of ["/v2/zz/last/manifests/1", `/v2/zz/last/blobs/${blob}`]) {
        const { status } = await askAs(stand, "all", path);
        if (status !== 200) failures.push(`${path}: ${status}`);
      }
      pulls++;
    }
  };
  const clients = Promise.all(Array.from({ length: 4 }, client));
  return async () => {
    goesOn = false;
    await clients;
    return { pulls, failures };
  };
}
