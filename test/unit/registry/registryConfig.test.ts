import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import {
  DescriptorCache,
  LogFormat,
  LogLevel,
  RegistryDialect,
  type RegistryOptionsArgs,
} from "../../../components/registry/args";
import { resolvedRegistryOptions } from "../../../components/registry/defaults";
import { type RegistryConfigSettings, registryConfig } from "../../../components/registry/registryConfig";
import { needsNetwork, usesFilesystem } from "../../../components/registry/registryOverrides";

/** Changed settings, with options as arguments have them. */
type Change = Partial<Omit<RegistryConfigSettings, "options">> & { readonly options?: RegistryOptionsArgs };

function render({ options, overrides = {}, ...change }: Change = {}): string {
  return registryConfig({
    options: resolvedRegistryOptions(options, overrides),
    overrides,
    httpSecret: "s3cret",
    socketPath: "/run/registry/registry.sock",
    debugAddress: "127.0.0.1:5001",
    rootDirectory: "/var/lib/registry",
    ...change,
  });
}

/** Reads as the registry does: gopkg.in/yaml.v2 follows YAML 1.1. */
const read = (change: Change = {}) => parse(render(change), { version: "1.1" });

const uploadpurging = { enabled: true, age: "168h", interval: "24h", dryrun: false };

describe("config.yml", () => {
  test("has the safe defaults", () => {
    assert.deepEqual(read(), {
      version: 0.1,
      log: {
        level: "warn",
        formatter: "text",
        fields: { service: "registry" },
        accesslog: { disabled: true },
      },
      storage: {
        filesystem: { rootdirectory: "/var/lib/registry" },
        delete: { enabled: true },
        maintenance: { uploadpurging, readonly: { enabled: false } },
      },
      http: {
        net: "unix",
        addr: "/run/registry/registry.sock",
        secret: "s3cret",
        relativeurls: true,
        draintimeout: "60s",
        headers: { "X-Content-Type-Options": ["nosniff"] },
        debug: { addr: "127.0.0.1:5001" },
      },
      health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
    });
  });

  test("carries every option", () => {
    const config = read({
      options: {
        deleteEnabled: false,
        readOnly: true,
        cache: DescriptorCache.None,
        healthIntervalSeconds: 5,
        healthThreshold: 2,
        logLevel: LogLevel.Debug,
        logFormat: LogFormat.Json,
        logFields: { team: "a" },
        accessLog: true,
        headers: { "X-A": ["1", "2"] },
        uploadPurging: false,
        uploadPurgeAgeHours: 2,
        uploadPurgeIntervalHours: 3,
        drainSeconds: 7,
        tagLookupConcurrency: 9,
      },
    });
    assert.deepEqual(config.log, {
      level: "debug",
      formatter: "json",
      fields: { team: "a" },
      accesslog: { disabled: false },
    });
    assert.deepEqual(config.storage, {
      filesystem: { rootdirectory: "/var/lib/registry" },
      delete: { enabled: false },
      maintenance: {
        uploadpurging: { enabled: false, age: "2h", interval: "3h", dryrun: false },
        readonly: { enabled: true },
      },
      tag: { concurrencylimit: 9 },
    });
    assert.deepEqual(config.health.storagedriver, { enabled: true, interval: "5s", threshold: 2 });
    assert.deepEqual([config.http.draintimeout, config.http.headers], ["7s", { "X-A": ["1", "2"] }]);
  });

  test("names schema 1 on registry 2 only", () => {
    const options = { dialect: RegistryDialect.V2, schema1: true };
    assert.deepEqual(read({ options }).compatibility, { schema1: { enabled: true } });
    assert.ok(!("compatibility" in read({ options: { dialect: RegistryDialect.V2 } })));
  });

  test("keeps text as text that YAML 1.1 would read as something else", () => {
    const logFields = {
      a: "yes",
      b: "on",
      c: "0123",
      d: "1:30",
      e: "2026-01-01",
      f: "~",
      g: "x: #y",
      no: "null",
      h: "",
    };
    assert.deepEqual(read({ options: { logFields } }).log.fields, logFields);
    const httpSecret = 'a"b: #c';
    assert.equal(read({ httpSecret }).http.secret, httpSecret);
  });

  test("is the same text at every call, and a long value stays on its line", () => {
    const options = { headers: { "X-Long": ["word ".repeat(60).trim()] } };
    assert.equal(render({ options }), render({ options }));
    assert.ok(render({ options }).includes("word ".repeat(60).trim()));
  });
});

