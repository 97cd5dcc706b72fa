import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { output } from "../../tools/shell";

/** Programs of one Go module. */
interface Source {
  readonly module: string;
  readonly version: string;
  /** Packages below the module, as `go build` takes them. */
  readonly packages: readonly string[];
}

const program =
  (module: string, version: string, ...packages: readonly string[]) =>
  () =>
    compiled({ module, version, packages });

/** `buildkitd` and `buildctl`; a minute and a half on two cores the first time. */
export const buildkit = program("github.com/moby/buildkit", "v0.21.1", "./cmd/buildkitd", "./cmd/buildctl");

/** `containerd` and `ctr` of version 2; two minutes on two cores the first time. */
export const containerd2 = program(
  "github.com/containerd/containerd/v2",
  "v2.1.4",
  "./cmd/containerd",
  "./cmd/ctr",
);

/** `dockerd` of a version that can use containerd's image store; three minutes on two cores the first time. */
export const dockerd = program("github.com/docker/docker", "v28.5.2+incompatible", "./cmd/dockerd");

/** `dockerd` of version 29, which keeps its images in containerd's store; some minutes on two cores the first time. */
export const dockerd29 = program("github.com/moby/moby/v2", "v2.0.0-beta.24", "./cmd/dockerd");

/** `crane`, which copies images within a registry; half a minute on two cores the first time. */
export const crane = program("github.com/google/go-containerregistry", "v0.20.6", "./cmd/crane");

/** `regctl`, which asks the API without a daemon; half a minute on two cores the first time. */
export const regctl = program("github.com/regclient/regclient", "v0.11.7", "./cmd/regctl");

/** `oras`, which pushes and pulls files of any kind; half a minute on two cores the first time. */
export const oras = program("oras.land/oras", "v1.3.6", "./cmd/oras");

/** `helm`, which keeps charts in registries; three minutes on two cores the first time. */
export const helm = program("helm.sh/helm/v4", "v4.3.1", "./cmd/helm");

/** `versitygw`, an S3 store on a folder; two minutes on two cores the first time. */
export const versitygw = program("github.com/versity/versitygw", "v1.8.0", "./cmd/versitygw");

/** `cosign`, which signs images; some minutes on two cores the first time. */
export const cosign = program("github.com/sigstore/cosign/v3", "v3.1.3", "./cmd/cosign");

/**
 * The programs' files, compiled into the cache of the tests once. `go install` refuses these modules, because their
 * go.mod excludes or replaces others; built as the main module they are as their makers mean them.
 *
 * @throws Error where there is no Go to compile them with.
 */
async function compiled({ module, version, packages }: Source): Promise<string[]> {
  // The last part of a module's path may be its major version alone.
  const name = module
    .split("/")
    .filter((part) => !/^v\d+$/.test(part))
    .at(-1);
  const cache = join(homedir(), ".cache", "private-registry-test", `${name}-${version}`);
  const programs = packages.map((path) => join(cache, basename(path)));
  if (programs.every((program) => existsSync(program))) return programs;
  const download = ["go", "mod", "download", "-json", `${module}@${version}`];
  const found = await output(download, { cwd: tmpdir() }).catch((error) => {
    throw error.code === "ENOENT"
      ? new Error(`Go is not installed, or not in PATH: it compiles ${module}, a client of the tests`)
      : error;
  });
  const folder = mkdtempSync(join(tmpdir(), "private-registry-go-"));
  try {
    cpSync(JSON.parse(found).Dir, folder, { recursive: true });
    await output(["chmod", "-R", "u+w", folder]);
    rmSync(join(folder, "vendor"), { recursive: true, force: true }); // Without its packages, as modules come.
    // Docker has its go.mod and go.sum under names of its own.
    for (const end of existsSync(join(folder, "go.mod")) ? [] : ["mod", "sum"])
      renameSync(join(folder, `vendor.${end}`), join(folder, `go.${end}`));
    mkdirSync(cache, { recursive: true });
    const build = ["go", "build", "-mod=mod", "-trimpath", "-ldflags", "-s -w", "-o", `${cache}/`];
    await output([...build, ...packages], { cwd: folder, env: { CGO_ENABLED: "0" } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return programs;
}
