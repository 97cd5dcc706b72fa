import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import {
  issueScript,
  renewerHealthScript,
  renewerScript,
} from "../../../components/certificates/acme/acmeScripts";
import { acmePaths } from "../../../components/docker/paths";
import { type Result, run, until } from "../../../tools/shell";
import { moved } from "../../support/scriptFolder";

let folder = "";
let ends: (() => Promise<unknown>)[] = [];
const at = (...path: string[]) => join(folder, ...path);
const read = (...path: string[]) => readFileSync(at(...path), "utf8").trim();
const inFolder = (script: string) =>
  moved(script, { [acmePaths.accountPath]: at("account"), [acmePaths.certificatesPath]: at("certificates") });

/** A client that does what the file `mood` says, and makes certificates with a life of as many seconds as `life` says. */
const lego = () => `#!/bin/sh
case "$*" in
  *list)
    end=$(( $(date +%s) + $(cat ${at("life")}) ))
    echo "    Expiry Date: $(date -u -d "@$end" "+%Y-%m-%d %H:%M:%S") +0000 UTC" ;;
  *run)
    echo "$*" >> ${at("calls")}
    if [ "$(cat ${at("mood")})" != well ]; then
      echo "2026/01/01 00:00:00 [INFO] nothing of interest"
      echo "Could not obtain certificates: $(cat ${at("mood")})"
      exit 1
    fi
    mkdir certificates
    number=$(wc -l < ${at("calls")})
    echo "chain $number" > certificates/a.example.com.crt
    echo "issuer" > certificates/a.example.com.issuer.crt
    echo "key $number" > certificates/a.example.com.key ;;
esac`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "acme-scripts-"));
  for (const name of ["account", "certificates", "bin", "busybox"]) mkdirSync(at(name));
  writeFileSync(at("bin", "lego"), lego());
  chmodSync(at("bin", "lego"), 0o755);
  execFileSync("busybox", ["--install", "-s", at("busybox")]);
  writeFileSync(at("mood"), "well");
  live(90 * day);
});
afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
  rmSync(folder, { recursive: true });
});

/** A script with a quick clock. */
const quick = (script: string) => `sleep() { command sleep 0.05; }\n${script}`;

const day = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const live = (seconds: number) => writeFileSync(at("life"), String(seconds));
const settings = (names = "a.example.com b.example.com") => ({
  ACME_EMAIL: "admin@example.com",
  ACME_SERVER: "https://ca.example.com/directory",
  ACME_NAMES: names,
  ACME_RENEWAL_DAYS: "30",
});

