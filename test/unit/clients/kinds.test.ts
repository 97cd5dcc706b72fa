import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type { ClientSettings } from "../../../components/clients/kinds/client";
import { clients } from "../../../components/clients/kinds/clients";
import { toml } from "../../support/toml";

const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const PASSWORD = `a"b'c\\d: #\u0085\u2028 ü$HOME`;
const TLS: ClientSettings = {
  addresses: ["r.example.com", "[2001:db8::7]:5443"],
  caCertificate: CA,
  username: "alice",
  password: PASSWORD,
  hostsEntry: "",
};
const PUBLIC = { ...TLS, caCertificate: "" };
const PLAIN = { ...TLS, plainHttp: true };

const files = (kind: keyof ReturnType<typeof clients>, settings = TLS) => clients(settings)[kind].files;
const fragment = (kind: keyof ReturnType<typeof clients>, settings = TLS) => {
  const texts = Object.values(clients(settings)[kind].fragments);
  assert.equal(texts.length, 1);
  return texts[0] ?? "";
};

test("Docker needs the authority for each address, rootless in the user's own folder, on macOS in .docker", () => {
  const folders = {
    docker: "/etc/docker",
    dockerRootless: "~/.config/docker",
    dockerDesktopMac: "~/.docker",
  };
  for (const [kind, folder] of Object.entries(folders)) {
    assert.deepEqual(files(kind as keyof typeof folders), {
      [`${folder}/certs.d/r.example.com/ca.crt`]: CA,
      [`${folder}/certs.d/[2001:db8::7]:5443/ca.crt`]: CA,
    });
  }
});

test("Docker's daemon.json is a fragment, and only over plain HTTP", () => {
  assert.deepEqual(clients(TLS).docker.fragments, {});
  assert.deepEqual(JSON.parse(fragment("docker", PLAIN)), { "insecure-registries": TLS.addresses });
  assert.deepEqual(files("docker", PLAIN), {});
});

describe("containerd", () => {
  test("has a hosts.toml with a host table, and the authority in both places", async () => {
    const folder = "/etc/containerd/certs.d/[2001:db8::7]:5443";
    for (const kind of ["containerd1", "containerd2"] as const) {
      assert.equal(files(kind)[`${folder}/ca.crt`], CA);
      assert.deepEqual(await toml(files(kind)[`${folder}/hosts.toml`] ?? ""), {
        server: "https://[2001:db8::7]:5443",
        ca: `${folder}/ca.crt`,
        host: {
          "https://[2001:db8::7]:5443": {
            capabilities: ["pull", "resolve", "push"],
            ca: `${folder}/ca.crt`,
          },
        },
      });
    }
  });

  test("takes no authority for a public one, and http:// over plain HTTP", async () => {
    const path = "/etc/containerd/certs.d/r.example.com/hosts.toml";
    const capabilities = ["pull", "resolve", "push"];
    for (const [settings, url] of [
      [PUBLIC, "https://r.example.com"],
      [PLAIN, "http://r.example.com"],
    ] as const) {
      assert.deepEqual(await toml(files("containerd2", settings)[path] ?? ""), {
        server: url,
        host: { [url]: { capabilities } },
      });
      assert.equal(Object.keys(files("containerd2", settings)).length, 2);
    }
  });

  test("1.x and 2.x name the folder in another plug-in", async () => {
    const registry = { config_path: "/etc/containerd/certs.d" };
    assert.deepEqual(await toml(fragment("containerd1")), {
      version: 2,
      plugins: { "io.containerd.grpc.v1.cri": { registry } },
    });
    assert.deepEqual(await toml(fragment("containerd2")), {
      version: 3,
      plugins: { "io.containerd.cri.v1.images": { registry } },
    });
  });
});

test("k3s and RKE2 have a mirror, the login and the authority for each address", () => {
  for (const kind of ["k3s", "rke2"] as const) {
    const ca = `/etc/rancher/${kind}/certs.d/r.example.com/ca.crt`;
    assert.equal(files(kind)[ca], CA);
    const { mirrors, configs } = parse(fragment(kind));
    assert.deepEqual(Object.keys(mirrors), TLS.addresses);
    assert.deepEqual(mirrors["r.example.com"], { endpoint: ["https://r.example.com"] });
    assert.deepEqual(configs["r.example.com"], {
      auth: { username: "alice", password: PASSWORD },
      tls: { ca_file: ca },
    });
  }
  assert.deepEqual(Object.keys(parse(fragment("k3s", PUBLIC)).configs["r.example.com"]), ["auth"]);
  assert.deepEqual(parse(fragment("k3s", PLAIN)).mirrors["r.example.com"], {
    endpoint: ["http://r.example.com"],
  });
});

