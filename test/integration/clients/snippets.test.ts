import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { parse } from "yaml";
import { clients } from "../../../components/clients/kinds/clients";

const EXAMPLE = {
  addresses: ["registry.example.com:5443"],
  caCertificate: "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
  username: "alice",
  password: "PASSWORD",
  hostsEntry: "",
};
const NAME = "private-registry-registry.example.com-5443";
const { [`${NAME}-secret.yaml`]: manifest = "", [`${NAME}-patch.yaml`]: patch = "" } =
  clients(EXAMPLE).kubernetes.files;

test("kubectl makes the same pull secret of the same login", () => {
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

test("kubectl merges the patch with the pull secrets that a pod has", () => {
  const { imagePullSecrets } = parse(patch);
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "pod" }, spec: secrets(["other"]) };
  const text = JSON.stringify({ spec: { imagePullSecrets } });
  const command = ["patch", "--local", "--filename", "-", "--type", "strategic", "--patch", text];
  const patched = JSON.parse(kubectl([...command, "--output", "json"], JSON.stringify(pod)));
  assert.deepEqual(names(patched.spec), [NAME, "other"].sort());
});

test("the command for a service account keeps its pull secrets, and adds ours once", () => {
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

test("the scripts of the snippets for GitHub and GitLab are POSIX sh", () => {
  const { githubActions, gitlabCi } = clients({ ...EXAMPLE, password: `a"b'c\\d: #ü$HOME` });
  const [step] = Object.values(githubActions.fragments).flatMap((text) => parse(text));
  const [job] = Object.values(gitlabCi.fragments).map((text) => parse(text));
  for (const script of [step.run, job.push.services[0].command[0]])
    assert.equal(spawnSync("sh", ["-n"], { input: script }).status, 0);
});
