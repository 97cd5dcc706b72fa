import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choiceProblems } from "../../../components/base/values";
import {
  imageProblems,
  instanceNameProblems,
  labelProblems,
  logRotationProblems,
  resourceProblems,
  timeZoneProblems,
} from "../../../components/docker/problems";
import { proxySnippetProblems } from "../../../components/proxy/problems";
import { realmProblems } from "../../../components/registry/listenerProblems";
import { storageProblems } from "../../../components/registry/storageProblems";

describe("storage", () => {
  test("accepts nothing, a volume name or a host path", () => {
    for (const storage of [
      {},
      { volumeName: "my-data_1.x" },
      { hostPath: "/data" },
      { hostPath: "/var/lib/registry/" },
    ]) {
      assert.deepEqual(storageProblems(storage), []);
    }
  });

  test("fails for a volume and a host path at once", () => {
    assert.deepEqual(storageProblems({ volumeName: "data", hostPath: "/data" }), [
      "storage: has both volumeName and hostPath; leave one of them out",
    ]);
  });

  for (const volumeName of ["", "a", "-a", "a/b", "a b", "a".repeat(256)]) {
    test(`fails for the volume name "${volumeName}"`, () => {
      assert.deepEqual(storageProblems({ volumeName }), [
        `storage.volumeName: "${volumeName}" is not a volume name; write 2 to 255 letters, digits or . _ -, a letter or digit first`,
      ]);
    });
  }

  const paths: readonly (readonly [path: string, message: string])[] = [
    ["data", '"data" is not an absolute path; write one that begins with /, such as "/srv/registry"'],
    ["", '"" is not an absolute path; write one that begins with /, such as "/srv/registry"'],
    [
      "C:\\data",
      '"C:\\\\data" is not an absolute path; write one that begins with /, such as "/srv/registry"',
    ],
    ["/data/../etc", '"/data/../etc" has .. in it; write the path without it, such as "/srv/registry"'],
    [
      "/data:ro",
      '"/data:ro" has a colon or control character in it, which Docker cannot mount; write a path without',
    ],
    ["/", '"/" is a folder of the system; write a folder for the registry alone, such as "/srv/registry"'],
    [
      "//etc/.",
      '"//etc/." is a folder of the system; write a folder for the registry alone, such as "/srv/registry"',
    ],
  ];
  for (const [hostPath, message] of paths) {
    test(`fails for the host path ${JSON.stringify(hostPath)}`, () => {
      assert.deepEqual(storageProblems({ hostPath }), [`storage.hostPath: ${message}`]);
    });
  }
});

