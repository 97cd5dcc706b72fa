import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { registryAddress } from "../../../components/clients/address";
import type { ClientSettings } from "../../../components/clients/kinds/client";
import { clients } from "../../../components/clients/kinds/clients";

const SOURCE = resolve(__dirname, "../../support/wharfie");
const PROGRAM = join(homedir(), ".cache", "private-registry-test", "wharfie");
const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const USERNAME = "alice";
const PASSWORD = `a"b'c\\d\\n: #$HOME \${x} $$\u0085\u2028 ü`;
const OWN = ["client.cert", "client.key"];
const BUILD_SECONDS = 300;

const execute = promisify(execFile);

/** Compiles k3s's own parser from Go modules; when nothing has changed, Go's cache makes that a matter of a second. */
async function build() {
  mkdirSync(join(PROGRAM, ".."), { recursive: true });
  const go = ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-o", PROGRAM, "."];
  await execute("go", go, {
    cwd: SOURCE,
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    timeout: BUILD_SECONDS * 1000,
  }).catch((error) => {
    throw error.code === "ENOENT"
      ? new Error(
          "Go is not installed, or not in PATH: it compiles k3s's parser (github.com/rancher/wharfie)",
        )
      : error.killed
        ? new Error(`go build took more than ${BUILD_SECONDS} s`)
        : error;
  });
}

describe("registries.yaml, as k3s and RKE2 parse it", () => {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-k3s-"));
  before(build);
  after(() => rmSync(folder, { recursive: true }));

  const withPort = registryAddress("r.example.com", 5443);
  const clientCertificate = { certificatePem: CA, privateKeyPem: "KEY\n" };
  const cases: { readonly [name: string]: Partial<ClientSettings> } = {
    "an address with a port": {},
    "port 443": { addresses: [registryAddress("r.example.com", 443)] },
    "two names": { addresses: [withPort, registryAddress("2001:db8::7", 5443)] },
    "a client certificate": { clientCertificate },
    "plain HTTP": { plainHttp: true },
  };
  for (const [name, change] of Object.entries(cases)) {
    for (const kind of ["k3s", "rke2"] as const) {
      it(`has all of ${name} for ${kind}`, async () => {
        const settings = {
          addresses: [withPort],
          caCertificate: CA,
          username: USERNAME,
          password: PASSWORD,
          hostsEntry: "",
          ...change,
        };
        const { addresses } = settings;
        const { files, fragments } = clients(settings)[kind];
        const path = join(folder, `${kind}.yaml`);
        writeFileSync(path, fragments[`/etc/rancher/${kind}/registries.yaml`] ?? "");

        const { stdout } = await execute(PROGRAM, [path], { timeout: 10_000 });

        const scheme = change.plainHttp ? "http" : "https";
        const names = change.plainHttp ? [] : ["ca.crt", ...(change.clientCertificate ? OWN : [])];
        const paths = (address: string) =>
          names.map((file) => `/etc/rancher/${kind}/certs.d/${address}/${file}`);
        assert.deepEqual(Object.keys(files), addresses.flatMap(paths));
        assert.deepEqual(JSON.parse(stdout), {
          mirrors: Object.fromEntries(
            addresses.map((address) => [address, { endpoint: [`${scheme}://${address}`], rewrite: null }]),
          ),
          configs: Object.fromEntries(
            addresses.map((address) => {
              const [ca_file = "", cert_file = "", key_file = ""] = paths(address);
              const tls = { ca_file, cert_file, key_file, insecure_skip_verify: false };
              const auth = { username: USERNAME, password: PASSWORD, auth: "", identitytoken: "" };
              return [address, { auth, tls: change.plainHttp ? null : tls }];
            }),
          ),
          auths: null,
        });
      });
    }
  }
});
