import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import type { TestStack } from "../../../tools/temporaryStack";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import { registryFor } from "../../support/registryFor";

const PAGE = readFileSync(resolve(__dirname, "../../../docs/clients/errors.md"), "utf8");
const port = 18514;
const R = `registry.test:${port}`;
const CTR =
  "ctr --address /run/docker/containerd/containerd.sock images pull --hosts-dir /etc/containerd/certs.d";

/** What goes wrong, step by step on one machine: its preparation, the command, and what the client says. */
const failures: readonly (readonly [what: string, prepare: string, command: string, message: string])[] = [
  [
    "Docker without trust",
    "",
    `docker pull ${R}/team/app:1`,
    "x509: certificate signed by unknown authority",
  ],
  [
    "Podman without trust",
    "",
    `podman pull ${R}/team/app:1`,
    "x509: certificate signed by unknown authority",
  ],
  [
    "curl without trust",
    "",
    `curl https://${R}/v2/`,
    "SSL certificate problem: unable to get local issuer certificate",
  ],
  [
    "a name that the certificate does not have",
    "mkdir -p /etc/docker/certs.d/other.test:$1; cp /tmp/ca.crt /etc/docker/certs.d/other.test:$1",
    `docker pull other.test:${port}/team/app:1`,
    "x509: certificate is valid for",
  ],
  [
    "half of a client certificate",
    "touch /etc/docker/certs.d/other.test:$1/client.cert",
    `docker pull other.test:${port}/team/app:1`,
    "missing key client.key for client certificate client.cert",
  ],
  [
    "the other half",
    "cd /etc/docker/certs.d/other.test:$1; mv client.cert client.key",
    `docker pull other.test:${port}/team/app:1`,
    "Missing client certificate client.cert for key client.key",
  ],
  ["plain HTTP to us", "", `curl http://${R}/v2/`, "plain HTTP on the HTTPS port"],
  [
    "plain HTTP from somebody else",
    "cd /tmp; python3 -m http.server 8080 >/dev/null 2>&1 & sleep 1",
    "docker pull machine.test:8080/team/app:1",
    "first record does not look like a TLS handshake",
  ],
  ["a closed port", "", "docker pull registry.test:9/team/app:1", "connection refused"],
  ["a name that nobody knows", "", "skopeo inspect docker://nobody.test/app:1", "dial tcp: lookup"],
  ["the same with curl", "", "curl https://nobody.test/", "Could not resolve host"],
  [
    "no login with Docker",
    "for folder in docker containers; do mkdir -p /etc/$folder/certs.d/registry.test:$1; cp /tmp/ca.crt /etc/$folder/certs.d/registry.test:$1; done",
    `docker pull ${R}/team/app:1`,
    "no basic auth credentials",
  ],
  [
    "a wrong password with Docker",
    "",
    `echo wrong | docker login -u ci --password-stdin ${R}`,
    "401 Unauthorized",
  ],
  [
    "a wrong password with Podman",
    "",
    `echo wrong | podman login -u ci --password-stdin ${R}`,
    "invalid username/password",
  ],
  ["no terminal", "", `docker login -u ci ${R}`, "Cannot perform an interactive login from a non TTY device"],
  [
    "a hosts.toml without a table",
    "mkdir -p /etc/containerd/certs.d/registry.test:$1; echo 'host = 1' >/etc/containerd/certs.d/registry.test:$1/hosts.toml",
    `${CTR} ${R}/team/app:1`,
    "invalid `host` tree",
  ],
  [
    "no login with ctr",
    `rm -r /etc/containerd/certs.d; mkdir -p /etc/containerd/certs.d/registry.test:$1; cp /tmp/ca.crt /etc/containerd/certs.d/registry.test:$1`,
    `${CTR} ${R}/team/app:1`,
    "401 Unauthorized",
  ],
  [
    "an image that is not there",
    "docker login -u ci --password-stdin registry.test:$1 </tmp/password",
    `docker pull ${R}/team/app:1`,
    "manifest unknown",
  ],
  [
    "a repository that is not there",
    "",
    `skopeo list-tags docker://${R}/team/app`,
    "invalid status code from registry 404",
  ],
  ["upper case letters", "", `docker pull ${R}/Team/app:1`, "invalid reference format"],
  [
    "an image without a registry",
    "rm -rf /etc/containers/registries.conf*",
    "podman pull team/app:1",
    "did not resolve",
  ],
  [
    "a credential store that is missing",
    `echo '{"credsStore":"missing"}' >/root/.docker/config.json`,
    `docker login -u ci --password-stdin ${R} </tmp/password`,
    "error storing credentials",
  ],
];

describe("what a client says is on the page of messages", () => {
  let machine: ConsumerMachine;
  let registry: TestStack;

  before(async () => {
    machine = await createConsumerMachine("errors");
    registry = await registryFor(machine, "consumer-errors", { hostname: "registry.test", port, user: "ci" });
    const { ca, credentials } = await registry.up();
    const prepare = `printf '%s\\n' "$1" >/tmp/ca.crt; printf %s "$2" >/tmp/password`;
    const { ci } = credentials as { ci: string };
    await machine.exec(["sh", "-euc", prepare, "sh", `${ca}`, ci]);
    await machine.pointNames(["registry.test", "other.test"], machine.hostAddress);
    await machine.pointNames(["machine.test"], machine.address);
  });

  after(async () => {
    await machine?.destroy();
    await registry?.remove();
  });

  for (const [what, prepare, command, message] of failures)
    it(what, async () => {
      const sh = (text: string) => machine.exec(["sh", "-c", text, "sh", `${port}`]);
      const prepared = await sh(prepare);
      assert.equal(prepared.status, 0, prepared.stderr);
      const { stdout, stderr } = await sh(command);
      assert.ok((stdout + stderr).includes(message), stdout + stderr);
      assert.ok(PAGE.includes(message), "not on the page");
    });
});
