import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { output } from "../../tools/shell";
import { subfolder } from "../host/ramDisk";
import { type Program, pulumi } from "./program";

const repository = resolve(__dirname, "../..");

const text = `import * as docker from "@pulumi/docker";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

export const password = new random.RandomPassword("password", { length: 32 }).id;
export const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" }).id;
export const volume = new docker.Volume("volume", {
  labels: [{ label: "private-registry.bench", value: "true" }],
}).id;
`;

/**
 * The least program that starts the same three providers: as Pulumi's templates set it up, which check its types at
 * every run, or with types unchecked as in the shipped one. Either way without what our set-up adds.
 */
export async function threeResources(folder: string, name: string, noCheck: boolean): Promise<Program> {
  const cwd = subfolder(folder, name);
  mkdirSync(join(cwd, "state"));
  const runtime = { name: "nodejs", options: { typescript: true } };
  writeFileSync(join(cwd, "Pulumi.yaml"), stringify({ name: "bench-least", main: "index.ts", runtime }));
  writeFileSync(join(cwd, "index.ts"), text);
  const settings = { extends: join(repository, "tsconfig.json"), compilerOptions: { noCheck } };
  writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify(settings));
  for (const shared of ["node_modules", "package.json"])
    symlinkSync(join(repository, shared), join(cwd, shared));
  const env = {
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_BACKEND_URL: `file://${join(cwd, "state")}`,
    NODE_DISABLE_COMPILE_CACHE: "1",
  };
  const program = { cli: { cwd, env }, remove: () => pulumi(program, "destroy") };
  await output(["pulumi", "stack", "init", "bench"], program.cli);
  return program;
}
