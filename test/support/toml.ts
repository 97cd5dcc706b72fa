import { execFileSync, spawnSync } from "node:child_process";

const canRead = spawnSync("python3", ["-c", "import tomllib"]).status === 0;

/** Options of a test that reads TOML. */
export const needsToml = { skip: canRead ? false : "needs python3 with tomllib" };

/** TOML text as Python's own parser reads it. */
export function toml(text: string) {
  const program =
    "import json, sys, tomllib; print(json.dumps(tomllib.loads(sys.stdin.buffer.read().decode())))";
  return JSON.parse(execFileSync("python3", ["-c", program], { input: text, encoding: "utf8" }));
}
