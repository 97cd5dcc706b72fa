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

const BUILDKIT: Source = {
  module: "github.com/moby/buildkit",
  version: "v0.21.1",
  packages: ["./cmd/buildkitd", "./cmd/buildctl"],
};

const CONTAINERD: Source = {
  module: "github.com/containerd/containerd/v2",
  version: "v2.1.4",
  packages: ["./cmd/containerd", "./cmd/ctr"],
};

/** `containerd` and `ctr` of version 2; two minutes on two cores the first time. */
export const containerd2 = () => compiled(CONTAINERD);

const DOCKER: Source = {
  module: "github.com/docker/docker",
  version: "v28.5.2+incompatible",
  packages: ["./cmd/dockerd"],
};

/** `dockerd` of a version that can use containerd's image store; three minutes on two cores the first time. */
export const dockerd = () => compiled(DOCKER);

const DOCKER29: Source = {
  module: "github.com/moby/moby/v2",
  version: "v2.0.0-beta.24",
  packages: ["./cmd/dockerd"],
};

/** `dockerd` of version 29, which keeps its images in containerd's store; some minutes on two cores the first time. */
export const dockerd29 = () => compiled(DOCKER29);

const CRANE: Source = {
  module: "github.com/google/go-containerregistry",
  version: "v0.20.6",
  packages: ["./cmd/crane"],
};

/** `crane`, which copies images within a registry; half a minute on two cores the first time. */
export const crane = () => compiled(CRANE);

const REGCTL: Source = {
  module: "github.com/regclient/regclient",
  version: "v0.11.7",
  packages: ["./cmd/regctl"],
};

/** `regctl`, which asks the API without a daemon; half a minute on two cores the first time. */
export const regctl = () => compiled(REGCTL);

const ORAS: Source = { module: "oras.land/oras", version: "v1.3.6", packages: ["./cmd/oras"] };

/** `oras`, which pushes and pulls files of any kind; half a minute on two cores the first time. */
export const oras = () => compiled(ORAS);

const HELM: Source = { module: "helm.sh/helm/v4", version: "v4.3.1", packages: ["./cmd/helm"] };

/** `helm`, which keeps charts in registries; three minutes on two cores the first time. */
export const helm = () => compiled(HELM);

const COSIGN: Source = {
  module: "github.com/sigstore/cosign/v3",
  version: "v3.1.3",
  packages: ["./cmd/cosign"],
};

/** `cosign`, which signs images; some minutes on two cores the first time. */
export const cosign = () => compiled(COSIGN);

/** `buildkitd` and `buildctl`; a minute and a half on two cores the first time. */
export const buildkit = () => compiled(BUILDKIT);

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
