// A day of a registry that is watched, by programs of people on another machine.
import { Front, PrivateRegistry } from "../../components";
import { LogFormat } from "../../components/registry/args";
import { output, until } from "../../tools/shell";
import { images, testStack } from "../../tools/temporaryStack";
import { RegistryClient } from "./client";
import { clientPrograms, STORAGE } from "./clientPrograms";
import { createConsumerMachine } from "./consumerMachine";
import { crane } from "./goPrograms";
import { countersAt, countersOf, type LogLine, logLines } from "./watchedStack";

const project = "watched-day";
const proxy = `${project}-test-main-proxy`;
const rounds = 3;

/** What a day has found. */
export interface Day {
  /** Requests that were counted. */
  readonly requests: number;
  /** What is not as it must be. */
  readonly faults: readonly string[];
}

/** Docker, containerd, skopeo and crane push, pull, read a range, are refused and delete, over three reloads. */
export async function watchedDay(port: number): Promise<Day> {
  const machine = await createConsumerMachine("watch");
  const address = `registry.test:${port}`;
  const stack = await testStack(project, async () => {
    const registry = new PrivateRegistry("main", {
      hostnames: ["registry.test", machine.hostAddress],
      port,
      bindAddress: machine.hostAddress,
      clientAddress: machine.hostAddress,
      front: Front.Nginx,
      users: [{ name: "alice" }],
      log: { format: LogFormat.Json, auditDays: 7 },
      metrics: {},
      ...images,
    });
    return { script: registry.installScript, ca: registry.caCertificate, logins: registry.credentials };
  });
  try {
    const { script, ca, logins } = await stack.up();
    const login = `alice:${(logins as { alice: string }).alice}`;
    const sh = async (text: string, ...args: string[]) =>
      machine.exec(["sh", "-euc", text, "sh", ...args], {
        env: { ...STORAGE, SSL_CERT_FILE: "/tmp/ca.crt" },
      });
    const must = async (text: string, ...args: string[]) => {
      const { status, stdout, stderr } = await sh(text, ...args);
      if (status !== 0) throw new Error(`${text}: ${stdout}${stderr}`);
    };
    const installed = await machine.exec(["sh", "-s"], { input: String(script) });
    if (installed.status !== 0) throw new Error(installed.stdout + installed.stderr);
    for (const program of await crane()) await machine.copyIn(program);
    await must('printf "%s" "$1" >/tmp/ca.crt', String(ca));
    await must(prepare);
    const clients = { docker: clientPrograms.docker, ctr: clientPrograms.ctr, skopeo: clientPrograms.skopeo };
    for (let round = 0; round < rounds; round++) {
      for (const [name, program] of Object.entries(clients)) {
        await must(program?.push ?? "", `${address}/team/${name}:${round}`, login);
        await must(program?.pull ?? "", `${address}/team/${name}:${round}`, login);
      }
      await must(byCrane, address, String(round), login);
      const { status } = await sh('skopeo inspect --creds alice:wrong "docker://$1/team/docker:0"', address);
      if (status === 0) throw new Error("a wrong password was taken");
      await output(["docker", "kill", "-s", "HUP", proxy]);
    }
    await must('skopeo delete "docker://$1/team/skopeo:0"', address);
    return await judged(new RegistryClient(port, String(ca), machine.hostAddress), login);
  } finally {
    await machine.destroy();
    await stack.remove();
  }
}

const prepare = `
echo hello >/tmp/hello
tar -C /tmp -cf - hello | docker import - localhost/tiny:1
docker save --output /tmp/tiny.tar localhost/tiny:1
ctr --address /run/docker/containerd/containerd.sock images import /tmp/tiny.tar`;

const byCrane = `
/tmp/crane auth login "$1" -u "\${3%%:*}" -p "\${3#*:}"
/tmp/crane push /tmp/tiny.tar "$1/team/crane:$2"
/tmp/crane pull "$1/team/crane:$2" /tmp/crane.tar
digest=$(/tmp/crane manifest "$1/team/crane:$2" | sed -n 's/.*"config":{[^}]*"digest":"\\([^"]*\\)".*/\\1/p')
curl -fsS --cacert /tmp/ca.crt -u "$3" -r 0-9 "https://$1/v2/team/crane/blobs/$digest" >/dev/null
/tmp/crane delete "$1/team/crane:$2"`;

/** Compares figures and log with each other, and both with what was done. */
async function judged(client: RegistryClient, login: string): Promise<Day> {
  const lines = async () => (await logLines(proxy)).filter(({ action }) => action !== "metrics");
  const expectedOf = (found: readonly LogLine[]) =>
    [...countersOf(found)].filter(([key]) => !key.includes("logins")).sort();
  let difference = "";
  await until(
    "what was written is added up",
    async () => {
      const [expected, counters] = [expectedOf(await lines()), [...(await countersAt(client, login))].sort()];
      difference = JSON.stringify(expected) === JSON.stringify(counters) ? "" : `${expected}\n${counters}`;
      return difference === "";
    },
    40,
  ).catch(() => {});
  const found = await lines();
  const count = (isMeant: (line: LogLine) => boolean) => found.filter(isMeant).length;
  const done = {
    "pushes by four programs": [count((line) => line.action === "push" && line.status === 201), 4 * rounds],
    "refused logins": [
      count((line) => line.login === "refused" && line.status === 401 && line.user === "alice"),
      rounds,
    ],
    "ranges of a blob": [count((line) => line.action === "download" && line.status === 206), rounds],
    deletions: [count((line) => line.action === "delete" && line.status === 202), rounds + 1],
  };
  const faults = Object.entries(done).flatMap(([what, [is, was]]) =>
    is === was ? [] : [`${what}: ${is}, not ${was}`],
  );
  return { requests: found.length, faults: difference === "" ? faults : [...faults, difference] };
}
