import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, run } from "../../../tools/shell";
import { keeperImage, proxyImage, registryImage, wafImage } from "../../../tools/temporaryStack";
import {
  type ConsumerMachine,
  createConsumerMachine,
  namesOf,
  removeConsumerMachine,
} from "../consumerMachine";

/** The Docker host of a walk. */
export type WalkMachine = Pick<
  ConsumerMachine,
  "address" | "hostAddress" | "dockerHost" | "exec" | "destroy"
>;

/** A directive that the older images do not know, as an nginx that was built before there was one. */
export const laterDirective = "port_in_redirect";

/** Images that a walk changes to, on its own Docker host alone. */
export const variants = {
  registry: "localhost/private-registry-walk/registry:other",
  nginx: "localhost/private-registry-walk/nginx:older",
  waf: "localhost/private-registry-walk/waf:older",
};

/** Starts a machine of that name with every image that a walk uses. */
export async function createWalkMachine(name: string): Promise<WalkMachine> {
  await removeWalkMachine(name);
  const machine = await createConsumerMachine(name, "");
  for (const image of [registryImage, proxyImage, wafImage, keeperImage]) await machine.loadImage(image);
  const env = { DOCKER_HOST: machine.dockerHost, DOCKER_BUILDKIT: "0" };
  await output(["docker", "tag", registryImage, variants.registry], { env });
  await buildOlder(proxyImage, variants.nginx, env);
  await buildOlder(wafImage, variants.waf, env);
  return { ...machine, destroy: () => removeWalkMachine(name) };
}

/** The machine that an interrupted walk left running, if it is still there. */
export async function findWalkMachine(name: string): Promise<WalkMachine | undefined> {
  const { folder, hostLink } = namesOf(name);
  const pidFile = join(folder, "run/machine.pid");
  const pid = existsSync(pidFile) ? readFileSync(pidFile, "utf8").trim() : "";
  const link = await run(["ip", "-4", "-o", "addr", "show", "dev", hostLink]);
  const hostAddress = /inet ([0-9.]+)\//.exec(link.stdout)?.[1];
  if (pid === "" || !existsSync(`/proc/${pid}`) || hostAddress === undefined) return undefined;
  const enter = ["nsenter", "--target", pid, "--mount", "--pid", "--net", "--wd"];
  const environment = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"];
  const exec: ConsumerMachine["exec"] = (command, options) =>
    run([...enter, ...environment, ...command], options);
  if ((await exec(["docker", "version"])).status !== 0) return undefined;
  return {
    hostAddress,
    // Its neighbour.
    address: hostAddress.replace(/\d+$/, (last) => String(Number(last) + 1)),
    dockerHost: `unix://${join(folder, "run/docker.sock")}`,
    exec,
    destroy: () => removeWalkMachine(name),
  };
}

/** The same image with an nginx that has another name for one directive. */
async function buildOlder(image: string, tag: string, env: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-older-"));
  const other = laterDirective.replace(/.$/, "_");
  const rename = `f=$(readlink -f "$(command -v nginx)") && sed -i s/${laterDirective}/${other}/ "$f"`;
  writeFileSync(join(folder, "Dockerfile"), `FROM ${image}\nUSER 0\nRUN ${rename}\n`);
  await output(["docker", "build", "--quiet", "--network", "none", "--tag", tag, folder], { env });
  rmSync(folder, { recursive: true });
}

/** A paused container ends as little as it runs, so it is let go first. */
async function removeWalkMachine(name: string): Promise<void> {
  const { space } = namesOf(name);
  const thaw = `for group in /sys/fs/cgroup/freezer/$1/*/freezer.state; do [ ! -e "$group" ] || echo THAWED >"$group"; done
for group in /sys/fs/cgroup/$1/*/cgroup.freeze; do [ ! -e "$group" ] || echo 0 >"$group"; done`;
  await run(["sh", "-c", thaw, "thaw", space]);
  await removeConsumerMachine(name);
}