/** The two shells of the images, each with the tools of its own system. */
for (const [shell, tools] of [
  ["dash", () => process.env.PATH],
  ["busybox", () => at("busybox")],
] as const) {
  const environment = (names?: string) => ({ ...settings(names), PATH: `${at("bin")}:${tools()}` });
  const program = () => (shell === "dash" ? "dash" : at("busybox", "sh"));
  const sh = (script: string, names?: string): Promise<Result> =>
    run([program(), "-c", script], { env: environment(names) });
  const issue = (names?: string) => sh(quick(inFolder(issueScript())), names);
  const health = (names?: string) => sh(inFolder(renewerHealthScript()), names);

  /** Starts the renewer; what ends it. */
  function renew(names?: string): () => Promise<unknown> {
    const script = quick(inFolder(renewerScript()));
    const child = spawn(program(), ["-c", script], { env: environment(names), stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const end = () => {
      child.kill("SIGTERM");
      return ended;
    };
    ends.push(end);
    return end;
  }

  describe(`the renewer in ${shell}`, () => {
    test("gets a certificate when asked, and puts chain and key into one folder", async () => {
      const end = renew();
      assert.deepEqual(await issue(), { status: 0, stdout: "", stderr: "" });
      assert.match(readlinkSync(at("certificates/current")), /^\d{8}T\d{6}Z$/);
      assert.deepEqual(
        ["chain.pem", "key.pem"].map((file) => read("certificates/current", file)),
        ["chain 1", "key 1"],
      );
      assert.match(read("calls"), /--domains a\.example\.com --domains b\.example\.com run$/);
      const { status, stdout } = await health();
      assert.equal(status, 0);
      assert.match(stdout, /^the certificate is good until 20\d\d-\d\d-\d\d /);
      assert.equal((await issue()).stdout, "a certificate is there\n");
      assert.equal(await end(), 0, "it ends at once when stopped");
    });

    test("hands the server's own message to who asked, and waits longer after each failure", async () => {
      writeFileSync(at("mood"), "the name leads nowhere");
      renew();
      for (const [failures, minutes] of [
        [1, 5],
        [2, 10],
      ] as const) {
        const { status, stderr } = await issue();
        assert.equal(status, 1);
        assert.match(stderr, /Could not obtain certificates: the name leads nowhere ; next attempt at 20/);
        assert.ok(!stderr.includes("nothing of interest"));
        assert.equal(read("account/failures"), String(failures));
        const wait = Number(read("account/retry")) - now();
        assert.ok(wait > minutes * 60 - 60 && wait <= minutes * 60, `${wait} s`);
      }
      const ill = await health();
      assert.equal(ill.status, 1);
      assert.match(ill.stdout, /the name leads nowhere/);
      assert.equal(existsSync(at("certificates/current")), false);

      writeFileSync(at("mood"), "well");
      assert.equal((await issue()).status, 0);
      assert.equal((await health()).status, 0);
      assert.equal(existsSync(at("account/retry")), false);
    });

    test("renews by itself when due, and keeps the certificate and the two before it", async () => {
      live(2);
      renew();
      const calls = () => (existsSync(at("calls")) ? read("calls").split("\n").length : 0);
      writeFileSync(at("account/request"), "test\n");
      await until("four have been asked for", async () => calls() >= 4);
      live(90 * day);
      // One of two seconds is good for one of them, too.
      const isLong = () => Number(read("certificates/current/end")) > Date.now() / 1000 + 80 * day;
      await until("the last one is good", async () => (await health()).status === 0 && isLong());
      const asked = calls();
      const kept = () => readdirSync(at("certificates")).filter((name) => name !== "current");
      await until("older ones are gone", async () => kept().length <= 3);
      const folders = kept();
      assert.ok(folders.includes(readlinkSync(at("certificates/current"))));
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(calls(), asked, "a good one is left alone");
    });

    test("keeps the old certificate until one for the new names is there", async () => {
      const end = renew();
      assert.equal((await issue()).status, 0);
      await end();
      writeFileSync(at("mood"), "the new name leads nowhere");
      renew("c.example.com");
      assert.equal((await issue("c.example.com")).status, 1);
      assert.equal(read("certificates/current/chain.pem"), "chain 1");
      writeFileSync(at("mood"), "well");
      assert.equal((await issue("c.example.com")).status, 0);
      assert.equal(read("certificates/current/chain.pem"), "chain 3");
    });

    test("takes a certificate that is over already for a failure, and does not ask for one after the other", async () => {
      live(-1);
      renew();
      assert.match(
        (await issue()).stderr,
        /the new certificate ended at .*: look at the clock of this Docker host/,
      );
      assert.equal(read("account/failures"), "1");
    });

    test("is unhealthy between renewal and end, whatever its attempts say", async () => {
      const end = renew();
      await issue();
      await end();
      // Due 30 days before the end, red from 15 days.
      writeFileSync(at("certificates/current/start"), String(now() - 80 * day));
      for (const [days, status] of [
        [16, 0],
        [14, 1],
      ] as const) {
        writeFileSync(at("certificates/current/end"), String(now() + days * day));
        assert.equal((await health()).status, status, `${days} days`);
      }
    });
  });
}