describe("overrides of config.yml", () => {
  test("merge maps and replace everything else", () => {
    const config = read({
      overrides: {
        log: { fields: { team: "a" }, reportcaller: true },
        http: { headers: { "X-Content-Type-Options": ["other"] } },
        storage: { maintenance: { uploadpurging: { dryrun: true } }, filesystem: { maxthreads: 200 } },
        catalog: { maxentries: 5 },
      },
    });
    assert.deepEqual(config.log.fields, { service: "registry", team: "a" });
    assert.deepEqual([config.log.level, config.log.reportcaller], ["warn", true]);
    assert.deepEqual(config.http.headers, { "X-Content-Type-Options": ["other"] });
    assert.deepEqual(config.storage.maintenance.uploadpurging, { ...uploadpurging, dryrun: true });
    assert.deepEqual(config.storage.filesystem, { rootdirectory: "/var/lib/registry", maxthreads: 200 });
    assert.deepEqual(config.catalog, { maxentries: 5 });
  });

  test("decide with the storage whether descriptors are remembered, unless an option says it", () => {
    const s3 = { storage: { s3: {} } };
    const cache = (options: RegistryOptionsArgs, overrides = {}) =>
      read({ options, overrides }).storage.cache;
    const inMemory = { blobdescriptor: "inmemory" };
    assert.equal(cache({}), undefined);
    assert.equal(cache({}, { storage: { filesystem: { maxthreads: 50 } } }), undefined);
    assert.deepEqual(cache({}, s3), inMemory);
    assert.deepEqual(cache({ cache: DescriptorCache.InMemory }), inMemory);
    assert.equal(cache({ cache: DescriptorCache.None }, s3), undefined);
  });

  test("with another storage driver take the place of the file system and keep the settings of storage", () => {
    const { storage } = read({ overrides: { storage: { s3: { bucket: "b" } } } });
    assert.deepEqual(Object.keys(storage).sort(), ["cache", "delete", "maintenance", "s3"]);
  });

  test("that use one object twice give no YAML anchor", () => {
    const shared = { a: 1 };
    assert.ok(!/[&*]/.test(render({ overrides: { catalog: shared, tags: shared } })));
  });

  test("cannot change the prototype of anything", () => {
    render({ overrides: JSON.parse('{"log":{"__proto__":{"polluted":true}}}') });
    assert.ok(!("polluted" in {}));
  });
});

describe("the network of the registry", () => {
  const remote = [
    { proxy: { remoteurl: "https://a" } },
    { notifications: {} },
    { redis: {} },
    { storage: { s3: {} } },
    { health: { tcp: [] } },
    { log: { hooks: [] } },
  ];
  for (const overrides of remote) {
    test(`is needed for ${JSON.stringify(overrides)}`, () => assert.equal(needsNetwork(overrides), true));
  }

  test("is not needed for anything on this machine", () => {
    const local = [
      undefined,
      {},
      { storage: { inmemory: {} } },
      { storage: { filesystem: { maxthreads: 50 }, cache: {} } },
      { log: { level: "debug" } },
      { health: {} },
    ];
    assert.deepEqual(local.filter(needsNetwork), []);
  });

  test("goes with a file system only where no other driver is named", () => {
    assert.deepEqual(
      [undefined, { storage: { delete: {} } }, { storage: { inmemory: {} } }, { storage: { s3: {} } }].map(
        usesFilesystem,
      ),
      [true, true, false, false],
    );
  });
});
