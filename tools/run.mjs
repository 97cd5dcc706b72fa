// Entry of every npm script. Plain JavaScript without dependencies, because it runs before they are installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const { node: oldestNode } = JSON.parse(readFileSync(join(project, "tools", "pins.json"), "utf8"));

if (Number(process.versions.node.split(".")[0]) < oldestNode)
  fail(
    `Node ${oldestNode} or newer is needed, this is ${process.versions.node}: see https://nodejs.org/en/download`,
  );

const [command, ...args] = process.argv.slice(2);
// The doctor changes nothing, so it must do without dependencies.
if (command === "doctor") process.exitCode = (await import("./doctor.mjs")).doctor();
else {
  installDependencies();
  run(command, args);
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

/** Runs `npm ci` if dependencies are missing or are not those of the lock file. */
function installDependencies() {
  const lockFile = readFileSync(join(project, "package-lock.json"), "utf8");
  const stamp = join(project, "node_modules", ".private-registry-lock");
  const hash = createHash("sha256").update(lockFile).digest("hex");
  const stamped = existsSync(stamp) ? readFileSync(stamp, "utf8") : undefined;
  if (stamped === hash) return;
  if (!matchesInstalled(JSON.parse(lockFile))) {
    const why = existsSync(join(project, "node_modules")) ? "the lock file has changed" : "they are missing";
    process.stderr.write(`npm dependencies: installing with "npm ci", because ${why}\n`);
    const options = { cwd: project, stdio: ["ignore", 2, 2], shell: process.platform === "win32" };
    const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], options);
    if (status !== 0) fail(`"npm ci" failed${error ? ` (${error.message})` : ""}; its own message is above`);
  }
  writeFileSync(stamp, hash);
}

/** Whether npm's own record of what is installed agrees with the lock file, as after an `npm install` by hand. */
function matchesInstalled(lock) {
  const record = join(project, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(lock.packages).every(
    ([path, wanted]) => path === "" || wanted.optional || installed[path]?.integrity === wanted.integrity,
  );
}

/** Runs the command in TypeScript on our terminal, passing signals on, and ends as it ended. */
function run(command, args) {
  const main = [join(project, "tools", "main.ts"), command ?? "", ...args];
  const child = spawn(process.execPath, ["--require", "tsx/cjs", ...main], {
    cwd: project,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      // Ctrl-C at a terminal reaches the child anyway.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  child.on("error", (error) => fail(error.message));
  child.on("close", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
