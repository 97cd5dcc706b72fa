import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keeperObstacleProblems } from "../../../components/keeper/problems";
import { RegistryDialect } from "../../../components/registry/args";
import {
  besideBucketProblems,
  httpSecretProblems,
  knownKeyProblems,
} from "../../../components/registry/s3Problems";
import type { S3StorageArgs } from "../../../components/registry/storageArgs";
import { bucketName, keptOnDisk, reachesOut } from "../../../components/registry/storagePlace";
import { storageProblems } from "../../../components/registry/storageProblems";

const key = { accessKey: "key", secretKey: "secret" };
const s3: S3StorageArgs = { bucket: "registry", endpoint: "https://s3.example.com" };
const { V2, V3 } = RegistryDialect;

describe("a bucket for the images", () => {
  test("is fine with a key, a file, or the role of the machine, and at Amazon with a region", () => {
    for (const fine of [
      s3,
      { ...s3, ...key, folder: "a/b.c", region: "here" },
      { ...s3, credentialsFile: "/etc/registry/key" },
      { bucket: "a.b-c", region: "eu-central-1" },
    ])
      assert.deepEqual(storageProblems({ s3: fine }), []);
  });

  test("is refused for each value that cannot be", () => {
    const cases: readonly (readonly [Partial<S3StorageArgs>, RegExp])[] = [
      [{ bucket: "A" }, /^storage\.s3\.bucket: "A" is no name of a bucket/],
      [{ endpoint: "s3.example.com" }, /^storage\.s3\.endpoint: "s3.example.com" is no URL/],
      [{ endpoint: undefined }, /^storage\.s3\.region: is missing; write the bucket's/],
      [{ folder: "a/../b" }, /^storage\.s3\.folder: "a\/\.\.\/b" is no folder/],
      [{ folder: "/a" }, /^storage\.s3\.folder: /],
      [{ region: "a b" }, /^storage\.s3\.region: "a b" is no region/],
      [{ accessKey: "key" }, /^storage\.s3\.secretKey: is missing/],
      [{ secretKey: "hunter22" }, /^storage\.s3\.accessKey: is missing/],
      [{ ...key, credentialsFile: "/etc/key" }, /^storage\.s3: has both accessKey and credentialsFile/],
      [{ credentialsFile: "key" }, /^storage\.s3\.credentialsFile: "key" is no absolute path/],
      [{ credentialsFile: "/a:b" }, /^storage\.s3\.credentialsFile: "\/a:b" /],
      [{ credentialsFile: "/a/../b" }, /^storage\.s3\.credentialsFile: /],
    ];
    for (const [change, expected] of cases) {
      const [first = "", ...more] = storageProblems({ s3: { ...s3, ...change } });
      assert.match(first, expected);
      assert.deepEqual(more, [], first);
      assert.doesNotMatch(first, /hunter22/);
    }
  });

  test("is refused beside what is about a disk, beside an overridden storage, and with what registry 2 cannot", () => {
    const beside = (change: object) =>
      besideBucketProblems({ storage: { s3 }, dialect: V3, overrides: {}, ...change }, "configOverrides");
    assert.deepEqual(beside({ overrides: { catalog: {} }, keepDataOnDestroy: true }), []);
    assert.deepEqual(
      beside({ storage: { s3, volumeName: "images", hostPath: "/srv/a", takeOwnership: true } }),
      ["volumeName", "hostPath", "takeOwnership"].map(
        (name) => `storage.${name}: is about a disk, and storage.s3 about a bucket; leave one of them out`,
      ),
    );
    assert.deepEqual(beside({ overrides: { storage: { cache: {} } } }), [
      "configOverrides.storage: is given beside storage.s3, which writes that section; take one of them out",
    ]);
    assert.deepEqual(beside({ keepDataOnDestroy: false }), [
      "keepDataOnDestroy: is false, and nothing ever deletes a bucket; leave it out",
    ]);
    const named = { s3: { ...s3, pathStyle: false } };
    assert.deepEqual(beside({ storage: named }), []);
    assert.match(beside({ storage: named, dialect: V2 })[0] ?? "", /^storage\.s3\.pathStyle: is false/);
  });

  test("has a key of one line, and registries that share it sign with a long one", () => {
    assert.deepEqual(knownKeyProblems(key), []);
    assert.deepEqual(knownKeyProblems({}), []);
    assert.match(
      knownKeyProblems({ accessKey: "" })[0] ?? "",
      /^storage\.s3\.accessKey: "" is no access key/,
    );
    for (const secretKey of ["", "hunter22\n"]) {
      const [problem = ""] = knownKeyProblems({ ...key, secretKey });
      assert.match(problem, /^storage\.s3\.secretKey: is empty or has a control/);
      assert.doesNotMatch(problem, /hunter22/);
    }
    assert.deepEqual(httpSecretProblems("a".repeat(32)), []);
    for (const secret of ["a".repeat(31), `${"a".repeat(40)}\n`])
      assert.match(httpSecretProblems(secret)[0] ?? "", /^registry\.httpSecret: has \d+ characters/);
  });

  test("has no keeper and no backup, which is the store's", () => {
    const where = "where storage.s3 keeps the images in an object store";
    assert.deepEqual(keeperObstacleProblems({ enabled: true }, {}, { storage: { s3 } }), [
      `keeper: cannot work ${where}; leave it out, or set keeper.enabled to false`,
    ]);
    assert.deepEqual(keeperObstacleProblems(undefined, { backup: {} }, { storage: { s3 } }), [
      `backup: needs the keeper, which cannot work ${where}; leave it out, and have the store keep versions of its objects or a copy elsewhere`,
    ]);
    assert.deepEqual(keeperObstacleProblems(undefined, {}, { storage: { s3 } }), []);
  });

  test("is no disk, is reached by a network, and has a name for people", () => {
    const remote = { storage: { gcs: {} } };
    assert.deepEqual([keptOnDisk(), keptOnDisk({ s3 }), keptOnDisk({}, remote)], [true, false, false]);
    assert.deepEqual([reachesOut(), reachesOut({ s3 }), reachesOut({}, remote)], [false, true, true]);
    assert.deepEqual(
      [bucketName({ bucket: "a" }), bucketName({ bucket: "a", folder: "b/c" })],
      ["s3://a", "s3://a/b/c"],
    );
  });
});
