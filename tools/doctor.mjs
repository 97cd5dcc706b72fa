// Reports each prerequisite, found or missing, with the remedy; changes nothing. Plain JavaScript, so that it works
// before dependencies are installed. What set-up provides by itself is shown as "to do" and is no failure.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { atLeast, cacheDirectory } from "./machine.cjs";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = cacheDirectory();
const readProject = (path) => readFileSync(join(project, path), "utf8");
const readJson = (path) => JSON.parse(readProject(path));
const pins = readJson("tools/pins.json");
const root = process.getuid?.() === 0;

function ask(command, args, seconds = 10) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: seconds * 1000 });
  return { ok: status === 0, text: (stdout ?? "").trim(), error: (stderr ?? "").trim().split("\n").at(-1) };
}

const found = (name, text) => ({ name, state: "found", text });
const toDo = (name, text) => ({ name, state: "to do", text });
const missing = (name, text) => ({ name, state: "MISSING", text });

function checkDependencies() {
  const name = "npm dependencies";
  if (existsSync(join(project, "node_modules", ".package-lock.json"))) return found(name, "installed");
  if (!ask("npm", ["--version"]).ok)
    return missing(name, "npm is missing: it comes with Node, see https://nodejs.org");
  return toDo(name, 'set-up runs "npm ci"');
}

function checkDocker() {
  const name = "Docker Engine";
  const info = ask("docker", ["info", "--format", "{{.ServerVersion}}"], 30);
  if (info.ok)
    return found(name, `${info.text}, running${process.env.DOCKER_HOST ? " (by DOCKER_HOST)" : ""}`);
  if (process.env.DOCKER_HOST)
    return missing(name, `DOCKER_HOST does not answer: start Docker there, or unset it`);
  if (/permission denied/i.test(info.error))
    return missing(name, 'run "sudo usermod -aG docker $USER", then log in again');
  const installed = ask("dockerd", ["--version"]).ok;
  const debian = ask("apt-get", ["--version"]).ok;
  if (root && installed) return toDo(name, "set-up starts dockerd");
  if (root && debian) return toDo(name, "set-up installs docker.io with apt-get and starts it");
  if (installed) return missing(name, 'run "sudo systemctl start docker"');
  if (debian) return missing(name, 'run "sudo apt-get update && sudo apt-get install -y docker.io"');
  return missing(name, "install and start it: https://docs.docker.com/engine/install/");
}

/** What does not hold as usual on a Docker host, by what "docker info" says of its security and its folder. */
export function limitsOf(security, folder) {
  const limits = [];
  if (/^\/var\/snap\//.test(folder))
    limits.push("a snap: storage.hostPath must be below /home, and volumes hold anywhere");
  if (security.includes("name=selinux"))
    limits.push(
      'SELinux: storage.hostPath needs "chcon -Rt container_file_t", and servers share sockets in volumes, ' +
        'which nobody has tried there; "selinux-enabled": false in its daemon.json is the way out',
    );
  if (security.includes("name=rootless"))
    limits.push(
      "without root: ports from 1024 on unless the system lets it have lower ones, and all clients have one address " +
        "in log and limits unless its port driver is slirp4netns or implicit",
    );
  return limits.map((text) => found("Docker's limits", text));
}

function checkLimits() {
  const info = ask("docker", ["info", "--format", "{{json .SecurityOptions}}\n{{.DockerRootDir}}"], 30);
  const [security = "", folder = ""] = info.text.split("\n");
  return info.ok ? limitsOf(security, folder) : [];
}

function checkEngine() {
  const name = "Pulumi engine";
  const own = ask("pulumi", ["version"]);
  if (own.ok && atLeast(own.text, pins.oldestEngine)) return found(name, `${own.text} on PATH`);
  for (const [folder, origin] of [
    ["vendor/bin", "the vendor's"],
    ["bin", "compiled"],
  ])
    if (existsSync(join(cache, folder, "pulumi")))
      return found(name, `${pins.engine} in the cache (${origin})`);
  if (ask("curl", ["-fsSL", "--max-time", "5", "-o", "/dev/null", "https://get.pulumi.com"]).ok)
    return toDo(name, "set-up runs the vendor's installer");
  const go = ask("go", ["env", "GOVERSION"]);
  if (go.ok && atLeast(go.text, pins.go))
    return toDo(
      name,
      `set-up compiles it with ${go.text} (about 15 minutes, 6 GB): the vendor cannot be reached`,
    );
  return missing(
    name,
    `install it (https://www.pulumi.com/docs/install/), or Go ${pins.go} (https://go.dev/dl/) so that set-up can compile it`,
  );
}

function checkPlugins() {
  const name = "Pulumi plugins";
  const versions = readJson("package.json").devDependencies;
  const absent = ["docker", "random", "tls"].filter(
    (plugin) =>
      !existsSync(join(cache, "pulumi-home/plugins", `resource-${plugin}-v${versions[`@pulumi/${plugin}`]}`)),
  );
  if (absent.length === 0) return found(name, "docker, random, tls");
  return toDo(name, `set-up installs ${absent.join(", ")} as it gets the engine`);
}

export function imageChecks(isLocal) {
  return Object.values(readJson("components/docker/images.json")).map(({ official, standIn }) => {
    const name = `image ${official}`;
    if (isLocal(official)) return found(name, "on the Docker host");
    if (isLocal(standIn)) return found(name, `stand-in ${standIn}`);
    return toDo(
      name,
      "where a stack uses it, set-up pulls it, else builds a stand-in (as root, with debootstrap)",
    );
  });
}

function checkPassphrase() {
  const name = "passphrase";
  const file = join(project, ".passphrase");
  const states = join(project, ".pulumi-state", ".pulumi", "stacks");
  if (existsSync(file)) {
    const open = (statSync(file).mode & 0o077) !== 0;
    return open
      ? missing(name, 'others can read .passphrase: run "chmod 600 .passphrase"')
      : found(name, ".passphrase");
  }
  if (existsSync(states) && readdirSync(states).length > 0)
    return missing(
      name,
      "there are stacks but no .passphrase: put it back from your backup, or their secrets are lost",
    );
  return toDo(name, "set-up generates .passphrase");
}

export function doctor() {
  const checks = [
    found("Node", process.versions.node),
    checkDependencies(),
    checkDocker(),
    ...checkLimits(),
    checkEngine(),
    checkPlugins(),
    ...imageChecks((image) => ask("docker", ["image", "inspect", image]).ok),
    checkPassphrase(),
  ];
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, state, text } of checks)
    console.log(`${state.padEnd(7)}  ${name.padEnd(width)}  ${text}`);
  return checks.some(({ state }) => state === "MISSING") ? 1 : 0;
}
