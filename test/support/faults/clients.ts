import { setTimeout as sleep } from "node:timers/promises";
import { ask, pull, push } from "../walk/registry";
import type { World } from "../walk/world";

/** What clients saw. */
export interface Seen {
  readonly asked: number;
  /** What failed, by its text. */
  readonly failures: readonly string[];
  /** What must never be: other bytes than were pushed, or somebody who was let in. */
  readonly wrong: readonly string[];
}

export interface Clients {
  stop(): Promise<Seen>;
}

const timeoutSeconds = 5;

/** Clients that pull, push, and try to get in, all the time. What was pushed counts from then on as an image. */
export function clientsOf(world: World, nextTag: () => string): Clients {
  const failures: string[] = [];
  const wrong: string[] = [];
  let [asked, stopped] = [0, false];
  const reach = { ...world.reach, timeoutSeconds };
  const loop = async (pauseMilliseconds: number, act: () => Promise<void>) => {
    while (!stopped) {
      asked++;
      await act().catch((error: Error) => {
        (isWrong(error.message) ? wrong : failures).push(error.message);
      });
      await sleep(pauseMilliseconds);
    }
  };
  let [pulled, tried] = [0, 0];
  const pullOne = async () => {
    const images = Object.entries(world.lastGoodImages);
    const [reference, digest] = images[pulled++ % images.length] ?? ["", ""];
    const [repository = "", tag = ""] = reference.split(":");
    await pull(reach, repository, tag, digest);
  };
  const pushOne = async () => {
    const [repository, tag] = ["faults/app", nextTag()];
    world.remember(`${repository}:${tag}`, await push(reach, repository, tag));
  };
  const strangers = [undefined, "nobody:nothing", `${world.reach.users[0]}x`];
  const tryToGetIn = async () => {
    const user = strangers[tried++ % strangers.length];
    const { status } = await ask(reach, "/v2/walk/app/manifests/0", { user }).catch(() => ({ status: 0 }));
    if (status < 400 && status !== 0) wrong.push(`${user?.split(":")[0] ?? "nobody"} got in: ${status}`);
  };
  const loops = [loop(50, pullOne), loop(300, pushOne), loop(200, tryToGetIn)];
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
      return { asked, failures, wrong };
    },
  };
}

const isWrong = (message: string) => /has other content|was pushed$/.test(message);
