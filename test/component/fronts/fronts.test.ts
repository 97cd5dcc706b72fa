import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { Front, PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { filesOf, folderOf, namedFilesOf } from "../../support/containers";
import { declare, declareFailing, valueIn } from "../../support/mocks";

const hostnames = ["registry.example.com"];

const registry = (args: Partial<PrivateRegistryArgs>) =>
  declare(() => new PrivateRegistry("main", { hostnames, port: 5443, bindAddress: "127.0.0.1", ...args }));

const published = [{ internal: 5000, external: 5443, ip: "127.0.0.1" }];

test("a direct front is the registry with port, certificate and users of its own, and no proxy", async () => {
  const { get, resources } = await registry({ front: Front.Direct, realm: "Shop" });
  assert.deepEqual(
    resources.filter(({ name }) => /proxy|socket|verifier/.test(name)),
    [],
  );
  const { inputs } = get("main-registry-container");
  assert.deepEqual(inputs.ports, published);
  assert.deepEqual(inputs.networksAdvanced, [{ name: "shop-test-main-network" }]);
  assert.equal(inputs.networkMode, undefined);
  const files = namedFilesOf(get("main-registry-files"));
  const folder = folderOf(get("main-registry-files"));
  assert.deepEqual(Object.keys(files).sort(), ["config.yml", "htpasswd", "server.crt", "server.key"]);
  assert.equal(files["server.crt"], "certificate of main-certificate-certificate\n");
  const { http, auth } = parse(files["config.yml"] ?? "");
  assert.equal(http.addr, ":5000");
  assert.equal(http.net, undefined);
  assert.equal(http.relativeurls, true);
  assert.deepEqual(http.http2, { disabled: true });
  assert.equal(http.tls.minimumtls, "tls1.2");
  assert.ok(http.tls.ciphersuites.every((suite: string) => /^TLS_ECDHE_.*(GCM|POLY1305)/.test(suite)));
  assert.deepEqual(auth, { htpasswd: { realm: "Shop", path: `${folder}/htpasswd` } });
});

test("no front is plain HTTP with logins: no certificate, no key, and outputs that say so", async () => {
  const { get, resources, result } = await registry({ front: Front.None });
  assert.deepEqual(
    resources.filter(({ type }) => type.startsWith("tls:")),
    [],
  );
  const files = namedFilesOf(get("main-registry-files"));
  assert.deepEqual(Object.keys(files).sort(), ["config.yml", "htpasswd"]);
  const { http, auth } = parse(files["config.yml"] ?? "");
  assert.deepEqual([http.addr, http.tls, auth.htpasswd.realm], [":5000", undefined, "Private Registry"]);
  assert.deepEqual(get("main-registry-container").inputs.ports, published);
  assert.equal(await valueIn(result.certificateExpiresAt), "");
  assert.equal(await valueIn(result.certificateDaysLeft), undefined);
  assert.equal(await valueIn(result.caCertificate), "");
});

test("another kind of server at the port is another door, which takes the one that stands there away first", async () => {
  const door = async (front: Front) => {
    const { inputs, deleteBeforeReplace } = (await registry({ front })).get("main-door");
    assert.equal(deleteBeforeReplace, true);
    return inputs.keepers;
  };
  assert.deepEqual(await door(Front.Nginx), { keeper: "proxy" });
  assert.deepEqual(await door(Front.Waf), { keeper: "proxy" });
  assert.deepEqual(await door(Front.Direct), { keeper: "registry" });
  assert.deepEqual(await door(Front.None), { keeper: "registry" });
});

for (const front of [Front.Nginx, Front.Direct]) {
  test(`no server of front "${front}" is touched if the registry that was tried does not start`, async () => {
    const { message, resources } = await declareFailing(
      () => new PrivateRegistry("main", { hostnames, front }),
      { state: { "main-registry-try": { exitCode: 1, containerLogs: "invalid loglevel\n" } } },
    );
    assert.match(message, /^main-registry-try ended with exit code 1:\ninvalid loglevel\n/);
    const servers = /-(door|container|verifier|activate)$/;
    assert.deepEqual(
      resources.filter(({ name }) => servers.test(name)),
      [],
    );
  });
}

test("no server is touched if nginx refuses the new files", async () => {
  const { resources } = await declareFailing(() => new PrivateRegistry("main", { hostnames }), {
    state: { "main-proxy-stage": { exitCode: 1, containerLogs: "unknown directive\n" } },
  });
  assert.ok(resources.every(({ name }) => !/-(door|container|verifier|activate)$/.test(name)));
});

test("what a front cannot honour is refused before anything is created, all in one message", async () => {
  const { message, resources } = await declareFailing(
    () =>
      new PrivateRegistry("main", {
        hostnames,
        front: Front.None,
        proxySnippet: "etag off;",
        proxyImage: "nginx:1.28",
        caGeneration: 2,
      }),
  );
  assert.deepEqual(message.split("\n"), [
    "main cannot be created:",
    '  - proxySnippet: is for nginx, and front is "none"; leave it out, or write "nginx" in front',
    '  - proxyImage: is for nginx, and front is "none"; leave it out, or write "nginx" in front',
    '  - caGeneration: is for TLS, and front "none" is plain HTTP; leave it out, or write "nginx" or "direct" in front',
  ]);
  assert.deepEqual(resources, []);
});

test("a firewall is nginx from another image, with rules among its files", async () => {
  const { get } = await registry({ front: Front.Waf, waf: { paranoiaLevel: 2 } });
  assert.equal(get("main-proxy-image").inputs.name, "owasp/modsecurity-crs:4.28.0-nginx-202607160307");
  const files = Object.entries(filesOf(get("main-proxy-files")));
  const textOf = (name: string) => files.find(([path]) => path.endsWith(`/${name}`))?.[1] ?? "";
  assert.match(textOf("waf.conf"), /tx\.paranoia_level=2/);
  const rules = files.find(([path]) => path.endsWith("/waf.conf"))?.[0];
  assert.ok(textOf("nginx.conf").includes(`modsecurity_rules_file ${rules};`));
  assert.match(get("main-proxy-stage").inputs.command[0], /ln -sfn "\$rules"/);
  const { get: getOther } = await registry({});
  assert.ok(!Object.keys(filesOf(getOther("main-proxy-files"))).some((path) => path.endsWith("/waf.conf")));
});

test("settings of the firewall are refused where there is none", async () => {
  const { message } = await declareFailing(
    () => new PrivateRegistry("main", { hostnames, front: Front.Nginx, waf: {} }),
  );
  assert.match(
    message,
    /waf: is for the front "waf", and front is "nginx"; leave it out, or write "waf" in front/,
  );
});
