import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../../../tools/shell";
import { keeperImage, proxyImage } from "../../../tools/temporaryStack";
import { type Fault, type Host, must, nobody } from "./fault";

const clocks = [
  { title: "a year ahead", offset: "+365d" },
  { title: "a year behind", offset: "-365d" },
];

const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/** The image with a clock of its own, on the Docker host of the stack alone. */
async function withClock(host: Host, image: string, offset: string): Promise<string> {
  const tag = `localhost/private-registry-faults/clock:${image.length}${offset.replace(/\W/, "")}`;
  const folder = mkdtempSync(join(tmpdir(), "private-registry-clock-"));
  const lines = [`FROM ${image}`, "COPY clock.so /clock.so", `ENV LD_PRELOAD=/clock.so FAKETIME=${offset}`];
  writeFileSync(join(folder, "Dockerfile"), `${lines.join("\n")}\n`);
  await output(["cp", library, join(folder, "clock.so")]);
  const env = { DOCKER_HOST: host.world.machine.dockerHost, DOCKER_BUILDKIT: "0" };
  await output(["docker", "build", "--quiet", "--network", "none", "--tag", tag, folder], { env });
  rmSync(folder, { recursive: true });
  return tag;
}

interface Clock {
  readonly key: string;
  readonly image: string;
  readonly title: string;
  readonly seen: string;
  readonly failures?: RegExp;
}

const servers: readonly Clock[] = [
  {
    key: "keeperImage",
    image: keeperImage,
    title: "the keeper",
    seen: "nothing: no tagged image goes",
  },
  {
    key: "proxyImage",
    image: proxyImage,
    title: "the proxy",
    seen: "nothing but the change itself; a login with an end ends too early or too late",
    failures: nobody,
  },
];

/** Clocks that are wrong: of one server, never of the machine. */
export const ofClocks: readonly Fault[] = servers.flatMap(({ key, image, title, seen, failures }) =>
  clocks.map((clock) => ({
    name: `the clock of ${title} is ${clock.title}`,
    seen,
    failures,
    remedy: "set the clock",
    within: 15,
    async strike(host: Host) {
      const { world } = host;
      world.settings = { ...world.settings, [key]: await withClock(host, image, clock.offset) };
      await must(host, "up");
    },
    async mend(host: Host) {
      host.world.unset(key);
      await must(host, "up");
    },
  })),
);
