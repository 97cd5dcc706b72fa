import assert from "node:assert/strict";
import type { ConsumerMachine } from "./consumerMachine";

/** What a client's life with a registry is tried with. */
export interface RoundTrip {
  readonly machine: ConsumerMachine;
  /** Outputs of the stack, in clear. */
  readonly outputs: { readonly [name: string]: unknown };
  /** An image of this host. */
  readonly image: string;
  /** Where to push it, without the registry's address. */
  readonly repository: string;
  /** Images that must still be there: repository to digest. */
  readonly earlier: { readonly [repository: string]: string };
  /** What the client says before it was told of the registry. */
  readonly strange: RegExp;
}

/**
 * The whole life of a Docker client with a registry: refused, installed by the script alone, push, pull of the same
 * digest, of the images of before, a wrong password, and after `--remove` refused again, with every file as it was.
 * The digest of what was pushed.
 */
export async function roundTrip(trip: RoundTrip): Promise<string> {
  const { machine, outputs, image, repository, earlier, strange } = trip;
  const script = String(outputs.installScript);
  const endpoint = String(outputs.endpoint);
  const reference = `${endpoint}/${repository}`;
  const must = async (command: readonly string[], input?: string) => {
    const result = await machine.exec(command, { input });
    assert.equal(result.status, 0, `${command.join(" ")}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  };
  const mustNot = async (command: readonly string[], message: RegExp, config: string) => {
    const result = await machine.exec(command, { env: { DOCKER_CONFIG: config }, input: "wrong" });
    assert.notEqual(result.status, 0, command.join(" "));
    assert.match(result.stderr, message);
  };
  const untouched = machine.snapshot();
  const login = ["docker", "login", "--username", "ci", "--password-stdin", endpoint];

  await machine.loadImage(image);
  await must(["docker", "tag", image, reference]);
  await mustNot(login, strange, "/tmp/before");

  await must(["sh", "-s"], script);
  const pushed = /digest: (sha256:[0-9a-f]{64})/.exec(await must(["docker", "push", reference]))?.[1];
  assert.ok(pushed, "the push names a digest");
  await must(["docker", "rmi", "-f", reference, image]);
  for (const [there, digest] of Object.entries({ ...earlier, [repository]: pushed })) {
    assert.match(await must(["docker", "pull", `${endpoint}/${there}`]), new RegExp(`Digest: ${digest}`));
  }

  await mustNot(login, /unauthorized|401/i, "/tmp/wrong");
  await mustNot(["docker", "pull", reference], /no basic auth credentials|unauthorized/, "/tmp/none");

  await must(["sh", "-s", "--", "--remove"], script);
  assert.deepEqual(linesOnlyIn(machine.snapshot(), untouched), []);
  assert.deepEqual(linesOnlyIn(untouched, machine.snapshot()), []);
  await mustNot(login, strange, "/tmp/after");
  return pushed;
}

function linesOnlyIn(text: string, other: string): string[] {
  const known = new Set(other.split("\n"));
  return text.split("\n").filter((line) => !known.has(line));
}
