import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import type { ClientSettings } from "../../../components/clients/kinds/client";
import { clients } from "../../../components/clients/kinds/clients";
import { toml } from "../../support/toml";

const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const ADDRESS = "r.example.com:5443";
const BUNDLE: ClientSettings = {
  addresses: [ADDRESS],
  caCertificate: pem("OLD") + pem("NEW"),
  username: "alice",
  password: "secret",
  hostsEntry: "",
};
const KEY = "-----BEGIN PRIVATE KEY-----\nKEY\n-----END PRIVATE KEY-----\n";
const MUTUAL = {
  ...BUNDLE,
  clientCertificate: { certificatePem: pem("CLIENT"), privateKeyPem: KEY.trimEnd() },
};
const PLAIN = { ...MUTUAL, plainHttp: true };

type Kind = keyof ReturnType<typeof clients>;

const fragment = (kind: Kind, settings: ClientSettings) =>
  Object.values(clients(settings)[kind].fragments).join("");

/** The kinds of client that have a folder of certificates for each registry, and where. */
const FOLDERS: { readonly [kind in Kind]?: string } = {
  docker: "/etc/docker/certs.d",
  dockerRootless: "~/.config/docker/certs.d",
  dockerDesktopMac: "~/.docker/certs.d",
  containerd1: "/etc/containerd/certs.d",
  containerd2: "/etc/containerd/certs.d",
  k3s: "/etc/rancher/k3s/certs.d",
  rke2: "/etc/rancher/rke2/certs.d",
  podman: "/etc/containers/certs.d",
  podmanRootless: "~/.config/containers/certs.d",
  buildkit: "/etc/buildkit/certs.d",
};

test("every runtime has all authorities of a bundle in its ca.crt", () => {
  for (const [kind, folder] of Object.entries(FOLDERS)) {
    const { files } = clients(BUNDLE)[kind as Kind];
    assert.equal(files[`${folder}/${ADDRESS}/ca.crt`], BUNDLE.caCertificate, kind);
    assert.ok(!Object.keys(files).some((path) => path.includes("client.")), kind);
  }
});

test("every runtime has the client's certificate and key beside it, both ending in one newline", () => {
  for (const [kind, folder] of Object.entries(FOLDERS)) {
    const { files } = clients(MUTUAL)[kind as Kind];
    assert.equal(files[`${folder}/${ADDRESS}/client.cert`], pem("CLIENT"), kind);
    assert.equal(files[`${folder}/${ADDRESS}/client.key`], KEY, kind);
  }
});

test("a trust store has a file for each authority of a bundle, which each is imported", () => {
  const name = "private-registry-r.example.com_5443";
  for (const [kind, folder, commands] of [
    ["osTrustDebian", "/usr/local/share/ca-certificates/", 1],
    ["osTrustRedHat", "/etc/pki/ca-trust/source/anchors/", 1],
    ["osTrustSuse", "/etc/pki/trust/anchors/", 1],
    ["osTrustMac", "", 2],
    ["osTrustWindows", "", 2],
  ] as const) {
    const bundle = clients(BUNDLE)[kind];
    assert.deepEqual(bundle.files, {
      [`${folder}${name}.crt`]: pem("OLD"),
      [`${folder}${name}.2.crt`]: pem("NEW"),
    });
    assert.equal(bundle.commands.length, commands, kind);
  }
  const desktop = clients(BUNDLE).dockerDesktopWindows;
  assert.deepEqual(desktop.files, {
    "r.example.com_5443.crt": pem("OLD"),
    "r.example.com_5443.2.crt": pem("NEW"),
  });
  assert.equal(desktop.commands.filter((command) => command.startsWith("Import-Certificate")).length, 2);
});

