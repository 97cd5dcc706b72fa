import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { output, run } from "../../../tools/shell";
import { keeperImage, proxyImage, registryImage } from "../../../tools/temporaryStack";

const repository = resolve(__dirname, "../../..");
const port = 21610;
const localImage = "localhost/private-registry-test/example:1";

describe("the examples", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-examples-"));
  const [application, consumer] = [join(folder, "application"), join(folder, "consumer")];
  const cluster = join(folder, "cluster");
  const env = {
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    PULUMI_STACK: "examples-test",
    // The first test checks the types.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
  let digest: string;

  const pulumi = (cwd: string, ...args: string[]) => output(["pulumi", ...args], { cwd, env });
  const outputs = async (cwd: string) =>
    JSON.parse(await pulumi(cwd, "stack", "output", "--json", "--show-secrets"));

  before(async () => {
    await removeLeftovers();
    cpSync(join(repository, "examples"), folder, {
      recursive: true,
      filter: (path) => !/node_modules|package-lock|Pulumi\.\w+\.yaml|\.tgz/.test(path),
    });
    // Packing builds.
    await output(["npm", "pack", "--pack-destination", application], { cwd: repository });
  });

  after(async () => {
    for (const cwd of [consumer, application]) {
      await run(["pulumi", "destroy", "--yes", "--skip-preview"], { cwd, env });
    }
    await removeLeftovers();
    rmSync(folder, { recursive: true, force: true });
  });

  it("install the packed library, whose types are right, with one SDK", async () => {
    const [archive = ""] = readdirSync(application).filter((name) => name.endsWith(".tgz"));
    await Promise.all([
      install(application, join(application, archive)),
      install(consumer, join(application, archive)),
      install(cluster, join(application, archive)),
    ]);
    for (const cwd of [application, consumer, cluster]) {
      const sdks = JSON.parse(await output(["npm", "ls", "@pulumi/pulumi", "--all", "--json"], { cwd }));
      assert.deepEqual([...versions(sdks, "@pulumi/pulumi")], ["3.248.0"]);
      await output(["npx", "tsc", "--skipLibCheck", "false"], { cwd });
    }
    assert.deepEqual(readdirSync(join(application, "node_modules/private-registry")).sort(), [
      ...["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"],
      ...["bench", "dist", "docs", "examples", "package.json"],
    ]);
  });

  it("declare a registry in another project, to which skopeo pushes", async () => {
    await pulumi(application, "stack", "init", env.PULUMI_STACK);
    for (const [key, value] of Object.entries({ port, registryImage, proxyImage, keeperImage })) {
      await pulumi(application, "config", "set", key, String(value));
    }
    await pulumi(application, "up", "--yes", "--skip-preview");
    const { endpoint, credentials, caCertificate } = await outputs(application);
    assert.equal(endpoint, `localhost:${port}`);
    assert.deepEqual(Object.keys(credentials).sort(), ["ci", "deploy"]);
    const certificates = join(folder, "certs");
    mkdirSync(certificates);
    writeFileSync(join(certificates, "ca.crt"), caCertificate);
    await makeImage(folder);
    const target = `docker://${endpoint}/team/app:1`;
    await output([
      ...[
        "skopeo",
        "copy",
        "--quiet",
        "--dest-cert-dir",
        certificates,
        "--dest-creds",
        `ci:${credentials.ci}`,
      ],
      ...[`docker-daemon:${localImage}`, target],
    ]);
    await output(["docker", "rmi", localImage]);
    const inspect = ["skopeo", "inspect", "--format", "{{.Digest}}", "--cert-dir", certificates];
    digest = await output([...inspect, "--creds", `deploy:${credentials.deploy}`, target]);
  });

  it("run a container from that image in a third project, by the outputs alone", async () => {
    await pulumi(consumer, "stack", "init", env.PULUMI_STACK);
    await pulumi(consumer, "config", "set", "registryStack", `organization/application/${env.PULUMI_STACK}`);
    await pulumi(consumer, "config", "set", "image", "team/app:1");
    await pulumi(consumer, "up", "--yes", "--skip-preview");
    const { container, pulledDigest } = await outputs(consumer);
    assert.equal(pulledDigest, `localhost:${port}/team/app@${digest}`);
    const state = ["docker", "inspect", "--format", "{{.State.Running}} {{.Config.Cmd}}", container];
    assert.equal(await output(state), "true [sleep infinity]");
    assert.match(await output(["docker", "exec", container, "cat", "/greeting"]), /pulled from the registry/);
    const { caCertificate } = await outputs(application);
    const inside = await output(["docker", "exec", container, "cat", "/etc/registry-ca.crt"]);
    assert.equal(inside, caCertificate.trim());
    await pulumi(consumer, "preview", "--expect-no-changes");
  });

  it("give a cluster its pull secret, and keep the login out of what is stored in clear", async () => {
    const { credentials } = await outputs(application);
    const auth = Buffer.from(`deploy:${credentials.deploy}`).toString("base64");
    const { pullSecret } = await outputs(consumer);
    const { metadata, data } = parse(pullSecret);
    assert.equal(metadata.name, `private-registry-localhost-${port}`);
    const { auths } = JSON.parse(Buffer.from(data[".dockerconfigjson"], "base64").toString("utf8"));
    assert.deepEqual(auths, { [`localhost:${port}`]: { auth } });
    const state = await pulumi(consumer, "stack", "export");
    assert.match(state, /private-registry:index:RegistryConsumer/);
    for (const secret of [credentials.deploy, auth, data[".dockerconfigjson"]]) {
      assert.ok(!state.includes(secret));
    }
  });

  it("are refused at once for an image that names a registry, and for a stack that exports no registry", async () => {
    const config = (key: string, value: string) => pulumi(consumer, "config", "set", key, value);
    const refused = async () => {
      const { status, stdout, stderr } = await run(["pulumi", "preview"], { cwd: consumer, env });
      assert.notEqual(status, 0);
      return stdout + stderr;
    };
    await config("image", "docker.io/team/app:1");
    assert.match(
      await refused(),
      /registry\.imageReference: image: "docker\.io\/team\/app:1" has a registry/,
    );
    await config("image", "team/app:1");
    await config("registryStack", `organization/consumer/${env.PULUMI_STACK}`);
    assert.match(
      await refused(),
      /the stack organization\/consumer\/examples-test has no output endpoint; export/,
    );
    await config("registryStack", `organization/application/${env.PULUMI_STACK}`);
  });

  it("leave nothing behind but the kept data", async () => {
    await pulumi(consumer, "destroy", "--yes", "--skip-preview");
    assert.equal(await output(["docker", "images", "--quiet", `localhost:${port}/team/app`]), "");
    await pulumi(application, "destroy", "--yes", "--skip-preview");
    assert.deepEqual(await ours("ps", "--all", "--format", "{{.Names}}"), []);
    assert.deepEqual(await ours("network", "ls", "--format", "{{.Name}}"), []);
    assert.deepEqual(await ours("volume", "ls", "--format", "{{.Name}}"), [
      "application-examples-test-images-data",
    ]);
  });

  /** What Docker lists of the application's stack. */
  async function ours(...list: string[]): Promise<string[]> {
    const labels = [`project=application`, `stack=${env.PULUMI_STACK}`];
    const filters = labels.flatMap((label) => ["--filter", `label=private-registry.${label}`]);
    return (await output(["docker", ...list, ...filters])).split("\n").filter(Boolean);
  }

  async function removeLeftovers(): Promise<void> {
    for (const name of await ours("ps", "--all", "--quiet")) await run(["docker", "rm", "--force", name]);
    for (const name of await ours("network", "ls", "--quiet")) await run(["docker", "network", "rm", name]);
    for (const name of await ours("volume", "ls", "--quiet")) await run(["docker", "volume", "rm", name]);
    await run(["docker", "rmi", "--force", localImage]);
  }
});

function install(cwd: string, ...what: string[]): Promise<string> {
  return output(["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", ...what], { cwd });
}

/** A small image that is on this Docker host under one name, which is removed after the push: BusyBox and its libraries. */
async function makeImage(folder: string): Promise<void> {
  const root = join(folder, "root");
  const script = `
    mkdir -p "$0/bin"
    program=$(command -v busybox)
    for file in "$program" $(ldd "$program" | grep -o '/[^ ]*'); do
      mkdir -p "$0$(dirname "$file")"
      cp -L "$file" "$0$file"
    done
    for name in sleep cat; do ln -s "$program" "$0/bin/$name"; done
    echo "pulled from the registry" > "$0/greeting"
    tar -C "$0" -c . | docker import - ${localImage}`;
  await output(["sh", "-euc", script, root]);
}

interface Dependencies {
  readonly dependencies?: { readonly [name: string]: Dependencies & { readonly version: string } };
}

/** Every version of a package in what `npm ls --json` answers. */
function versions({ dependencies = {} }: Dependencies, wanted: string): Set<string> {
  const found = Object.entries(dependencies).flatMap(([name, entry]) => [
    ...(name === wanted ? [entry.version] : []),
    ...versions(entry, wanted),
  ]);
  return new Set(found);
}
