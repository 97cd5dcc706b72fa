import assert from "node:assert/strict";
import { test } from "node:test";
import { Front, PrivateRegistry, type PrivateRegistryArgs } from "../../../components";
import { namedFilesOf } from "../../support/containers";
import { declare, declareFailing } from "../../support/mocks";

const hostnames = ["registry.example.com"];
const filesOf = async (args: Partial<PrivateRegistryArgs> = {}) => {
  const { get } = await declare(() => new PrivateRegistry("main", { hostnames, ...args }));
  const keeper = namedFilesOf(get("main-keeper-files"));
  const settings: { quotas: unknown; scrubDays: unknown } = JSON.parse(keeper["settings.json"] ?? "");
  return { schedule: keeper.schedule ?? "", settings, get };
};
const nginxOf = async (args: Partial<PrivateRegistryArgs> = {}) =>
  namedFilesOf((await filesOf(args)).get("main-proxy-files"))["nginx.conf"] ?? "";

test("the disk is guarded wherever there are a keeper and a proxy, unless that is switched off", async () => {
  assert.match(
    (await filesOf()).schedule,
    /^DISK_GUARD='yes'\nREFUSE_AT='90'\nREFUSE_BELOW_MIB='2048'\nRESUME_AT='85'\nCOLLECT_AT_PERCENT='80'\nQUOTAS='no'$/m,
  );
  assert.match(await nginxOf(), /if \(-f \$flag_of_disk\) \{/);
  const off = { diskGuard: { enabled: false } };
  assert.match((await filesOf(off)).schedule, /^DISK_GUARD='no'$/m);
  assert.doesNotMatch(await nginxOf(off), /flag_of|_no_room|flags\//);
});

test("without a proxy that could refuse nothing is guarded, and settings of it are refused", async () => {
  for (const front of [Front.Direct, Front.None]) {
    assert.match((await filesOf({ front })).schedule, /^DISK_GUARD='no'$/m);
    const settings = { hostnames, front, diskGuard: {}, quotas: [{ repositories: ["**"], maxMib: 1 }] };
    const { message } = await declareFailing(() => new PrivateRegistry("main", settings));
    assert.match(message, /diskGuard: is for nginx, and front is/);
    assert.match(message, /quotas: is for nginx, and front is/);
  }
});

test("without a keeper nothing looks for its flags", async () => {
  const { get } = await declare(() => new PrivateRegistry("main", { hostnames, keeper: { enabled: false } }));
  assert.doesNotMatch(namedFilesOf(get("main-proxy-files"))["nginx.conf"] ?? "", /flag_of/);
});

test("quotas reach the keeper in bytes, and the proxy by their repositories", async () => {
  const args = { quotas: [{ repositories: ["team/*", "a.b/**"], maxMib: 2 }], diskGuard: { enabled: false } };
  const { schedule, settings } = await filesOf(args);
  assert.match(schedule, /^QUOTAS='yes'$/m);
  assert.deepEqual(settings.quotas, [{ repositories: ["team/*", "a.b/**"], bytes: 2_097_152 }]);
  assert.match(
    await nginxOf(args),
    /"~\^0 \/v2\/\(\?:team\/\[\^\/\]\*\|a\\\.b\/\.\*\)\/blobs\/uploads\/ POST /,
  );
});

test("everything is read once in so many days, or never", async () => {
  assert.equal((await filesOf()).settings.scrubDays, 30);
  assert.equal((await filesOf({ keeper: { scrubDays: 0 } })).settings.scrubDays, 0);
  const failing = () => new PrivateRegistry("main", { hostnames, keeper: { scrubDays: -1 } });
  assert.match((await declareFailing(failing)).message, /keeper\.scrubDays: -1 is out of range/);
});
