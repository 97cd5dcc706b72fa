import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { settingsKind } from "../../../infra/configShapes";
import { conversion } from "../../../infra/oldConfig";
import { oldKeys } from "../../../infra/oldKeys";
import { makeContext } from "../../../tools/context";
import { refuseOldStackFile } from "../../../tools/oldStackFile";
import { readAll } from "../../support/infraConfig";
import { declare } from "../../support/mocks";
import { converted, oldStacks, oldUsual } from "../../support/oldStacks";

const project = "private-registry";

/** A stack file's config without the project in its keys. */
function configOf(file: string): { readonly [key: string]: unknown } {
  const entries = Object.entries(parse(file).config);
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(`${project}:`, ""), value]));
}

function textOf(values: object, encrypted: readonly string[] = []): string {
  const isEncrypted = (key: string) => encrypted.includes(key);
  return conversion({ ...values }, { project, stack: "dev", isEncrypted }) ?? "";
}

/** The settings that the lines give in place of these old keys. */
function settingsOf(values: object): unknown {
  return configOf(converted("config:\n", textOf(values))).settings;
}

/** Everything that a registry declares but the components, whose own inputs run nothing. */
async function declared(args: PrivateRegistryArgs) {
  const { resources } = await declare(() => new PrivateRegistry("main", args));
  return resources
    .filter(({ type }) => !type.startsWith(project))
    .map(({ name, parent, type, inputs, dependsOn }) => ({ name, parent, type, inputs, dependsOn }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

for (const [stack, { file, args: old }] of Object.entries(oldStacks)) {
  test(`the old Pulumi.${stack}.yaml becomes, by the lines that are printed, a file with the same arguments`, async () => {
    const config = configOf(converted(file, textOf(configOf(file))));
    assert.deepEqual(Object.keys(config), ["settings"]);
    const args: PrivateRegistryArgs = JSON.parse(
      JSON.stringify(await readAll({ dockerHost: "", ...config })),
    );
    assert.deepEqual({ ...oldUsual, ...args }, old);
    const [before, after] = [await declared(old), await declared(args)];
    assert.ok(before.length > 10);
    assert.deepEqual(after, before);
  });
}

test("the program refuses an old file before it looks at anything else", async () => {
  await assert.rejects(readAll({ port: 5443, prot: 1, settings: "wrong" }), (error) => {
    assert.match(String(error), /Pulumi\.dev\.yaml is of an older version/);
    assert.match(String(error), /\n {2}private-registry:settings:\n {4}port: 5443\n/);
    return true;
  });
});

test("the tools refuse it too, from the file itself, and show nothing that is encrypted", () => {
  const folder = mkdtempSync(join(tmpdir(), "old-stack-"));
  try {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    const context = makeContext("dev", folder);
    const write = (text: string) => writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
    refuseOldStackFile(context, []);
    write("config:\n  shop:port: 5443\n  shop:labels:\n    team:\n      secure: v1:abc\n");
    assert.throws(
      () => refuseOldStackFile(context, []),
      (error: Error) => {
        assert.match(error.message, /\n {2}shop:settings:\n {4}port: 5443\n {4}labels: # move here /);
        assert.doesNotMatch(error.message, /v1:abc|team/);
        return true;
      },
    );
    write('config:\n  shop:realm: "Be secure: log in"\n  shop:labels: { secure: { a: b } }\n');
    assert.throws(
      () => refuseOldStackFile(context, []),
      /realm: "Be secure: log in"\n {4}labels:\n {6}secure:\n/,
    );
    write("config:\n  shop:registryResources: &both\n    cpus: 2\n  shop:proxyResources:\n    <<: *both\n");
    assert.throws(() => refuseOldStackFile(context, []), /proxyResources:\n {6}cpus: 2\n/);
    refuseOldStackFile(context, ["--config-file", "elsewhere.yaml"]);
    write("config:\n  shop:settings:\n    port: 5443\n");
    refuseOldStackFile(context, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a file without an old key is left alone", () => {
  assert.equal(
    textOf({ settings: { port: 1 }, "password-ci": "x", ownPrivateKeyPem: "x", dockerHost: "" }),
    "",
  );
});

test("every old key has a place among the settings, and only what is newer than they has none", () => {
  const places = Object.entries(oldKeys).map(([key, { path = [key] }]) => path[0]);
  const known: readonly string[] = Object.keys(settingsKind.keys);
  assert.deepEqual(
    places.filter((key) => !known.includes(key ?? "")),
    ["passwordGenerations"],
  );
  assert.deepEqual(
    known.filter((key) => !places.includes(key)),
    [
      "networkSubnets",
      "access",
      "immutableTags",
      "retention",
      "outgoing",
      "keeper",
      "diskGuard",
      "quotas",
      "backup",
      "blobCache",
      "log",
      "metrics",
      "page",
      "keeperImage",
      "keeperResources",
    ],
    "are newer than the old keys",
  );
});

test("values keep their types, which the engine hands over as text", () => {
  const values = {
    port: "8443",
    proxyServesBlobs: "false",
    realm: "yes",
    timeZone: "12:30",
    hostnames: '["a.b"]',
  };
  const rest = { registryConfigOverrides: '{"catalog":{"maxentries":5}}', proxySnippet: "a;\n\nb; # c\n" };
  assert.deepEqual(settingsOf({ ...values, ...rest, clientUser: "007", labels: { a: "1" } }), {
    hostnames: ["a.b"],
    port: 8443,
    clientUser: "007",
    registryConfigOverrides: { catalog: { maxentries: 5 } },
    proxySnippet: "a;\n\nb; # c\n",
    proxyServesBlobs: false,
    realm: "yes",
    timeZone: "12:30",
    labels: { a: "1" },
  });
  assert.match(
    textOf(values),
    /realm: "yes"\n {4}timeZone: "12:30"\n/,
    "older YAML reads other things there",
  );
});

test("text that the engine would read as something else is in quotes", () => {
  const odd = { a: "0o17", b: "1e3", c: "no", d: "2024-01-01", "0o17": "NaN" };
  assert.deepEqual(settingsOf({ labels: odd, realm: "a\u2028b\ufeff" }), {
    realm: "a\u2028b\ufeff",
    labels: odd,
  });
  const text = textOf({ clientUser: "0o17", realm: "a\u2028b\ufeff", labels: odd });
  assert.match(text, /clientUser: "0o17"\n {4}realm: "a\\u2028b\\ufeff"\n/);
  assert.match(text, /"0o17": NaN\n/);
});

test("a key without a value is an empty one", () => {
  assert.deepEqual(settingsOf({ hostnames: ["a.b"], port: null, acme: null, users: null }), {
    hostnames: ["a.b"],
  });
});

test("what Pulumi.yaml gave to every stack is left out", () => {
  const usual = Object.fromEntries(Object.entries(oldKeys).map(([key, { usual = "" }]) => [key, usual]));
  assert.deepEqual(settingsOf({ ...usual, waf: {}, extraSans: [] }), {});
  assert.deepEqual(settingsOf({ users: ["admin"], passwordGenerations: { admin: 2 } }), {
    users: [{ name: "admin", passwordGeneration: 2 }],
  });
  assert.deepEqual(settingsOf({ passwordGenerations: { admin: 2 } }), {
    users: [{ name: "admin", passwordGeneration: 2 }],
  });
});

test("certificates and authorities of one's own become objects, without what was ignored beside them", () => {
  const ofGenerated = { certificate: { country: "GB" }, caGeneration: 2, caRetiredGeneration: 1 };
  const own = { ownCertificatePem: "A\nB\n", ownCaCertificatePem: "ROOT" };
  const ownCertificate = { certificatePem: "A\nB\n", caCertificatePem: "ROOT" };
  assert.deepEqual(settingsOf({ ...own, ...ofGenerated }), { ownCertificate });
  const kept = { keepGeneratedAuthority: true };
  assert.deepEqual(settingsOf({ ...own, ...ofGenerated, ...kept }), {
    ...ofGenerated,
    ownCertificate,
    ...kept,
  });
  const authority = { ownAuthorityPem: "A", ownAuthorityRootPem: "ROOT" };
  assert.deepEqual(settingsOf({ ...authority, ...ofGenerated }), {
    certificate: ofGenerated.certificate,
    ownAuthority: { certificatePem: "A", rootPem: "ROOT" },
  });
});

test("what is encrypted is not shown, and has a place where its lines go as they stand", () => {
  const values = { users: ["ci"], ownCertificatePem: "hunter22", registryConfigOverrides: { a: "hunter22" } };
  const text = textOf(values, ["ownCertificatePem", "registryConfigOverrides"]);
  assert.doesNotMatch(text, /hunter22/);
  const move = (key: string) =>
    `# move here what is indented below ${project}:${key}, and indent it below this line\n`;
  assert.ok(text.includes(`\n    ownCertificate:\n      certificatePem: ${move("ownCertificatePem")}`), text);
  assert.ok(text.includes(`\n    registryConfigOverrides: ${move("registryConfigOverrides")}`), text);
  assert.match(text, /:registryConfigOverrides \(encrypted: keep its lines, they move as they stand\)\n/);
  assert.doesNotMatch(text, /:users \(/);
});

test("what an encrypted value decides is kept, and a generation in one is asked for", () => {
  const ofGenerated = { certificate: { country: "GB" }, caGeneration: 2 };
  const text = textOf({ certificateSource: "generated", ...ofGenerated }, ["certificateSource"]);
  assert.match(text, /certificate:\n {6}country: GB\n {4}caGeneration: 2\n/);
  assert.match(
    textOf({ users: ["ci"], passwordGenerations: { ci: 2 } }, ["passwordGenerations"]),
    /- name: ci\n {8}passwordGeneration: # write the number here that passwordGenerations has for this user/,
  );
});

test("an old key beside the new one goes into it", () => {
  assert.match(
    textOf({ port: 1, settings: { hostnames: ["a"] } }),
    /only what is below their first line, into/,
  );
  assert.doesNotMatch(textOf({ port: 1, settings: "{}" }), /only what is below/);
});
