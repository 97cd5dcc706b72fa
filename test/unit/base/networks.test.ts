import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Front } from "../../../components";
import { publishedAddresses, subnetProblems } from "../../../components/base/networks";
import { addressWarnings } from "../../../components/fronts/addressWarnings";
import { externalFrontProblems } from "../../../components/fronts/external";
import { frontProblems } from "../../../components/fronts/problems";

describe("subnets of a Docker network", () => {
  test("are one of IPv4, and maybe one of IPv6", () => {
    for (const subnets of [
      ["10.20.30.0/24"],
      ["192.168.8.0/21", "fd12:3456:789a::/64"],
      ["fd00::/8", "10.0.0.0/8"],
    ]) {
      assert.deepEqual(subnetProblems("s", subnets), []);
    }
    const counts = (ipv4: number, ipv6: number) => [
      `s: has ${ipv4} subnets of IPv4 and ${ipv6} of IPv6; write "10.20.30.0/24", or that and "fd12:3456:789a::/64"`,
    ];
    assert.deepEqual(subnetProblems("s", []), counts(0, 0));
    assert.deepEqual(subnetProblems("s", ["fd00::/64"]), counts(0, 1));
    assert.deepEqual(subnetProblems("s", ["10.0.0.0/24", "10.0.1.0/24"]), counts(2, 0));
  });

  const refused: { readonly [subnet: string]: string } = {
    "10.20.30.0": 'is not a subnet; write one such as "10.20.30.0/24"',
    "10.20.30/24": 'is not a subnet; write one such as "10.20.30.0/24"',
    "10.20.30.1/24": "begins in the midst of a subnet; write the first address of it before /24",
    "fd12:3456::1/64": "begins in the midst of a subnet; write the first address of it before /64",
    "10.20.30.0/30": "has a prefix of 30 bits; write one from 8 to 29",
    "::/0": "has a prefix of 0 bits; write one from 7 to 125",
  };
  for (const [subnet, problem] of Object.entries(refused)) {
    test(`are not "${subnet}"`, () => {
      assert.deepEqual(subnetProblems("s", [subnet]), [`s[0]: "${subnet}" ${problem}`]);
    });
  }
});

test("a port is published for both families at ::, and else where it is told", () => {
  assert.deepEqual(publishedAddresses("::"), ["0.0.0.0", "::"]);
  for (const address of ["0.0.0.0", "127.0.0.1", "::1"])
    assert.deepEqual(publishedAddresses(address), [address]);
});

test("up warns where Docker hides the addresses of clients, and where limits depend on them", () => {
  const hostnames = ["localhost"];
  const limits = { allowedAddresses: ["192.0.2.0/24"] };
  assert.deepEqual(addressWarnings({ hostnames, bindAddress: "0.0.0.0", limits }), []);
  assert.deepEqual(
    addressWarnings({ hostnames, bindAddress: "::", networkSubnets: ["10.0.0.0/24", "fd00::/64"], limits }),
    [],
  );
  assert.deepEqual(addressWarnings({ hostnames, bindAddress: "127.0.0.1", limits: {} }), []);
  for (const bindAddress of ["127.0.0.1", "::1"]) {
    assert.deepEqual(addressWarnings({ hostnames, bindAddress, limits }), [
      `limits.allowedAddresses: with bindAddress "${bindAddress}" all clients are on this machine, and Docker shows them as the gateway of its network: the list lets in all of them or nobody`,
    ]);
  }
  assert.deepEqual(addressWarnings({ hostnames, bindAddress: "2001:db8::7", limits: {} }), [
    "bindAddress: clients that come by IPv6 all have the address of Docker's gateway, in the log and for limits; give networkSubnets with a subnet of IPv6, and see that Docker is 27 or newer, or has ip6tables on",
  ]);
});

test("up warns of a name that each client takes for itself, where clients are elsewhere", () => {
  const settings = {
    bindAddress: "0.0.0.0",
    limits: {},
    hostnames: ["registry.example.com", "127.0.0.1", "localhost"],
  };
  assert.deepEqual(addressWarnings(settings), []);
  assert.deepEqual(
    addressWarnings({ ...settings, clientAddress: "192.0.2.7" }).map((line) => line.slice(0, 60)),
    ["127.0.0.1", "localhost"].map((name) =>
      `hostnames: every client takes "${name}" for itself, and clientAddress`.slice(0, 60),
    ),
  );
  assert.deepEqual(
    addressWarnings({ ...settings, hostnames: ["registry.example.com"], clientAddress: "192.0.2.7" }),
    [],
  );
});

test("a network of a load balancer is one that containers find each other in", () => {
  const trustedAddresses = ["10.20.30.0/24"];
  assert.deepEqual(externalFrontProblems({ trustedAddresses, dockerNetwork: "proxy_default" }), []);
  for (const dockerNetwork of ["", "host", "a b"]) {
    assert.deepEqual(externalFrontProblems({ trustedAddresses, dockerNetwork }), [
      `external.dockerNetwork: "${dockerNetwork}" is no network that containers can find each other in; write one that "docker network ls" shows, other than bridge, host and none`,
    ]);
  }
});

test("a registry without nginx cannot be published for both families", () => {
  const problems = (front: Front) => frontProblems(front, { hostnames: ["a.b"], bindAddress: "::" });
  assert.deepEqual(problems(Front.Nginx), []);
  assert.deepEqual(problems(Front.Direct), [
    'bindAddress: "::" is for nginx, and front is "direct"; write "0.0.0.0" or one address, or "nginx" in front',
  ]);
});
