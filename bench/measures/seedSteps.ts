import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { output } from "../../tools/shell";
import { proxyImage, registryImage } from "../../tools/temporaryStack";
import { freePort } from "../host/ports";
import { subfolder } from "../host/ramDisk";
import { registryYaml } from "../targets/registryYaml";
import { seedConfig } from "../targets/seedConfig";

const script = resolve(__dirname, "../targets/seedSteps.sh");

/** Seconds that the steps of seed 002 take, from nothing to the first answer. */
export async function seedSteps(folder: string, round: number): Promise<number> {
  const [name, files] = [`bench-steps-${round}`, subfolder(folder, "steps")];
  const [conf, yaml] = [join(files, "nginx.conf"), join(files, "config.yml")];
  writeFileSync(conf, seedConfig);
  writeFileSync(yaml, registryYaml({ accessLog: false }));
  const port = String(await freePort());
  const began = performance.now();
  await output([script, join(files, name), conf, registryImage, yaml, proxyImage, port, name]);
  const seconds = (performance.now() - began) / 1000;
  await output(["docker", "rm", "-f", `${name}-nginx`, `${name}-registry`]);
  return seconds;
}
