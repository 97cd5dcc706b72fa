import { copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output, run, start } from "../../../tools/shell";
import { type Fault, type Host, must, nameOf, nobody } from "./fault";

interface Phase {
  readonly title: string;
  /** What Docker tells at that moment: an action and a role. */
  readonly event?: { readonly action: string; readonly role: string };
}

const phases: readonly Phase[] = [
  { title: "before it has changed anything" },
  { title: "while the next registry is tried", event: { action: "start", role: "registry-try" } },
  {
    title: "when the registry is gone and the next one is not there",
    event: { action: "destroy", role: "registry" },
  },
  { title: "while the next files of the proxy are tried", event: { action: "start", role: "proxy-stage" } },
  {
    title: "when the proxy is gone and the next one is not there",
    event: { action: "destroy", role: "proxy" },
  },
];

/** Kills the engine of an `up` that replaces the servers, in a phase of it. */
async function killEngine(host: Host, { event }: Phase): Promise<void> {
  const { world } = host;
  const format = "{{.Action}} {{.Actor.Attributes.name}}";
  const command = ["docker", "events", "--filter", "type=container", "--format", format];
  const events = start(command, { env: { DOCKER_HOST: world.machine.dockerHost } });
  let told = "";
  events.child.stdout?.on("data", (text) => {
    told += text;
  });
  world.set({ timeZone: world.settings.timeZone === "Asia/Tokyo" ? "UTC" : "Asia/Tokyo" });
  const { done } = world.startUp();
  let isOver = false;
  void done.then(() => {
    isOver = true;
  });
  const line = event && `${event.action} ${nameOf(host, event.role)}\n`;
  while (!isOver) {
    const [engine] = world.clone.engines();
    if (engine !== undefined && (line === undefined || told.includes(line))) {
      process.kill(engine, "SIGKILL");
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { status } = world.noted("up, killed", await done);
  events.child.kill();
  if (status === 0) throw new Error("the up ended before it could be killed");
}

const ofKilledEngine: readonly Fault[] = phases.map((phase) => ({
  name: `the engine is killed (-9) in an \`up\`, ${phase.title}`,
  seen: phase.event?.action === "destroy" ? "no connection, or `503`" : "nothing",
  failures: nobody,
  remedy: "`npm run up`",
  within: 15,
  strike: (host: Host) => killEngine(host, phase),
  mend: (host: Host) => must(host, "up"),
}));

const isLeaf = ({ type }: StateResource) => type === "tls:index/locallySignedCert:LocallySignedCert";

interface StateResource {
  readonly type: string;
  readonly outputs: { validityEndTime?: string };
}

/** What the state says of the end of the certificate. */
function endCertificate({ world }: Host): void {
  const state: { checkpoint: { latest: { resources: StateResource[] } } } = JSON.parse(
    readFileSync(world.clone.stateFile, "utf8"),
  );
  for (const { outputs } of state.checkpoint.latest.resources.filter(isLeaf))
    outputs.validityEndTime = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();
  writeFileSync(world.clone.stateFile, JSON.stringify(state, undefined, 4));
}

async function asksIn3000Days({ world }: Host): Promise<string> {
  const { reach } = world;
  const file = join(world.clone.stateFile, "../../ca.pem");
  writeFileSync(file, reach.ca ?? "");
  const url = `https://${reach.host}:${reach.port}/v2/`;
  return (await run(["faketime", "-f", "+3000d", "curl", "--silent", "--show-error", "--cacert", file, url]))
    .stderr;
}

const lost = ({ world }: Host) => `${world.clone.stateFile}.lost`;
const serialOf = ({ world }: Host) =>
  output([
    "sh",
    "-c",
    'openssl s_client -connect "$1" < /dev/null 2> /dev/null | openssl x509 -noout -serial',
    "sh",
    `${world.reach.host}:${world.reach.port}`,
  ]);
let formerSerial = "";

/** What happens to the engine and to what it remembers. */
export const ofEngine: readonly Fault[] = [
  ...ofKilledEngine,
  {
    name: "the certificate has ended",
    seen: "`certificate has expired`",
    failures: nobody,
    remedy: "`npm run up`",
    within: 10,
    async strike(host) {
      formerSerial = await serialOf(host);
      const said = await asksIn3000Days(host);
      if (!/certificate has expired/.test(said)) throw new Error(`a client of that day says: ${said}`);
      endCertificate(host);
    },
    mend: (host) => must(host, "up"),
    check: async (host) =>
      (await serialOf(host)) === formerSerial ? "the certificate that has ended was not renewed" : undefined,
  },
  {
    name: "the state of the stack is lost",
    seen: "nothing",
    remedy: "put your copy of it back, then `npm run up`",
    within: 10,
    async strike(host) {
      copyFileSync(host.world.clone.stateFile, lost(host));
      renameSync(host.world.clone.stateFile, `${lost(host)}.away`);
      const { status } = await host.world.npm("up");
      if (status === 0) throw new Error("an up without the state is green, and made another registry");
    },
    async mend(host) {
      renameSync(lost(host), host.world.clone.stateFile);
      await must(host, "up");
    },
  },
];
