import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { output, run } from "./shell";

const VERSION = "v0.21.1";
const PROGRAMS = ["buildkitd", "buildctl"];

/** Whether `buildkit` can work here: it is there from an earlier run, or Go is there to compile it. */
export async function canBuildBuildkit(): Promise<boolean> {
  return isBuilt() || (await run(["sh", "-c", "command -v go"])).status === 0;
}

/**
 * `buildkitd` and `buildctl`, compiled from Go modules into the cache of the tests once (a minute and a half on two
 * cores). `go install` refuses them, because their go.mod excludes modules; built as the main module they are as
 * their makers mean them.
 */
export async function buildkit(): Promise<string[]> {
  if (!isBuilt()) {
    const { Dir: source } = JSON.parse(
      await output(["go", "mod", "download", "-json", `github.com/moby/buildkit@${VERSION}`], {
        cwd: tmpdir(),
      }),
    );
    const folder = mkdtempSync(join(tmpdir(), "private-registry-buildkit-"));
    try {
      cpSync(source, folder, { recursive: true });
      await output(["chmod", "-R", "u+w", folder]);
      rmSync(join(folder, "vendor"), { recursive: true, force: true }); // Without its packages, as modules come.
      mkdirSync(cache(), { recursive: true });
      const build = ["go", "build", "-mod=mod", "-trimpath", "-ldflags", "-s -w", "-o", `${cache()}/`];
      await output([...build, ...PROGRAMS.map((program) => `./cmd/${program}`)], {
        cwd: folder,
        env: { CGO_ENABLED: "0" },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return PROGRAMS.map((program) => join(cache(), program));
}

function cache(): string {
  return join(homedir(), ".cache", "private-registry-test", `buildkit-${VERSION}`);
}

function isBuilt(): boolean {
  return PROGRAMS.every((program) => existsSync(join(cache(), program)));
}
