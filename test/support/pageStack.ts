// The same as a whole stack, with everything that a front brings.
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serviceUid } from "../../components/docker/containerSettings";
import { output } from "../../tools/shell";
import { infraStack } from "../../tools/temporaryStack";
import { RegistryClient } from "./client";
import { type PageStand, retentionOfPage } from "./pageImages";
import { type RegistryTree, registryTree } from "./registryTree";

/** With an `admin`, who may do everything, and a `reader` of `team/**`. */
export async function startPageStack(
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
    retention: retentionOfPage,
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
      remove: () => stack.remove(),
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
