import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { RegistryConsumer, type RegistryConsumerArgs, registryOutputs } from "../../../components";
import { dockerConfigJson } from "../../../components/clients/kinds/clientFiles";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const endpoint = "registry.example.com:5443";
const password = "correct: horse battery";
const json = dockerConfigJson([endpoint, "other.example.com:5443"], "deploy", password);
const good: RegistryConsumerArgs = { endpoint, dockerConfigJson: json };

const declared = (args: RegistryConsumerArgs = good) => declare(() => new RegistryConsumer("shop", args));

/** The lines of the refusal, without the first. */
async function problems(args: object): Promise<string[]> {
  const { message } = await declareFailing(
    () => new RegistryConsumer("shop", { ...good, ...args } as RegistryConsumerArgs),
  );
  const [first, ...rest] = message.split("\n");
  assert.equal(first, "shop cannot be created:");
  assert.ok(!message.includes("horse"));
  return rest.map((line) => line.replace(/^ {2}- /, ""));
}

async function reference(image: string, args = good): Promise<string> {
  return valueIn((await declare(() => new RegistryConsumer("shop", args).imageReference(image))).result);
}

async function refusal(image: string): Promise<string> {
  const { message } = await declareFailing(() => new RegistryConsumer("shop", good).imageReference(image));
  return message;
}

test("a consumer creates no resource but itself, which shows no password", async () => {
  const { resources } = await declared();
  assert.deepEqual(
    resources.map(({ type, name }) => [type, name]),
    [["private-registry:RegistryConsumer", "shop"]],
  );
  assert.deepEqual(resources[0]?.secretInputs, ["dockerConfigJson"]);
  const other = await declared({ endpoint, credentials: { deploy: password } });
  assert.deepEqual(other.resources[0]?.secretInputs, ["credentials"]);
  assert.ok(!other.resources[0]?.shown.includes(password));
});

test("the login for a docker provider comes from config.json, or from the credentials of a user", async () => {
  const expected = { address: endpoint, username: "deploy", password };
  assert.deepEqual(await valueIn((await declared()).result.registryAuth), expected);
  const entry = { username: "deploy", password };
  const sources: RegistryConsumerArgs[] = [
    { endpoint, dockerConfigJson: JSON.stringify({ auths: { [endpoint]: entry } }) },
    { endpoint, credentials: { deploy: password } },
    { endpoint, credentials: { ci: "other", deploy: pulumi.secret(password) }, user: "deploy" },
  ];
  for (const args of sources) {
    assert.deepEqual(await valueIn((await declared(args)).result.registryAuth), expected);
  }
});

test("the pull secret is a Kubernetes manifest with the login for the endpoint alone", async () => {
  const { kind, type, metadata, data } = parse(await valueIn((await declared()).result.pullSecretManifest));
  assert.deepEqual([kind, type], ["Secret", "kubernetes.io/dockerconfigjson"]);
  assert.deepEqual(metadata, { name: "private-registry-registry.example.com-5443" });
  const { auths } = JSON.parse(Buffer.from(data[".dockerconfigjson"], "base64").toString("utf8"));
  const auth = Buffer.from(`deploy:${password}`).toString("base64");
  assert.deepEqual(auths, { [endpoint]: { auth } });
});

test("what holds the password is secret, even of plain values; references and certificate are not", async () => {
  const { result } = await declare(() => {
    const consumer = new RegistryConsumer("shop", { ...good, dockerConfigJson: pulumi.secret(json) });
    return { ...consumer, image: consumer.imageReference("app:1") };
  });
  const { result: plain } = await declared();
  for (const { registryAuth, pullSecretManifest } of [result, plain]) {
    assert.equal(await pulumi.isSecret(registryAuth), true);
    assert.equal(await pulumi.isSecret(pullSecretManifest), true);
  }
  for (const open of [result.endpoint, result.image, result.caCertificate]) {
    assert.equal(await pulumi.isSecret(open), false);
  }
});

test("an image is named by repository with tag, digest, both or neither, and may be an output", async () => {
  const digest = `sha256:${"0a".repeat(32)}`;
  for (const image of ["app", "team/app:1", `app@${digest}`, `a/b-c/d__e.f:v1.0_X@${digest}`]) {
    assert.equal(await reference(image), `${endpoint}/${image}`);
  }
  assert.equal(await reference("app:1", { ...good, endpoint: pulumi.output(endpoint) }), `${endpoint}/app:1`);
});

for (const [image, what] of [
  ["", "is empty"],
  ["https://team/app:1", '"https://team/app:1" has a scheme in it'],
  [`${endpoint}/team/app:1`, `has a registry, "${endpoint}", in it; write "team/app:1"`],
  ["docker.io/library/app", 'has a registry, "docker.io", in it; write "library/app"'],
  ["localhost/app", 'has a registry, "localhost", in it'],
  ["Team/App:V1", 'has upper case letters in its repository; write "team/app:V1"'],
  ["team//app", "has no legal repository"],
  ["/app", "has no legal repository"],
  ["app-", "has no legal repository"],
  ["app:", 'has "" for a tag'],
  ["app:-1", 'has "-1" for a tag'],
  [`app:${"x".repeat(129)}`, "for a tag"],
  ["app:1:2", 'has "1:2" for a tag'],
  ["app@sha256:abc", 'has "sha256:abc" for a digest'],
  [`app@md5:${"0".repeat(32)}`, "for a digest"],
  ["app:1 ", "has a space"],
  ["app:1\n", "has a space or control character"],
  ["x".repeat(240), "has a repository of 240 characters; write 229 or fewer"],
] as const) {
  test(`the image ${JSON.stringify(image).slice(0, 30)} is refused`, async () => {
    const message = await refusal(image);
    assert.ok(message.startsWith("shop.imageReference: image: "), message);
    assert.ok(message.includes(what), message);
  });
}

