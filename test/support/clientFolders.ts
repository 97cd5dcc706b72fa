import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import type { ClientSettings } from "../../components/clients/kinds/client";
import { installScript } from "../../components/clients/script/installScript";
import { run } from "../../tools/shell";
import { fileListing } from "./fileListing";

/**
 * Everything the script may use on a client, beside docker; python3 and jq only where a test adds them. There is no
 * printf: one that is not built into the shell would show the password in the process list, and fails here.
 */
const TOOLS =
  "sh awk cat chmod cmp cp dirname find grep id ls mkdir mktemp mv rm rmdir sha256sum sleep sort touch".split(
    " ",
  );
export const PASSWORD = `a'b"c$HOME\`id\`\\n%s -- !#&;|<>*?[]{}~ü`;
export const A: ClientSettings = {
  addresses: ["a.example.com:5443"],
  caCertificate: "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n",
  username: "alice",
  password: PASSWORD,
  hostsEntry: "198.51.100.1 a.example.com",
};
export const B: ClientSettings = {
  addresses: ["b.example.com"],
  caCertificate: "-----BEGIN CERTIFICATE-----\nB\n-----END CERTIFICATE-----\n",
  username: "bob",
  password: "other",
  hostsEntry: "198.51.100.1 b.example.com",
};
/** A docker or skopeo command that keeps its file as the real one does, and writes down how it was called. */
const DOCKER = `#!${process.execPath}
const fs = require("node:fs");
const argv = process.argv.slice(2);
if (argv[0] === "--version") process.exit(0);
const file = argv[1] === "--authfile" ? argv.splice(1, 2)[1] : process.env.DOCKER_CONFIG + "/config.json";
const stdin = argv[0] === "login" ? fs.readFileSync(0, "utf8") : "";
if (argv[0] === "info") process.stdout.write(fs.readFileSync(process.env.HOME + "/info"));
if (argv[0] === "info") process.exit(0);
fs.appendFileSync(process.env.HOME + "/calls", JSON.stringify({ argv, stdin }) + "\\n");
if (fs.existsSync(process.env.HOME + "/refuse") && argv[0] === "login") {
  console.error("Error response from daemon: 401 Unauthorized: unauthorized");
  process.exit(1);
}
const config = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
const { [argv.at(-1)]: ours, ...auths } = config.auths ?? {};
const auth = Buffer.from(argv[2] + ":" + stdin).toString("base64");
const after = Object.entries(argv[0] === "login" ? { ...auths, [argv.at(-1)]: { auth } } : auths);
config.auths = Object.fromEntries(after.sort());
fs.writeFileSync(file + ".new", JSON.stringify(config, null, "\\t"), { mode: fs.existsSync(file) ? fs.statSync(file).mode : 0o600 });
fs.renameSync(file + ".new", file);
`;

/** Binds the scratch folders over the system's in a mount namespace, so that the script runs as it is shipped. */
const ENTER = `set -eu
for own in etc run root home var/lib; do mount --bind "$1/$own" "/$own"; done
mount --bind /etc/hosts /etc/hosts
bin=$2 user=$3 home=$4; shift 4
set -- env -i PATH="$bin" HOME="$home" "$@"
[ "$user" = 0 ] || set -- setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
exec "$@"`;
/** The user that is not root. */
const USER = 1234;

const NAMESPACE = process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--map-root-user"];

export const pathOf = (tool: string) =>
  realpathSync(["/usr/bin", "/bin"].map((folder) => join(folder, tool)).find(existsSync) ?? tool);
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A client machine made of folders, no daemon, no network; the script runs there as root, or as another user. */
export function client(
  shell: string,
  extraTools: readonly string[] = [],
  clients = ["docker"],
  { isRoot = true } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "consumer-client-"));
  folders.push(folder);
  const bin = join(folder, "bin");
  for (const own of ["etc", "run", "root", "home/user", "var/lib", "bin"])
    mkdirSync(join(folder, own), { recursive: true });
  if (!isRoot) for (const own of ["", "home/user"]) chownSync(join(folder, own), USER, USER);
  const home = isRoot ? "root" : "home/user";
  const busybox = shell === "busybox" ? pathOf("busybox") : undefined;
  for (const tool of TOOLS) symlinkSync(busybox ?? pathOf(tool === "sh" ? shell : tool), join(bin, tool));
  for (const tool of extraTools) symlinkSync(pathOf(tool), join(bin, tool));
  for (const program of clients) writeFileSync(join(bin, program), DOCKER, { mode: 0o755 });
  const machine = {
    path: (path: string) => join(folder, path),
    read: (path: string) => readFileSync(join(folder, path), "utf8"),
    write(path: string, text: string, mode = 0o644) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text);
      chmodSync(join(folder, path), mode);
    },
    /** Writes a file of the script's user, in folders of that user. */
    own(path: string, text: string) {
      machine.write(path, text);
      if (isRoot) return;
      for (let at = path; at !== home; at = dirname(at)) chownSync(join(folder, at), USER, USER);
    },
    calls: (): { argv: string[]; stdin: string }[] =>
      machine
        .read(`${home}/calls`)
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    /** Every file but the fake docker's own notes. */
    files: (withTimes = false) =>
      ["etc", "root", "home", "var/lib"]
        .flatMap((own) => fileListing(join(folder, own), `/${own}`, withTimes))
        .filter((line) => !/ \/(root|home\/user)\/(calls|refuse|info) /.test(line)),
    /** Runs the script by stdin, as over ssh. */
    run(settings: ClientSettings, ...options: string[]) {
      const script = [join(bin, "sh"), "-s", "--", ...options];
      const user = String(isRoot ? 0 : USER);
      const command = [
        "unshare",
        ...NAMESPACE,
        "sh",
        "-c",
        ENTER,
        "enter",
        folder,
        bin,
        user,
        `/${home}`,
        ...script,
      ];
      return run(command, { input: installScript(settings) });
    },
    async install(settings: ClientSettings, ...options: string[]) {
      const answer = await machine.run(settings, ...options);
      assert.equal(answer.status, 0, answer.stdout + answer.stderr);
      return answer;
    },
    remove: (settings: ClientSettings) => machine.install(settings, "--remove"),
  };
  machine.write(
    "etc/hosts",
    "127.0.0.1 localhost\n# b.example.com was here\n192.0.2.1 other # no newline at the end",
  );
  return machine;
}
