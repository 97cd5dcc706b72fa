import { after, before, describe, it } from "node:test";
import { output } from "../../../tools/shell";
import { type InfraStack, infraStack, proxyImage } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../../support/certificates";
import { type ConsumerMachine, createConsumerMachine } from "../../support/consumerMachine";
import { startLoadBalancer } from "../../support/loadBalancers";
import { buildImage } from "../../support/randomImage";
import { roundTrip } from "../../support/roundTrip";

const image = "localhost/private-registry-test/fronts:1";
const port = 18454;
const loadBalancer = issuedByIntermediate("registry.test");
const x509 = /x509: certificate signed by unknown authority/;

/** All 20 pairs are in `npm run test:long -- fronts`. Each is one argument away from the one before, on a registry that goes on. */
const fronts: readonly { readonly front: string; readonly strange: RegExp }[] = [
  { front: "nginx", strange: x509 },
  { front: "waf", strange: x509 },
  { front: "direct", strange: x509 },
  { front: "external", strange: x509 },
  { front: "none", strange: /server gave HTTP response to HTTPS client/ },
  // The way back from an image with more modules to one that cannot read the files of before.
  { front: "waf", strange: x509 },
  { front: "nginx", strange: x509 },
];

describe("a registry whose front is changed", () => {
  let machine: ConsumerMachine;
  let stack: InfraStack;
  const kept: { [repository: string]: string } = {};

  const config = (front: string) => ({
    hostnames: ["registry.test"],
    port,
    bindAddress: machine.hostAddress,
    users: [{ name: "ci" }],
    front,
    ...(front === "external" && {
      external: { trustedAddresses: [machine.address], caCertificatePem: loadBalancer.rootPem },
    }),
  });

  const pointTo = (address: string) => machine.pointNames(["registry.test"], address);

  /** HAProxy on the machine itself, with the snippet alone. */
  const startFront = (snippets: Record<string, string>) =>
    startLoadBalancer(
      machine,
      {
        kind: "haproxy",
        files: {
          "haproxy.cfg": snippets.haproxy ?? "",
          "registry.pem": loadBalancer.certificatePem + loadBalancer.privateKeyPem,
          "private-registry-upstream-ca.crt": snippets.upstreamCaCertificate ?? "",
        },
      },
      proxyImage,
    );

  before(async () => {
    machine = await createConsumerMachine("front-kinds");
    await buildImage(image);
    stack = await infraStack("fronts", config("nginx"));
  });

  after(async () => {
    await machine?.destroy();
    await stack?.remove();
    await output(["docker", "rmi", "-f", image]);
  });

  for (const [index, { front, strange }] of fronts.entries()) {
    it(`serves a client from the first login to --remove behind front "${front}", and has every image of before (${index + 1})`, async (test) => {
      stack.configure(config(front));
      const outputs = await stack.up();
      const isExternal = front === "external";
      if (isExternal) await startFront(outputs.frontSnippets as Record<string, string>);
      await pointTo(isExternal ? machine.address : machine.hostAddress);
      const repository = `team/${front}:${index + 1}`;
      kept[repository] = await roundTrip({
        machine,
        outputs,
        image,
        repository,
        earlier: kept,
        strange,
      });
      test.diagnostic(`${Object.keys(kept).length} images are there`);
      await stack.expectNoChanges();
    });
  }
});