for (const [bad, what] of [
  [undefined, "is missing"],
  ["", "is empty"],
  [{ host: "a" }, "is not text"],
  ["https://registry.example.com", 'has a scheme in it; write "registry.example.com"'],
  ["registry.example.com:5443/v2", 'has a path in it; write "registry.example.com:5443"'],
  ["registry.example.com:443", 'another registry; write "registry.example.com"'],
  ["registry", "has neither a dot nor a port"],
  ["Registry.example.com", "is not a registry's address"],
  ["2001:db8::7", "is not a registry's address"],
  ["a b:5000", "is not a registry's address"],
  ["registry:x", "is not a registry's address"],
  ["registry:70000", "70000 is not a port"],
] as const) {
  test(`the endpoint ${JSON.stringify(bad)} is refused`, async () => {
    const [only = "", ...more] = await problems({ endpoint: bad });
    assert.deepEqual(more, []);
    assert.ok(only.startsWith("endpoint: ") && only.includes(what), only);
  });
}

test("the endpoints that registries have are taken", async () => {
  for (const address of ["registry.example.com", "localhost:5000", "10.0.0.7", "[2001:db8::7]:5000"]) {
    assert.equal(
      await reference("app:1", { endpoint: address, credentials: { ci: "x" } }),
      `${address}/app:1`,
    );
  }
});

for (const [title, args, what] of [
  ["text that is not JSON", { dockerConfigJson: `${password} {` }, "dockerConfigJson: is not JSON"],
  ["JSON without logins", { dockerConfigJson: '{"horse": 1}' }, 'dockerConfigJson: has no "auths"'],
  ["a map instead of text", { dockerConfigJson: { auths: {} } }, "dockerConfigJson: is not text"],
  [
    "no login for the endpoint",
    { dockerConfigJson: dockerConfigJson(["a:5000"], "u", password) },
    `dockerConfigJson: has no login for the endpoint "${endpoint}", but one for "a:5000"`,
  ],
  [
    "a login that is in a credential store",
    { dockerConfigJson: JSON.stringify({ auths: { [endpoint]: {} }, credsStore: "pass" }) },
    "dockerConfigJson: has no user name and password",
  ],
  ["neither source", { dockerConfigJson: undefined }, "dockerConfigJson: is missing"],
  [
    "an output that is not there",
    { dockerConfigJson: pulumi.output(undefined) },
    "dockerConfigJson: is missing",
  ],
  ["both sources", { credentials: { ci: password } }, "credentials: comes with dockerConfigJson"],
  ["a user of config.json", { user: "ci" }, 'user: "ci" is for credentials'],
  ["no users", { dockerConfigJson: undefined, credentials: {} }, "credentials: has no users"],
  [
    "several users and no choice",
    { dockerConfigJson: undefined, credentials: { ci: password, deploy: "x" } },
    'user: is missing; write one of "ci", "deploy"',
  ],
  [
    "an unknown user",
    { dockerConfigJson: undefined, credentials: { ci: password }, user: "bob" },
    'user: "bob" is not one of credentials; write one of "ci"',
  ],
  [
    "a user without a password",
    { dockerConfigJson: undefined, credentials: { ci: "" } },
    'credentials: has no password for "ci"',
  ],
  ["a certificate that is none", { caCertificate: "horse" }, "caCertificate: holds no certificate"],
] as const) {
  test(`a login from ${title} is refused, and no secret is shown`, async () => {
    const [only = "", ...more] = await problems(args);
    assert.deepEqual(more, []);
    assert.ok(only.startsWith(what), only);
  });
}

test("every problem is told in one message", async () => {
  const lines = await problems({ dockerConfigJson: "x", caCertificate: "x" });
  assert.deepEqual(
    lines.map((line) => line.split(":")[0]),
    ["dockerConfigJson", "caCertificate"],
  );
});

/** A reference to a stack whose only secret output is its `config.json`. */
function referenceTo(outputs: { readonly [name: string]: string }): pulumi.StackReference {
  const getOutput = (name: string) =>
    name === "dockerConfigJson" ? pulumi.secret(outputs[name]) : pulumi.output(outputs[name]);
  return { name: pulumi.output("acme/registry/dev"), getOutput } as unknown as pulumi.StackReference;
}

test("the outputs of another stack are read by their own names, and only its secret is one", async () => {
  const { result } = await declare(() => {
    const reference = referenceTo({ endpoint, dockerConfigJson: json, caCertificate: "" });
    return new RegistryConsumer("shop", registryOutputs(reference));
  });
  assert.equal(await valueIn(result.endpoint), endpoint);
  assert.equal(await pulumi.isSecret(result.endpoint), false);
  assert.equal((await valueIn(result.registryAuth)).password, password);
});

test("a stack without a registry's outputs is refused by its name", async () => {
  const reference = () => referenceTo({ endpoint, dockerConfigJson: json });
  const { message } = await declareFailing(() => new RegistryConsumer("shop", registryOutputs(reference())));
  assert.match(message, /the stack acme\/registry\/dev has no output caCertificate; export/);
  assert.ok(!message.includes("horse"));
});
