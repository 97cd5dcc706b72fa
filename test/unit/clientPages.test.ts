import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { clients } from "../../components/consumer/clients";
import { isPossible } from "../support/clientFolders";

const PROJECT = resolve(__dirname, "../..");
const PAGES = "docs/clients";
/** What the pages take for granted. */
const EXAMPLE = {
  addresses: ["registry.example.com:5443"],
  caCertificate: "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
  username: "alice",
  password: "PASSWORD",
  hostsEntry: "",
};
const AUTH = Buffer.from(`${EXAMPLE.username}:${EXAMPLE.password}`).toString("base64");

const read = (path: string) => readFileSync(join(PROJECT, path), "utf8");
const pages = readdirSync(join(PROJECT, PAGES)).map((page) => join(PAGES, page));

/** The kinds of client that a page is about, as the table of the index has them. */
function kindsOf(page: string): string[] {
  const link = `](clients/${page.slice(PAGES.length + 1)})`;
  const row = read("docs/clients.md")
    .split("\n")
    .find((line) => line.startsWith("| [") && line.includes(link));
  return [...(row?.split("|")[2]?.matchAll(/`(\w+)`/g) ?? [])].map(([, kind = ""]) => kind);
}

test("every kind of client has a page, which has each of its files and commands", () => {
  const bundles = Object.entries(clients(EXAMPLE));
  assert.deepEqual(pages.flatMap(kindsOf).sort(), bundles.map(([kind]) => kind).sort());
  for (const page of pages) {
    const text = read(page);
    for (const [kind, { files, fragments, commands }] of bundles) {
      if (!kindsOf(page).includes(kind)) continue;
      const texts = Object.entries({ ...files, ...fragments });
      // The authority and the login are outputs; RKE2's file is k3s's in another folder.
      const shown = texts.filter(
        ([path, content]) =>
          content !== EXAMPLE.caCertificate &&
          !content.includes(AUTH) &&
          !/auth\.json|-secret|rke2/.test(path),
      );
      for (const part of [
        `\`${kind}\``,
        ...texts.map(([path]) => path),
        ...shown.map(([, content]) => content),
        ...commands,
      ])
        assert.ok(text.includes(part.trimEnd()), `${page} lacks this of ${kind}:\n${part}`);
    }
  }
});

test("the links of the pages, of their index and of the README lead somewhere", () => {
  for (const page of [...pages, "docs/clients.md", "docs/reference.md", "README.md"]) {
    for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [file = "", heading] = target.split("#");
      const path = file === "" ? page : join(dirname(page), file);
      assert.ok(existsSync(join(PROJECT, path)), `${page}: ${target}`);
      if (heading !== undefined) assert.ok(headings(path).includes(heading), `${page}: ${target}`);
    }
  }
});

/** The headings of a page, as addresses of its parts. */
function headings(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-"),
  );
}

const NAME = "private-registry-registry.example.com-5443";
const { [`${NAME}-secret.yaml`]: manifest = "", [`${NAME}-patch.yaml`]: patch = "" } =
  clients(EXAMPLE).kubernetes.files;
const needsKubectl = { skip: isPossible("which", "kubectl") ? false : "needs kubectl" };

test("kubectl makes the same pull secret of the same login", needsKubectl, () => {
  const login = `--docker-server=${EXAMPLE.addresses[0]} --docker-username=alice --docker-password=PASSWORD`;
  const made = kubectl(
    `create secret docker-registry ${NAME} ${login} --dry-run=client --output json`.split(" "),
  );
  const [theirs, ours] = [JSON.parse(made), parse(manifest)];
  assert.equal(theirs.metadata.name, ours.metadata.name);
  assert.equal(theirs.type, ours.type);
  const [address = ""] = EXAMPLE.addresses;
  assert.equal(loginIn(theirs)[address].auth, loginIn(ours)[address].auth);
});

test("kubectl merges the patch with the pull secrets that a pod has", needsKubectl, () => {
  const { imagePullSecrets } = parse(patch);
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "pod" }, spec: secrets(["other"]) };
  const text = JSON.stringify({ spec: { imagePullSecrets } });
  const command = ["patch", "--local", "--filename", "-", "--type", "strategic", "--patch", text];
  const patched = JSON.parse(kubectl([...command, "--output", "json"], JSON.stringify(pod)));
  assert.deepEqual(names(patched.spec), [NAME, "other"].sort());
});

test("the command for a service account keeps its pull secrets, and adds ours once", {
  skip: isPossible("which", "jq") ? false : "needs jq",
}, () => {
  const [, command = ""] = clients(EXAMPLE).kubernetes.commands;
  const [, filter = ""] = /\| (jq '.*') \|/.exec(command) ?? [];
  for (const account of [{}, secrets(["other"]), secrets(["other", NAME])]) {
    const { status, stdout } = spawnSync("sh", ["-c", filter], {
      input: JSON.stringify(account),
      encoding: "utf8",
    });
    assert.equal(status, 0);
    assert.deepEqual(names(JSON.parse(stdout)), names(account).includes("other") ? ["other", NAME] : [NAME]);
  }
});

interface WithSecrets {
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

const secrets = (all: readonly string[]): WithSecrets => ({
  imagePullSecrets: all.map((name) => ({ name })),
});
const names = ({ imagePullSecrets = [] }: WithSecrets) => imagePullSecrets.map(({ name }) => name).sort();

const loginIn = (secret: { data: { [key: string]: string } }) =>
  JSON.parse(Buffer.from(secret.data[".dockerconfigjson"] ?? "", "base64").toString()).auths;

function kubectl(args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("kubectl", args, { input, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}