test("containerd and BuildKit name the client's certificate and key", async () => {
  const pair = (folder: string) => [`${folder}/${ADDRESS}/client.cert`, `${folder}/${ADDRESS}/client.key`];
  const hosts = "/etc/containerd/certs.d";
  for (const kind of ["containerd1", "containerd2"] as const) {
    const { client, host } = await toml(clients(MUTUAL)[kind].files[`${hosts}/${ADDRESS}/hosts.toml`] ?? "");
    assert.deepEqual(client, [pair(hosts)]);
    assert.deepEqual(host[`https://${ADDRESS}`].client, [pair(hosts)]);
  }
  const [cert, key] = pair("/etc/buildkit/certs.d");
  const ca = [`/etc/buildkit/certs.d/${ADDRESS}/ca.crt`];
  assert.deepEqual((await toml(fragment("buildkit", MUTUAL))).registry, {
    [ADDRESS]: { ca, keypair: [{ key, cert }] },
  });
  const publicOne = await toml(fragment("buildkit", { ...MUTUAL, caCertificate: "" }));
  assert.deepEqual(publicOne.registry, { [ADDRESS]: { keypair: [{ key, cert }] } });
});

test("k3s and RKE2 name the client's certificate and key", () => {
  for (const kind of ["k3s", "rke2"] as const) {
    const folder = `/etc/rancher/${kind}/certs.d/${ADDRESS}`;
    assert.deepEqual(parse(fragment(kind, MUTUAL)).configs[ADDRESS].tls, {
      ca_file: `${folder}/ca.crt`,
      cert_file: `${folder}/client.cert`,
      key_file: `${folder}/client.key`,
    });
  }
});

test("a job of GitHub or GitLab has the client's certificate, and its key from a secret", () => {
  for (const [kind, text] of [
    ["githubActions", parse(fragment("githubActions", MUTUAL))[0].run],
    ["gitlabCi", parse(fragment("gitlabCi", MUTUAL)).push.services[0].command[0]],
  ] as const) {
    assert.match(text, /client\.cert' >\/dev\/null <<'END'\n-----BEGIN CERTIFICATE-----\nCLIENT\n/);
    assert.match(text, /"\$REGISTRY_CLIENT_KEY".*client\.key' >\/dev\/null\n.*chmod 600 .*client\.key'/);
    assert.ok(!fragment(kind, MUTUAL).includes("PRIVATE KEY"));
    assert.deepEqual(clients(MUTUAL)[kind].files, { "r.example.com_5443-client.key": KEY });
  }
});

test("a kind that cannot hold a client's certificate says so, and only then", () => {
  const noted = (settings: ClientSettings) =>
    Object.entries(clients(settings)).flatMap(([kind, { notes }]) => (notes === undefined ? [] : [kind]));
  assert.deepEqual(noted(MUTUAL), [
    "dockerDesktopWindows",
    "kubernetes",
    "osTrustDebian",
    "osTrustRedHat",
    "osTrustSuse",
    "osTrustMac",
    "osTrustWindows",
  ]);
  for (const settings of [BUNDLE, PLAIN]) assert.deepEqual(noted(settings), []);
  const byName = { ...MUTUAL, addresses: ["r.example.com"] };
  assert.ok(!noted(byName).includes("dockerDesktopWindows"));
  assert.equal(clients(byName).dockerDesktopWindows.files["~/.docker/certs.d/r.example.com/client.key"], KEY);
});

test("no kind has a certificate over plain HTTP, and each client is told of it without a scheme", () => {
  for (const [kind, { files, fragments }] of Object.entries(clients(PLAIN)))
    assert.ok(!/BEGIN|https:|\.crt|client\./.test(JSON.stringify({ files, fragments })), kind);
  for (const kind of ["docker", "dockerRootless", "dockerDesktopMac", "dockerDesktopWindows"] as const)
    assert.deepEqual(JSON.parse(fragment(kind, PLAIN)), { "insecure-registries": [ADDRESS] });
  const [step] = parse(fragment("githubActions", PLAIN));
  assert.match(
    step.run,
    /jq '\."insecure-registries" \+= \["r\.example\.com:5443"\]' .*\n.*\nsudo systemctl reload docker$/m,
  );
  const [command] = parse(fragment("gitlabCi", PLAIN)).push.services[0].command;
  assert.equal(command, "exec dockerd-entrypoint.sh --insecure-registry='r.example.com:5443'\n");
});
