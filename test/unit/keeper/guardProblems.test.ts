import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DiskGuardArgs, QuotaArgs } from "../../../components/keeper/guardArgs";
import { resolvedDiskGuard } from "../../../components/keeper/guardDefaults";
import { diskGuardProblems, quotaProblems } from "../../../components/keeper/guardProblems";
import { keeperObstacleProblems } from "../../../components/keeper/problems";

describe("the guard of the disk", () => {
  test("is fine as people write it", () => {
    const fine: DiskGuardArgs[] = [
      {},
      { enabled: false },
      { refuseAtPercent: 100, refuseBelowMib: 0 },
      { refuseAtPercent: 3 },
      { refuseAtPercent: 80, resumeAtPercent: 80, collectAtPercent: 80 },
    ];
    for (const args of fine) assert.deepEqual(diskGuardProblems(args), [], JSON.stringify(args));
  });

  const refused: [args: DiskGuardArgs, problem: string][] = [
    [{ refuseAtPercent: 0 }, "refuseAtPercent: 0 is out of range; write a whole number from 1 to 100"],
    [{ refuseAtPercent: 101 }, "refuseAtPercent: 101 is out of range; write a whole number from 1 to 100"],
    [{ resumeAtPercent: 1.5 }, "resumeAtPercent: 1.5 is out of range; write a whole number from 1 to 100"],
    [{ refuseBelowMib: -1 }, "refuseBelowMib: -1 is out of range; write a whole number from 0 to 1073741824"],
    [
      { resumeAtPercent: 95 },
      "resumeAtPercent: 95 is more than refuseAtPercent, 90; write less, or leave it out",
    ],
    [
      { refuseAtPercent: 70, collectAtPercent: 75 },
      "collectAtPercent: 75 is more than refuseAtPercent, 70, so that nothing is collected in time; write less, or leave it out",
    ],
  ];
  for (const [args, problem] of refused)
    test(`is refused as ${JSON.stringify(args)}`, () =>
      assert.deepEqual(diskGuardProblems(args), [`diskGuard.${problem}`]));

  test("begins, ends and collects by the one figure that is given", () => {
    const { resumeAtPercent, collectAtPercent } = resolvedDiskGuard({ refuseAtPercent: 97 });
    assert.deepEqual([resumeAtPercent, collectAtPercent], [92, 87]);
    assert.equal(resolvedDiskGuard({}, false).enabled, false);
    assert.equal(resolvedDiskGuard({ enabled: true }, false).enabled, false);
  });
});

test("a quota needs patterns that mean something, and a size", () => {
  assert.deepEqual(quotaProblems([{ repositories: ["team/*", "**"], maxMib: 1 }]), []);
  assert.deepEqual(
    quotaProblems([
      { repositories: [], maxMib: 0 },
      { repositories: ["Team/*"], maxMib: 5 },
    ]),
    [
      'quotas[0].repositories: is empty, so the rule matches nothing; write one such as "team/*" or "**": lower case letters, digits and . _ - between slashes, with * and ** for any',
      "quotas[0].maxMib: 0 is out of range; write a whole number from 1 to 1073741824",
      'quotas[1].repositories[0]: "Team/*" means no repository that there can be; write one such as "team/*" or "**": lower case letters, digits and . _ - between slashes, with * and ** for any',
    ],
  );
});

describe("what only a keeper does", () => {
  const quotas: QuotaArgs[] = [{ repositories: ["**"], maxMib: 1 }];
  const mirror = { registryConfigOverrides: { proxy: { remoteurl: "https://example.com" } } };

  test("is refused where it is switched off", () => {
    assert.deepEqual(keeperObstacleProblems({ enabled: false }, { diskGuard: {}, quotas }, {}), [
      "diskGuard: needs the keeper, and keeper.enabled is false; take one of the two out",
      "quotas: needs the keeper, and keeper.enabled is false; take one of the two out",
    ]);
    const off = { diskGuard: { enabled: false } };
    assert.deepEqual(keeperObstacleProblems({ enabled: false }, off, {}), []);
  });

  test("is refused where none can work", () => {
    for (const [work, name] of [
      [{ diskGuard: { refuseAtPercent: 95 } }, "diskGuard"],
      [{ quotas }, "quotas"],
    ] as const)
      assert.deepEqual(keeperObstacleProblems(undefined, work, mirror), [
        `${name}: needs the keeper, which cannot work where registryConfigOverrides.proxy makes it a mirror, which removes by itself what it has fetched; leave it out`,
      ]);
    assert.deepEqual(keeperObstacleProblems(undefined, { diskGuard: { enabled: false } }, mirror), []);
  });
});
