// The page about programs that ask the registry without a daemon, run on a machine of its own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createConsumerMachine } from "./consumerMachine";
import { cosign, crane, helm, oras, regctl } from "./goPrograms";
import { registryFor } from "./registryFor";

const port = 18501;
const address = `registry.example.com:${port}`;

/** What the page's reader has: the programs, and something to push. */
const READER = `
export HOME=/tmp/reader PATH=$PATH:/tmp
mkdir -p /tmp/reader
cd /tmp/reader
`;
const THINGS = `
echo a note >notes.txt
mkdir -p app && printf 'apiVersion: v2\\nname: app\\nversion: 0.1.0\\n' >app/Chart.yaml
helm package app
echo hello >hello
tar -cf - hello | docker import - localhost/app:1
docker save --output app.tar localhost/app:1
`;

/** Runs each block of commands, and answers the headings of those that were run. */
export async function runToolsPage(say: (line: string) => void): Promise<string[]> {
  const programs = (await Promise.all([crane(), oras(), helm(), regctl(), cosign()])).flat();
  const machine = await createConsumerMachine("tools");
  const registry = await registryFor(machine, "consumer-tools", {
    hostname: "registry.example.com",
    port,
    user: "alice",
  });
  const must = async (text: string, ...args: string[]) => {
    const result = await machine.exec(["sh", "-euc", `${READER}${text}`, "sh", ...args]);
    assert.equal(result.status, 0, `${text}\n${result.stdout}${result.stderr}`);
  };
  try {
    const { ca, credentials } = await registry.up();
    await machine.pointNames(["registry.example.com"], machine.hostAddress);
    for (const program of programs) await machine.copyIn(program);
    const password = (credentials as { alice: string }).alice;
    await must(
      `printf '%s\\n' "$1" >ca.crt; printf '%s\\n' "$2" >password.txt\n${THINGS}`,
      String(ca),
      password,
    );
    const done: string[] = [];
    for (const [heading, commands] of blocks()) {
      await must(commands);
      say(`${heading}: as on the page`);
      done.push(heading);
    }
    return done;
  } finally {
    await machine.destroy();
    await registry.remove();
  }
}

/** Headings of the page, each with its commands for this registry. */
function blocks(): [heading: string, commands: string][] {
  const page = readFileSync(resolve(__dirname, "../../docs/clients/tools.md"), "utf8");
  return [
    ...page
      .replaceAll("registry.example.com:5443", address)
      .matchAll(/^## (.*)\n[\s\S]*?^```sh\n([\s\S]*?)^```$/gm),
  ].map(([, heading = "", commands = ""]) => [heading, commands]);
}
