import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import {
  certificatesPath,
  servedPath,
  takeAny,
  takeNewest,
} from "../../../components/proxy/certificateScripts";
import { run } from "../../../tools/shell";

let folder = "";
const at = (...path: string[]) => join(folder, ...path);
const read = (...path: string[]) => readFileSync(at(...path), "utf8").trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "volume-scripts-"));
  for (const name of ["volume", "bin", "busybox"]) mkdirSync(at(name));
  // An nginx that takes a pair of the same number for a good one.
  writeFileSync(
    at("bin", "nginx"),
    '#!/bin/sh\nfor file; do :; done\ncd "$(dirname "$file")" && [ "$(cat chain.pem)" = "$(cat key.pem)" ]\n',
  );
  chmodSync(at("bin", "nginx"), 0o755);
  execFileSync("busybox", ["--install", "-s", at("busybox")]);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, chain: string, key = chain): void {
  mkdirSync(at("volume", name));
  writeFileSync(at("volume", name, "chain.pem"), chain);
  writeFileSync(at("volume", name, "key.pem"), key);
  rmSync(at("volume", "current"), { force: true });
  symlinkSync(name, at("volume", "current"));
}

for (const [shell, tools] of [
  ["dash", () => process.env.PATH],
  ["busybox", () => at("busybox")],
] as const) {
  /** Runs a script on the volume; signals are recorded, and what it writes to the log of the proxy. */
  async function sh(script: string): Promise<{ status: number; reloads: number; told: string }> {
    const here = script
      .replaceAll(certificatesPath, at("volume"))
      .replaceAll(servedPath, at("served"))
      .replaceAll("/proc/1/fd/2", at("told"));
    const stub = `kill() { echo "$*" >> ${at("signals")}; }`;
    const program = shell === "dash" ? "dash" : at("busybox", "sh");
    const { status } = await run([program, "-c", `${stub}\n${here}`], {
      env: { PATH: `${at("bin")}:${tools()}` },
    });
    const signals = existsSync(at("signals")) ? read("signals").split("\n") : [];
    assert.ok(signals.every((signal) => signal === "-HUP 1"));
    return { status, reloads: signals.length, told: existsSync(at("told")) ? read("told") : "" };
  }
  const pair = () => [read("served", "chain.pem"), read("served", "key.pem")];

  describe(`certificates from a volume, in ${shell}`, () => {
    test("nothing starts without one", async () => {
      assert.equal((await sh(takeAny())).status, 1);
    });

    test("the newest is taken, chain and key together and readable for nobody else", async () => {
      write("20260101T000000Z", "1");
      write("20260301T000000Z", "2");
      assert.deepEqual(await sh(takeAny()), { status: 0, reloads: 0, told: "" });
      assert.deepEqual(pair(), ["2", "2"]);
      assert.match(
        execFileSync("stat", ["-L", "-c", "%a", at("served"), at("served", "key.pem")]).toString(),
        /^700\n600\n$/,
      );
    });

    test("a bad one does not keep nginx from starting with the last good one", async () => {
      write("20260101T000000Z", "1");
      write("20260301T000000Z", "2");
      write("20260501T000000Z", "3", "another key");
      assert.equal((await sh(takeAny())).status, 0);
      assert.deepEqual(pair(), ["2", "2"]);
    });

    test("a new one is taken up once with one reload, and the old copy goes", async () => {
      write("20260101T000000Z", "1");
      await sh(takeAny());
      assert.equal((await sh(takeNewest())).reloads, 0);
      write("20260301T000000Z", "2");
      for (let check = 0; check < 2; check++) {
        assert.deepEqual(await sh(takeNewest()), { status: 0, reloads: 1, told: "" });
      }
      assert.deepEqual(pair(), ["2", "2"]);
      assert.equal(existsSync(at("served-20260101T000000Z")), false);
    });

    test("a bad one is refused and told of once, and the next good one is taken up", async () => {
      write("20260101T000000Z", "1");
      await sh(takeAny());
      write("20260301T000000Z", "2", "another key");
      for (let check = 0; check < 2; check++) {
        const { reloads, told } = await sh(takeNewest());
        assert.equal(reloads, 0);
        assert.match(told, /^nginx refuses the certificate 20260301T000000Z and goes on with its old one$/);
      }
      assert.deepEqual(pair(), ["1", "1"]);
      write("20260501T000000Z", "3");
      assert.equal((await sh(takeNewest())).reloads, 1);
      assert.deepEqual(pair(), ["3", "3"]);
    });
  });
}
