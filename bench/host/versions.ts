import { cpus, release, totalmem } from "node:os";
import { run } from "../../tools/shell";
import { proxyImage, registryImage } from "../../tools/temporaryStack";

/** The machine that everything ran on, clients included. */
export function machine(): { readonly [name: string]: string | number } {
  const [first] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return { cpu: first?.model ?? "unknown", cores: cpus().length, memoryGiB: gibibytes, kernel: release() };
}

/** Versions of what was measured and of what measured it. */
export async function versions() {
  const inImage = (image: string, program: string, option: string) =>
    printed(["docker", "run", "--rm", "--entrypoint", program, image, option]);
  const nginx = await inImage(proxyImage, "nginx", "-V");
  // The one it runs with comes after the one it was built with.
  const tls = nginx.match(/OpenSSL [\d.]+/g)?.at(-1) ?? "OpenSSL";
  const found = {
    nginx: `${nginx.split("\n")[0]?.replace("nginx version: ", "")} with ${tls}`,
    registry: (await inImage(registryImage, "registry", "--version")).trim(),
    proxyImage: await imageId(proxyImage),
    registryImage: await imageId(registryImage),
    docker: await firstLine(["docker", "version", "-f", "{{.Server.Version}}"]),
    pulumi: await firstLine(["pulumi", "version"]),
    node: process.version,
    wrk: (await firstLine(["wrk", "-v"])).replace(/ Copyright.*/, ""),
    curl: (await firstLine(["curl", "--version"])).split(" ").slice(0, 2).join(" "),
    openssl: (await firstLine(["openssl", "version"])).replace(/ \(.*/, ""),
  };
  const changed = await firstLine(["git", "status", "--porcelain", "--", "components"]);
  const commit = await firstLine(["git", "rev-parse", "--short", "HEAD"]);
  return { versions: found, commit: changed === "" ? commit : `${commit} with changes in components/` };
}

async function imageId(image: string): Promise<string> {
  return `${image} ${(await firstLine(["docker", "image", "inspect", "-f", "{{.Id}}", image])).slice(0, 19)}`;
}

async function firstLine(command: readonly string[]): Promise<string> {
  return (await printed(command)).split("\n")[0]?.trim() ?? "";
}

/** Some programs write their version on standard error, or end with a failure. */
async function printed(command: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(command);
  return stdout || stderr;
}