describe("containers", () => {
  test("accepts log sizes in k, m and g, and fails for anything else", () => {
    for (const maxSize of ["10m", "50m", "1g", "512k"]) {
      assert.deepEqual(logRotationProblems({ maxSize, maxFiles: 1 }), []);
    }
    for (const maxSize of ["", "10", "10MB", "0m", "-1", "1.5g", "ten"]) {
      assert.deepEqual(logRotationProblems({ maxSize }), [
        `logRotation.maxSize: "${maxSize}" is not a size; write a whole number and k, m or g, such as "50m"`,
      ]);
    }
  });

  test("fails for a number of log files below 1", () => {
    assert.deepEqual(logRotationProblems({ maxFiles: 0 }), [
      "logRotation.maxFiles: 0 is out of range; write a whole number from 1 to 1000000",
    ]);
  });

  test("fails for memory in which no server can work and for no processor at all", () => {
    assert.deepEqual(resourceProblems("proxyResources", { memoryMib: 31, cpus: 0, openFiles: 100 }), [
      "proxyResources.memoryMib: 31 is out of range; write a whole number from 32 to 67108864",
      "proxyResources.openFiles: 100 is out of range; write a whole number from 256 to 1048576",
      "proxyResources.cpus: 0 is out of range; write 0.01 or more, such as 1.5",
    ]);
    assert.deepEqual(resourceProblems("proxyResources", { memoryMib: 32, cpus: 1.5 }), []);
    assert.deepEqual(resourceProblems("proxyResources", { memoryMib: 63 }, 64), [
      "proxyResources.memoryMib: 63 is out of range; write a whole number from 64 to 67108864",
    ]);
    assert.deepEqual(resourceProblems("proxyResources", {}), []);
  });

  test("fails for labels that are ours, nameless or not plain text", () => {
    assert.deepEqual(labelProblems({ "private-registry.role": "x", "": "y", a: "b\nc", team: "工具" }), [
      'labels: "private-registry.role" begins with "private-registry.", which is reserved; write another key',
      "labels: has an empty key; write a name for it",
      'labels: "a" has a control character in its key or value; write plain text',
    ]);
  });

  test("accepts image references with registry, tag and digest", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const references = [
      "registry",
      "registry:3.1.2",
      "library/nginx:1.29-alpine",
      `a.example:5000/t/n@${digest}`,
      `[::1]:5000/n:1@${digest}`,
      "localhost/n",
      digest,
    ];
    assert.deepEqual(
      references.flatMap((reference) => imageProblems("image", reference)),
      [],
    );
  });

  test("fails for text that is no image reference", () => {
    assert.deepEqual(imageProblems("registryImage", "https://a.example/n:1"), [
      'registryImage: "https://a.example/n:1" has a scheme in it; write "a.example/n:1"',
    ]);
    for (const reference of ["", "Registry:3", "a b", "n:", "n@sha256:12", "n:1;x", "/n"]) {
      assert.deepEqual(imageProblems("registryImage", reference), [
        `registryImage: "${reference}" is not an image reference; write one such as "registry:3.1.2"`,
      ]);
    }
  });

  test("fails for an instance name that Docker names cannot begin with", () => {
    for (const name of ["", "Registry", "-a", "a b", "a/b"]) {
      assert.deepEqual(instanceNameProblems(name), [
        `name: "${name}" cannot begin the names of containers; write lower case letters, digits or . _ -, a letter or digit first`,
      ]);
    }
    assert.deepEqual(instanceNameProblems("registry-2.dev_x"), []);
    assert.deepEqual(instanceNameProblems("a".repeat(101)), ["name: has 101 characters; write 100 at most"]);
  });
});

describe("time zone, realm and snippet", () => {
  test("accepts UTC and zones with a region", () => {
    const zones = ["UTC", "Asia/Shanghai", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+8"];
    assert.deepEqual(
      zones.flatMap((zone) => timeZoneProblems(zone)),
      [],
    );
  });

  for (const zone of [
    "",
    "CST",
    "asia/shanghai",
    "Asia/Beijing",
    "+08:00",
    "../etc/passwd",
    "/Asia/Shanghai",
    "Asia/../UTC",
  ]) {
    test(`fails for the time zone "${zone}"`, () => {
      assert.deepEqual(timeZoneProblems(zone), [
        `timeZone: "${zone}" is not a time zone; write "UTC" or a name of the IANA list such as "Asia/Shanghai", with its capitals`,
      ]);
    });
  }

  test('fails for the realm "off", which would switch the login off', () => {
    assert.deepEqual(realmProblems("off"), [
      'realm: "off" would switch the login off in nginx; write a text such as "Private registry"',
    ]);
  });

  test("fails for realms that nginx or a header could misread", () => {
    for (const realm of ['a"b', "a\\b", "$host", "a\nb", "仓库"]) {
      assert.deepEqual(realmProblems(realm), [
        `realm: ${JSON.stringify(realm)} has a character that a realm cannot have; write ASCII without " \\ $`,
      ]);
    }
    assert.deepEqual(realmProblems(" "), ['realm: is empty; write a text such as "Private registry"']);
    assert.deepEqual(realmProblems("x".repeat(129)), ["realm: has 129 characters; write 128 at most"]);
    assert.deepEqual(realmProblems("Registry of team 7 (it's ours; ask {us})"), []);
  });

  test("fails for a snippet that is blank or has a NUL in it", () => {
    assert.deepEqual(proxySnippetProblems(" \n"), [
      "proxySnippet: is empty; write nginx directives, or leave it out",
    ]);
    assert.deepEqual(proxySnippetProblems("a\0b"), [
      "proxySnippet: has a NUL character in it, where nginx stops reading; remove it",
    ]);
    assert.deepEqual(proxySnippetProblems("proxy_redirect http:// https://;\n"), []);
  });
});

describe("choices and keys", () => {
  test("fails for a word that is not among the choices", () => {
    assert.deepEqual(choiceProblems("level", "loud", ["info", "debug"]), [
      'level: "loud" is not one of the choices; write one of "info", "debug"',
    ]);
  });
});
