import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, until } from "../../../tools/shell";
import { namesOf } from "../consumerMachine";
import type { World } from "../walk/world";

const base = "localhost/private-registry/debian:trixie";

/** Builds an image on this machine's Docker: Debian packages of a release, which the base may not be of. */
export async function buildOf(tag: string, release: string, packages: string, more = ""): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-upgrade-"));
  // The lists of a release that is being made are soon over, on a mirror that lags.
  const update = "apt-get -o Acquire::Check-Valid-Until=false update";
  const install = `apt-get install --yes --no-install-recommends ${packages}`;
  writeFileSync(
    join(folder, "Dockerfile"),
    `FROM ${base}\nRUN sed -i s/trixie/${release}/ /etc/apt/sources.list && ${update} && ${install}\n${more}`,
  );
  await output(["docker", "build", "--quiet", "--tag", tag, folder], { env: { DOCKER_BUILDKIT: "0" } });
  rmSync(folder, { recursive: true });
}

/** Docker Engine of a Debian release, in a root folder of its own on the machine. */
export async function unpackEngine(world: World, release: string): Promise<void> {
  const tag = `localhost/private-registry-upgrade/engine:${release}`;
  await buildOf(tag, release, "docker.io iptables");
  const folder = join(namesOf(world.clone.stack).folder, rootOf(release));
  mkdirSync(folder, { recursive: true });
  const id = await output(["docker", "create", tag, "true"]);
  await output(["sh", "-ec", 'docker export "$1" | tar -x -C "$2"', "sh", id, folder]);
  await output(["docker", "rm", id]);
}

const rootOf = (release: string) => `/var/lib/engines/${release}`;

/** What a daemon in another root folder shares with the machine. */
const shared = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/lib/docker", "/var/lib/containerd"];

const useEngine = `
root=$1
shift
umount /usr/sbin/dockerd 2> /dev/null || true
if [ "$root" != / ]; then
  if ! mountpoint -q "$root"; then
    mount --bind "$root" "$root"
    for folder in "$@"; do mkdir -p "$root$folder" "$folder" && mount --rbind "$folder" "$root$folder"; done
  fi
  printf '#!/bin/sh\\nexec chroot %s dockerd "$@"\\n' "$root" > "$root.sh"
  chmod +x "$root.sh"
  mount --bind "$root.sh" /usr/sbin/dockerd
fi
kill "$(cat /run/docker.pid)"
`;

/** Ends the daemon of the machine, in whose place the one of another release starts; of the machine's own without one. */
export async function useEngineOf(world: World, release?: string): Promise<void> {
  const { exec } = world.machine;
  const former = (await exec(["cat", "/run/docker.pid"])).stdout.trim();
  const root = release === undefined ? "/" : rootOf(release);
  const { status, stderr } = await exec(["sh", "-ec", useEngine, "sh", root, ...shared]);
  if (status !== 0) throw new Error(stderr);
  await until(
    "another daemon answers",
    async () => {
      const next = await exec(["cat", "/run/docker.pid"]);
      const isOther = next.status === 0 && next.stdout.trim() !== former;
      return isOther && (await world.docker("info")).status === 0;
    },
    120,
  );
}

export const versionOfEngine = (world: World) =>
  world.mustDocker("version", "--format", "{{.Server.Version}}");
