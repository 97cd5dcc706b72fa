// A registry with images for people to look at: proxy, registry and the keeper's program as they are, without an engine.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AccessAction } from "../../components/access/args";
import { serviceUid } from "../../components/docker/containerSettings";
import { dataPath, registrySocket, socketPath } from "../../components/docker/paths";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { output, run } from "../../tools/shell";
import { registryImage } from "../../tools/temporaryStack";
import { type BareProxy, startBareProxy } from "./bareProxy";
import { type BuiltKeeper, buildKeeper } from "./builtKeeper";
import { waiting } from "./fakeKeeper";
import { usualSettings } from "./keeper/usualSettings";
import { type PageStand, retentionOfPage } from "./pageImages";
import { registryTree } from "./registryTree";

const passwords: { readonly [user: string]: string } = {
  admin: "the admin's own",
  reader: "the reader's own",
};

const registryConfig = `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${dataPath}}, delete: {enabled: true}}
http: {net: unix, addr: ${registrySocket}, relativeurls: true}
`;

/** With an `admin`, who may do everything, and a `reader` of `team/**`. */
export async function startPageStand(name: string, port: number): Promise<PageStand> {
  // In memory where there is a folder for that: thousands of small files take long on a disk that others are busy with.
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "private-registry-page-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "data"));
  const proxy = await startBareProxy(
    name,
    port,
    passwords,
    {
      page: true,
      dataPath,
      limits: resolvedRequestLimits({ loginsPerSecond: 100 }),
      access: [
        { repositories: ["**"], users: ["admin"], actions: [AccessAction.Push, AccessAction.Delete] },
        { repositories: ["team/**"], users: ["reader"], actions: [AccessAction.Pull] },
      ],
      tokenKey: "the key of tokens",
    },
    [`${join(folder, "data")}:${dataPath}:ro`],
  );
  const registry = `private-registry-test-${name}-registry`;
  const keeper = keeperOf(proxy, join(folder, "data"));
  const remove = async () => {
    await keeper.stop();
    await run(["docker", "rm", "-f", registry]);
    await proxy.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await startRegistry(registry, folder, join(dirname(proxy.controlFolder), "socket"));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: `https://127.0.0.1:${port}`,
    client: proxy.client,
    password: (user) => passwords[user] ?? "",
    async fill(work) {
      work(registryTree(folder));
      await output(["chown", "-R", `${serviceUid}:${serviceUid}`, join(folder, "data")]);
    },
    remove,
  };
}

async function startRegistry(name: string, folder: string, socketFolder: string): Promise<void> {
  writeFileSync(join(folder, "config.yml"), registryConfig);
  await run(["docker", "rm", "-f", name]);
  await output(["chown", "-R", `${serviceUid}:${serviceUid}`, folder]);
  const mounts = [
    `${socketFolder}:${socketPath}`,
    `${folder}/data:${dataPath}`,
    `${folder}/config.yml:/config.yml:ro`,
  ];
  await output([
    ...["docker", "run", "-d", "--name", name, "--network", "none", "--user", `${serviceUid}:${serviceUid}`],
    ...mounts.flatMap((mount) => ["-v", mount]),
    ...[registryImage, "serve", "/config.yml"],
  ]);
}

/** The keeper's program, for one request after the other. */
function keeperOf({ controlFolder }: BareProxy, dataFolder: string) {
  const settings = { ...usualSettings, dataFolder, retention: retentionOfPage, collectAt: "03:30 in UTC" };
  const keeper: BuiltKeeper = buildKeeper(dirname(controlFolder), settings);
  let goesOn = true;
  const work = async () => {
    // Both write there.
    await output(["chown", "-R", `${serviceUid}:${serviceUid}`, controlFolder]);
    await keeper.job("index");
    while (goesOn) {
      for (const id of waiting(controlFolder).filter((file) => !file.startsWith(".")))
        await keeper.job("request", id);
      await sleep(30);
    }
  };
  const done = work();
  return {
    stop() {
      goesOn = false;
      return done;
    },
  };
}
