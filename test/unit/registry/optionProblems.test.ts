import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DescriptorCache, LogFormat, LogLevel, RegistryDialect } from "../../../components/registry/args";
import { registryOptionProblems } from "../../../components/registry/optionProblems";
import { registryOverrideProblems } from "../../../components/registry/overrideProblems";
import { registryConfigProblems } from "../../../components/registry/problems";

const { V2, V3 } = RegistryDialect;

describe("registry options", () => {
  test("accepts nothing at all and a full set", () => {
    assert.deepEqual(registryOptionProblems({}), []);
    const full = {
      dialect: V3,
      cache: DescriptorCache.None,
      healthIntervalSeconds: 1,
      healthThreshold: 1,
      logLevel: LogLevel.Debug,
      logFormat: LogFormat.Json,
      logFields: { service: "registry", "team.name": "a: b" },
      headers: { "X-Content-Type-Options": ["nosniff"] },
      uploadPurgeAgeHours: 1,
      uploadPurgeIntervalHours: 1,
      drainSeconds: 0,
      tagLookupConcurrency: 1,
    };
    assert.deepEqual(registryOptionProblems(full), []);
    assert.deepEqual(registryOptionProblems({ dialect: V2, schema1: true }), []);
  });

  test("fails for a dialect that there is not, overrides or none", () => {
    const dialect: string = "v4";
    const options = { dialect: dialect as RegistryDialect };
    for (const overrides of [{}, { catalog: { maxentries: 5 } }]) {
      assert.deepEqual(registryConfigProblems(options, overrides, "registry", "registryConfigOverrides"), [
        'registry.dialect: "v4" is not one of the choices; write one of "v2", "v3"',
      ]);
    }
  });

  test("fails for an option of registry 3 on registry 2", () => {
    assert.deepEqual(registryOptionProblems({ dialect: V2, tagLookupConcurrency: 4 }), [
      'registry.tagLookupConcurrency: is an option of registry 3 and dialect is "v2"; leave it out, or write "v3" in dialect',
    ]);
  });

  test("fails for an option of registry 2 on registry 3, the default", () => {
    assert.deepEqual(registryOptionProblems({ schema1: false }, "options"), [
      'options.schema1: is an option of registry 2 and dialect is "v3"; leave it out, or write "v2" in dialect',
    ]);
  });

  test("fails for numbers that are not whole or too small, each in its own message", () => {
    const range = (minimum: number) => `is out of range; write a whole number from ${minimum} to 1000000`;
    assert.deepEqual(
      registryOptionProblems({
        healthIntervalSeconds: 0.5,
        healthThreshold: 0,
        uploadPurgeAgeHours: -1,
        uploadPurgeIntervalHours: 1e21,
        drainSeconds: -1,
        tagLookupConcurrency: 0,
      }),
      [
        `registry.healthIntervalSeconds: 0.5 ${range(1)}`,
        `registry.healthThreshold: 0 ${range(1)}`,
        `registry.uploadPurgeAgeHours: -1 ${range(1)}`,
        `registry.uploadPurgeIntervalHours: 1e+21 ${range(1)}`,
        `registry.drainSeconds: -1 ${range(0)}`,
        `registry.tagLookupConcurrency: 0 ${range(1)}`,
      ],
    );
  });

  test("fails for log fields and headers that could break out of their line", () => {
    assert.deepEqual(
      registryOptionProblems({
        logFields: { "a b": "x", ok: "a\nb" },
        headers: { "X:Y": ["a"], "X-Ok": ["fine", "a\r\nSet-Cookie: b"] },
      }),
      [
        'registry.logFields: "a b" is not a field name; write letters, digits or . _ -, a letter first',
        'registry.logFields.ok: "a\\nb" has a control character in it; write one line of text',
        'registry.headers: "X:Y" is not a header name; write one such as "X-Content-Type-Options"',
        'registry.headers.X-Ok[1]: "a\\r\\nSet-Cookie: b" has a control character in it; write one line of text',
      ],
    );
  });
});

