import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  bindAddressProblems,
  clientAddressProblems,
  hostnameProblems,
  imageHostProblems,
  isIpAddress,
  portProblems,
} from "../../../components/base/hostnames";

/** One hostname and the message that it must give, without the argument. */
const refused: readonly (readonly [hostname: string, message: string])[] = [
  ["", 'is empty; write a name or IP address, such as "registry.example.com"'],
  ["  ", 'is empty; write a name or IP address, such as "registry.example.com"'],
  ["https://a.example:5000/x", '"https://a.example:5000/x" has a scheme in it; write "a.example"'],
  ["a.example/team", '"a.example/team" has a path in it; write "a.example"'],
  ["a.example:5000", '"a.example:5000" has a port in it; write "a.example" and put 5000 in port'],
  [
    "192.0.2.7:5000",
    '"192.0.2.7:5000" is an IP address with a port in it; write "192.0.2.7" and put 5000 in port',
  ],
  [
    "[2001:db8::1]:5000",
    '"[2001:db8::1]:5000" is an IP address with a port in it; write "2001:db8::1" and put 5000 in port',
  ],
  ["[2001:db8::1]", '"[2001:db8::1]" is in brackets; write "2001:db8::1"'],
  ["*.example.com", '"*.example.com" is a wildcard; write each name that clients use'],
  [
    "Registry.example.com",
    '"Registry.example.com" has upper case letters, which image references refuse; write "registry.example.com"',
  ],
  ["2001:DB8::1", '"2001:DB8::1" has upper case letters, which image references refuse; write "2001:db8::1"'],
  ["a b", '"a b" has a space or control character in it; write the name alone'],
  ["a\u007fb", '"a\\u007fb" has a space or control character in it; write the name alone'],
  ["仓库.example.com", '"仓库.example.com" has letters beyond ASCII; write "xn--5mqv79a.example.com"'],
  [
    "0.0.0.0",
    '"0.0.0.0" is an address to listen on, not to connect to; write the name or address clients use',
  ],
  ["::", '"::" is an address to listen on, not to connect to; write the name or address clients use'],
  ...[
    "a_b",
    "a..b",
    "-a",
    "a.",
    "192.0.2",
    "192.0.2.300",
    "fe80::1%eth0",
    `${"a".repeat(64)}.example`,
    "a;b",
    `${"a.".repeat(126)}ab`,
    "*.",
  ].map(
    (name) =>
      [
        name,
        `"${name}" is neither a host name nor an IP address; write one such as "registry.example.com"`,
      ] as const,
  ),
];

describe("hostnames", () => {
  for (const [hostname, message] of refused) {
    const wildcards = hostname === "*.";
    test(`fails for ${JSON.stringify(hostname)} and says what to write`, () => {
      assert.deepEqual(hostnameProblems("hostnames", ["a.example", hostname], { wildcards }), [
        `hostnames[1]: ${message}`,
      ]);
    });
  }

  test("accepts names, IPv4 and IPv6 addresses and names without a dot", () => {
    const names = [
      "registry.example.com",
      "localhost",
      "registry",
      "192.0.2.7",
      "2001:db8::1",
      "::1",
      "xn--5mqv79a.cn",
    ];
    assert.deepEqual(hostnameProblems("hostnames", names), []);
  });

  test("fails for an empty list unless it may be empty", () => {
    assert.deepEqual(hostnameProblems("hostnames", []), [
      'hostnames: is empty; write at least one name or IP address, such as "registry.example.com"',
    ]);
    assert.deepEqual(hostnameProblems("extraSans", [], { mayBeEmpty: true }), []);
  });

  test("accepts a wildcard only where the rules allow it", () => {
    assert.deepEqual(hostnameProblems("extraSans", ["*.example.com"], { wildcards: true }), []);
  });

  test("fails for a name given twice, and names the first", () => {
    assert.deepEqual(hostnameProblems("hostnames", ["a.example", "b.example", "a.example"]), [
      'hostnames[2]: "a.example" is hostnames[0] again; write it once',
    ]);
  });

  test("reports every wrong name of a list", () => {
    assert.equal(hostnameProblems("hostnames", ["", "a/b", "ok", "*.c"]).length, 3);
  });

  test("fails for a name without dot at port 443, where Docker reads it as a repository of Docker Hub", () => {
    assert.deepEqual(imageHostProblems("hostnames", ["registry", "localhost", "a.example", "::1"], 443), [
      'hostnames[0]: "registry" has no dot, and with port 443 Docker takes "registry/app" for an image of Docker Hub; write a name with a dot, or another port',
    ]);
    assert.deepEqual(imageHostProblems("hostnames", ["registry"], 5443), []);
  });
});

describe("ports and addresses", () => {
  for (const port of [0, -1, 65536, 443.5, Number.NaN]) {
    test(`fails for port ${port}`, () => {
      assert.deepEqual(portProblems("port", port), [
        `port: ${port} is not a port; write a whole number from 1 to 65535`,
      ]);
    });
  }

  test("accepts the first and the last port", () => {
    assert.deepEqual([...portProblems("port", 1), ...portProblems("port", 65535)], []);
  });

  test("fails for a bind address that is not an IP address", () => {
    const advice =
      'write an IP address such as "127.0.0.1", "0.0.0.0" for every IPv4 address of the host, or "::" for every address';
    assert.deepEqual(bindAddressProblems("bindAddress", "localhost"), [
      `bindAddress: "localhost" is not an IP address; ${advice}`,
    ]);
    assert.deepEqual(bindAddressProblems("bindAddress", ""), [`bindAddress: is empty; ${advice}`]);
    assert.deepEqual(bindAddressProblems("bindAddress", "0.0.0.0"), []);
    assert.deepEqual(bindAddressProblems("bindAddress", "::"), []);
  });

  test("fails for a client address that no client can connect to", () => {
    const advice = 'write the IP address under which clients reach the host, such as "192.0.2.7"';
    assert.deepEqual(clientAddressProblems("clientAddress", "0.0.0.0"), [
      `clientAddress: "0.0.0.0" is no address of a host; ${advice}`,
    ]);
    assert.deepEqual(clientAddressProblems("clientAddress", "a.example"), [
      `clientAddress: "a.example" is not an IP address; ${advice}`,
    ]);
    assert.deepEqual(clientAddressProblems("clientAddress", "192.0.2.7"), []);
  });

  test("does not take an address with a zone or brackets for an IP address", () => {
    assert.deepEqual(["fe80::1%eth0", "[::1]", "1.2.3"].map(isIpAddress), [false, false, false]);
  });
});