test("the Podman family has authorities, a drop-in of its own and an auth.json", async () => {
  const dropIn = "registries.conf.d/private-registry-r.example.com.conf";
  for (const [kind, folder] of [
    ["podman", "/etc/containers"],
    ["podmanRootless", "~/.config/containers"],
  ] as const) {
    assert.deepEqual(Object.keys(files(kind)), [
      `${folder}/certs.d/r.example.com/ca.crt`,
      `${folder}/certs.d/[2001:db8::7]:5443/ca.crt`,
      `${folder}/${dropIn}`,
    ]);
  }
  for (const settings of [TLS, PLAIN]) {
    const insecure = settings === PLAIN;
    const { registry } = await toml(files("podman", settings)[`/etc/containers/${dropIn}`] ?? "");
    assert.deepEqual(
      registry,
      TLS.addresses.map((location) => ({ location, insecure })),
    );
  }
  const { auths } = JSON.parse(fragment("podman"));
  assert.equal(Buffer.from(auths["r.example.com"].auth, "base64").toString(), `alice:${PASSWORD}`);
});

test("BuildKit has a table for each address, or none under a public authority", async () => {
  const [first = "", second = ""] = TLS.addresses;
  const ca = (address: string) => ({ ca: [`/etc/buildkit/certs.d/${address}/ca.crt`] });
  assert.deepEqual((await toml(fragment("buildkit"))).registry, { [first]: ca(first), [second]: ca(second) });
  assert.deepEqual((await toml(fragment("buildkit", PLAIN))).registry[first], { http: true });
  assert.deepEqual(clients(PUBLIC).buildkit.fragments, {});
  assert.match(
    clients(TLS).buildkit.commands[0] ?? "",
    /^docker buildx create .*--buildkitd-config \/etc\/buildkit\/buildkitd\.toml/,
  );
});

test("Kubernetes has a pull secret and the patch that uses it", () => {
  const settings = { ...TLS, addresses: ["r.example.com:5443"] };
  const name = "private-registry-r.example.com-5443";
  const manifest = parse(files("kubernetes", settings)[`${name}-secret.yaml`] ?? "");
  assert.equal(manifest.metadata.name, name);
  assert.equal(manifest.type, "kubernetes.io/dockerconfigjson");
  const config = JSON.parse(Buffer.from(manifest.data[".dockerconfigjson"], "base64").toString());
  assert.deepEqual(Object.keys(config.auths), settings.addresses);
  assert.deepEqual(parse(files("kubernetes", settings)[`${name}-patch.yaml`] ?? ""), {
    imagePullSecrets: [{ name }],
  });
});

test("the name of a pull secret is one that Kubernetes takes, whatever the address", () => {
  for (const address of ["[2001:db8::7]:5443", "R.example.com", "::1", `${"a".repeat(300)}.com`]) {
    const [path = ""] = Object.keys(files("kubernetes", { ...TLS, addresses: [address] }));
    const name = path.replace("-secret.yaml", "");
    assert.match(name, /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/);
  }
});

test("each distribution's trust store has its folder, and its own program to read it", () => {
  const name = "private-registry-r.example.com.crt";
  for (const [kind, folder, command] of [
    ["osTrustDebian", "/usr/local/share/ca-certificates/", "sudo update-ca-certificates"],
    ["osTrustRedHat", "/etc/pki/ca-trust/source/anchors/", "sudo update-ca-trust extract"],
    ["osTrustSuse", "/etc/pki/trust/anchors/", "sudo update-ca-certificates"],
  ] as const) {
    assert.deepEqual(clients(TLS)[kind], {
      ...clients(TLS)[kind],
      files: { [`${folder}${name}`]: CA },
      commands: [command],
    });
    assert.deepEqual(clients(PUBLIC)[kind].commands, []);
  }
});

test("the snippets for GitHub and GitLab are YAML that names the secret, and hold no password", () => {
  const steps = parse(fragment("githubActions"));
  const login = steps.find((step: { uses?: string }) => step.uses?.startsWith("docker/login-action"));
  assert.deepEqual(login.with, {
    registry: "r.example.com",
    username: "alice",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own syntax
    password: "${{ secrets.REGISTRY_PASSWORD }}",
  });
  const { push } = parse(fragment("gitlabCi"));
  for (const script of [steps[0].run, push.services[0].command[0]]) {
    assert.ok(script.includes(`<<'END'\n${CA}END\n`));
  }
  assert.match(push.script[1], /docker login --username 'alice' --password-stdin 'r.example.com'/);
  // The service of a fresh runner has no volume for certificates, and is waited for: a login is its daemon's.
  assert.deepEqual(push.variables, { DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "" });
  assert.match(push.script[0], /docker info/);
  for (const kind of ["githubActions", "gitlabCi"] as const) assert.ok(!holdsPassword(fragment(kind)));
});

test("no command of any client holds the password", () => {
  for (const { commands } of Object.values(clients(TLS))) assert.ok(!holdsPassword(commands.join("\n")));
});

function holdsPassword(text: string): boolean {
  const auth = Buffer.from(`${TLS.username}:${PASSWORD}`).toString("base64");
  return text.includes(PASSWORD) || text.includes(auth);
}
