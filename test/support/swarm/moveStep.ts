import assert from "node:assert/strict";
import { type Moved, moveImages, type TargetBucket } from "../../../tools/store/move";
import { runningRegistry } from "../../../tools/store/runningRegistry";
import { rcloneImage } from "../../../tools/temporaryStack";
import { pullLoop, type Target } from "../probers";
import { expectSame, type Skopeo, skopeo } from "../skopeo";
import type { ClusterStand } from "./clusterStand";
import { type ClusterStep, change, firstOf } from "./clusterStep";
import type { OneHost } from "./oneHost";

const images = ["team/moved:1", "team/moved:2", "other/moved:1"];
const volume = "moved-back";

/** From one host with its images on a disk to the cluster and back, while somebody pulls all the time. */
export const moveThereAndBack: ClusterStep = {
  name: "a move from one host and back",
  async take(world) {
    const { host } = world;
    const before = world.stand.args;
    const bucket = newBucket(world.stand);
    const here = clientOf(host.target());
    const there = clientOf(firstOf(world.stand));
    const digests = new Map<string, string>();
    for (const image of images) digests.set(image, await here.push(image, [3_000_000, 1000]));
    // The name that clients know leads to the one or the other.
    let name = here;
    const pulling = pullLoop({ pull: (image) => name.pull(image) }, "team/moved:1");
    try {
      const to = { s3: { ...bucket, pathStyle: true, redirect: false } };
      assert.equal((await moveFrom(host, to)).isWhole, false);
      digests.set("team/late:1", await here.push("team/late:1", [1000]));
      await hostWith(host, { registry: { readOnly: true } });
      assert.equal((await moveFrom(host, to)).isWhole, true);
      await change(world, { storage: { s3: bucket } });
      name = there;
      await expectSame(there, digests);
      digests.set("team/there:1", await there.push("team/there:1", [2_000_000]));

      const readOnly = { registry: { readOnly: true } };
      // Nobody is led to the one host now: its proxy may be replaced.
      await Promise.all([
        change(world, readOnly),
        hostWith(host, { storage: { s3: bucket }, ...readOnly }),
        host.machine.docker("volume", "create", volume),
      ]);
      assert.equal((await moveFrom(host, volume)).isWhole, true);
      await hostWith(host, { storage: { volumeName: volume } });
      name = here;
      await expectSame(here, digests);
      await here.push("team/back:1", [1000]);
      const { requests, failures } = await pulling.stop();
      const found = `${this.name}: ${digests.size} images, each digest equal there and back, ${failures.length} of ${requests} pulls`;
      return failures.length === 0 ? { found } : { found, problem: failures.join("; ") };
    } finally {
      await pulling.stop();
      for (const each of [here, there]) each.remove();
      world.stand.args = before;
      await world.stand.up();
    }
  },
};

/** An empty bucket beside the cluster's own, as arguments name it: nothing is moved to where other things are. */
function newBucket({ store: { endpoint, accessKey, secretKey, makeBucket } }: ClusterStand) {
  makeBucket("moved");
  return { endpoint, bucket: "moved", accessKey, secretKey };
}

const clientOf = ({ host, ca, user }: Target): Skopeo => skopeo(host, ca, user);

async function moveFrom({ registry, machine }: OneHost, to: TargetBucket | string): Promise<Moved> {
  const environment = { ...process.env, DOCKER_HOST: machine.dockerHost };
  return moveImages({ registry: await runningRegistry(registry, "dev", environment), rcloneImage, to });
}

async function hostWith(host: OneHost, args: OneHost["args"]): Promise<void> {
  host.args = args;
  await host.up();
}
