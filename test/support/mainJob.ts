import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { output } from "../../tools/shell";
import { clone } from "./clone";
import { skopeo } from "./skopeo";

/** Releases of Node that users have, oldest first. */
export const nodes = ["20", "22", "24"] as const;

/** Pulumi's packages: as package.json pins them, or the newest that its peer ranges allow. */
export const sdks = ["pinned", "newest"] as const;

export interface Toolchain {
  readonly node: (typeof nodes)[number];
  readonly sdk: (typeof sdks)[number];
}

const repository = resolve(__dirname, "../..");

/** In a clone: the unit tests, up, login, push, pull, no change, down. Answers what it ran with. */
export async function mainJob({ node, sdk }: Toolchain, port: number): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "private-registry-node-"));
  const install = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", home];
  await output([...install, `node@${node}`]);
  const env = { PATH: `${join(home, "node_modules/node/bin")}:${process.env.PATH}` };
  const one = await clone(`node-${node}-${sdk}`, port, env);
  try {
    const packages = sdk === "newest" ? await newestInRange() : [];
    if (packages.length > 0) {
      const add = ["npm", "install", "--save-dev", "--save-exact", "--no-audit", "--no-fund"];
      await output([...add, ...packages], { cwd: one.folder, env });
    }
    await output(["npm", "run", "-s", "test:unit"], { cwd: one.folder, env });
    await one.must("up");
    const { stdout } = await one.npm("pulumi", "stack", "output", "--json", "--show-secrets");
    await pushAndPull(JSON.parse(stdout.slice(stdout.indexOf("{"))));
    await one.must("pulumi", "preview", "--expect-no-changes");
    await one.must("down", "--purge", "--yes");
    const { version } = JSON.parse(
      readFileSync(join(one.folder, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
    );
    return `Node ${await output(["node", "--version"], { env })} with @pulumi/pulumi ${version}`;
  } finally {
    await one.remove();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The packages as `name@version`. */
async function newestInRange(): Promise<string[]> {
  const { peerDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const ranges = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  return Promise.all(
    ranges.map(async (range) => {
      const found: string | string[] = JSON.parse(
        await output(["npm", "view", range, "version", "--json"], { cwd: repository }),
      );
      return `${range.slice(0, range.lastIndexOf("@"))}@${[found].flat().at(-1)}`;
    }),
  );
}

interface Outputs {
  readonly endpoint: string;
  readonly caCertificate: string;
  readonly credentials: { readonly [user: string]: string };
}

async function pushAndPull({ endpoint, caCertificate, credentials }: Outputs): Promise<void> {
  const client = skopeo(endpoint, caCertificate, `admin:${credentials.admin}`);
  try {
    const digest = await client.push("team/app:1", [100_000]);
    const { status, stderr } = await client.pull(`team/app@${digest}`);
    assert.equal(status, 0, stderr);
  } finally {
    client.remove();
  }
}