describe("registry overrides", () => {
  const at = "registryConfigOverrides";

  test("accepts sections of config.yml, a pull-through proxy and another storage driver", () => {
    const overrides = {
      catalog: { maxentries: 500 },
      tags: { maxtags: 50 },
      proxy: { remoteurl: "https://registry-1.docker.io", ttl: "24h" },
      storage: {
        s3: { bucket: "b", secretkey: "s" },
        redirect: { disable: true },
        tag: { concurrencylimit: 4 },
      },
      redis: { addrs: ["redis:6379"] },
    };
    assert.deepEqual(registryOverrideProblems(overrides, V3), []);
    const older = {
      compatibility: {},
      reporting: {},
      storage: { oss: {} },
      redis: { addr: "redis:6379", pool: {} },
    };
    assert.deepEqual(registryOverrideProblems(older, V2), []);
  });

  for (const overrides of [null, "x", ["storage"], 7]) {
    test(`fails for ${JSON.stringify(overrides)} in place of a map`, () => {
      assert.deepEqual(registryOverrideProblems(overrides, V3), [
        `${at}: is not a map; write sections of config.yml, such as { catalog: { maxentries: 500 } }`,
      ]);
    });
  }

  const owned: readonly (readonly [path: string, overrides: unknown])[] = [
    ["version", { version: 0.2 }],
    ["auth", { auth: { silly: {} } }],
    ["http.addr", { http: { addr: ":5000" } }],
    ["http.net", { http: { net: "tcp" } }],
    ["http.tls", { http: { tls: {} } }],
    ["http.debug", { http: { debug: { addr: ":1" } } }],
    ["http.prefix", { http: { prefix: "/x/" } }],
    ["http.relativeurls", { http: { relativeurls: false } }],
    ["http.secret", { http: { secret: "hunter2" } }],
    ["storage.filesystem.rootdirectory", { storage: { filesystem: { rootdirectory: "/x" } } }],
  ];
  for (const [path, overrides] of owned) {
    test(`fails for ${path}, which the component sets, without showing the value`, () => {
      const [problem = "", ...others] = registryOverrideProblems(overrides, V3);
      assert.ok(problem.startsWith(`${at}.${path}: is set by the component; leave it out`), problem);
      assert.deepEqual([others, problem.includes("hunter2")], [[], false]);
    });
  }

  test("names the argument by which registries that share a bucket share their secret", () => {
    const problems = registryOverrideProblems({ http: { secret: "hunter2" } }, V3);
    assert.match(problems.join(), /registry\.httpSecret gives one to registries that share a bucket$/);
  });

  test("fails for a section that does not exist and for one that is not a map", () => {
    assert.deepEqual(registryOverrideProblems({ storag: {}, log: "debug" }, V3), [
      `${at}: has no section "storag"; write one of "catalog", "health", "http", "log", "middleware", "notifications", "policy", "proxy", "redis", "storage", "tags", "validation"`,
      `${at}.log: is not a map; write the keys of the section`,
    ]);
  });

  const newer = [
    "http.h2c",
    "proxy.exec",
    "proxy.ttl",
    "redis.addrs",
    "storage.tag",
    "validation.manifests.indexes",
    "tags",
  ];
  for (const path of newer) {
    test(`fails for ${path} on registry 2`, () => {
      assert.deepEqual(registryOverrideProblems(nested(path), V2), [
        `${at}.${path}: is a setting of registry 3 and dialect is "v2"; leave it out, or write "v3" in dialect`,
      ]);
    });
  }

  const older = ["compatibility", "reporting", "storage.swift", "storage.oss", "redis.addr", "redis.pool"];
  for (const path of older) {
    test(`fails for ${path} on registry 3`, () => {
      assert.deepEqual(registryOverrideProblems(nested(path), V3), [
        `${at}.${path}: is a setting of registry 2 and dialect is "v3"; leave it out, or write "v2" in dialect`,
      ]);
    });
  }

  test("fails for two storage drivers and for a key that is neither driver nor setting", () => {
    assert.deepEqual(registryOverrideProblems({ storage: { s3: {}, gcs: {} } }, V3), [
      `${at}.storage: has more than one storage driver ("s3", "gcs"); write one of them`,
    ]);
    assert.deepEqual(registryOverrideProblems({ storage: { maintenence: {} } }, V3), [
      `${at}.storage: has no key "maintenence"; write one of "cache", "delete", "maintenance", "redirect", "tag", "azure", "filesystem", "gcs", "inmemory", "s3", "s3aws"`,
    ]);
  });

  test("fails for maintenance settings that are not maps, at which the registry panics", () => {
    assert.deepEqual(
      registryOverrideProblems({ storage: { maintenance: { readonly: "true", uploadpurging: null } } }, V3),
      [
        `${at}.storage.maintenance.readonly: is not a map; write for example { enabled: true }`,
        `${at}.storage.maintenance.uploadpurging: is not a map; write for example { enabled: true }`,
      ],
    );
  });
});

/** `a.b` as `{ a: { b: {} } }`. */
function nested(path: string): unknown {
  return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), {});
}
