import { until } from "../../../tools/shell";
import { ask, pull, push } from "./registry";
import { walker } from "./settings";
import type { World } from "./world";

/** How long a registry that was not taken away may be silent. */
export const longestSilenceSeconds = 60;

/** What must never be, with the output that shows it. */
export class Violation extends Error {}

/** The last good registry answers, or does so again within a minute: to the login, and with the newest image. */
export async function serves(world: World): Promise<void> {
  const asked = world.reach;
  let last = "nothing was asked";
  const answers = async () => {
    try {
      const { status } = await ask(asked, "/v2/", { user: asked.users[0], timeoutSeconds: 5 });
      last = `status ${status}`;
      return status === 200;
    } catch (error) {
      last = String(error);
      return false;
    }
  };
  await until("the registry answers", answers, longestSilenceSeconds).catch(() => {
    throw new Violation(`the last good registry does not serve: GET /v2/ at ${asked.port}: ${last}`);
  });
  const [newest] = Object.entries(world.lastGoodImages).slice(-1);
  if (newest !== undefined) await pulls(world, [newest]);
}

/** Everybody may log in, nobody else may, and every image is there. */
export async function servesEverything(world: World, former: readonly string[]): Promise<void> {
  const { reach } = world;
  await serves(world);
  const expected: [string | undefined, number][] = [
    [undefined, 401],
    // Never asked before: nobody may remember the answer.
    [`${walker.name}:wrong ${Date.now()}`, 401],
    ...reach.users.map((user): [string, number] => [user, 200]),
    ...former.filter((user) => !reach.users.includes(user)).map((user): [string, number] => [user, 401]),
  ];
  for (const [user, wanted] of expected) {
    const { status } = await ask(reach, "/v2/", { user });
    if (status !== wanted)
      throw new Violation(
        `GET /v2/ as ${user?.split(":")[0] ?? "nobody"} is answered ${status}, not ${wanted}`,
      );
  }
  await pulls(world, Object.entries(world.lastGoodImages));
}

async function pulls(world: World, images: readonly (readonly [string, string])[]): Promise<void> {
  for (const [reference, digest] of images) {
    const [repository = "", tag = ""] = reference.split(":");
    await pull(world.reach, repository, tag, digest).catch((error) => {
      throw new Violation(`the image ${reference} is not there any more: ${String(error)}`);
    });
  }
}

/** Pushes one more image. */
export async function pushOne(world: World, reference: string): Promise<void> {
  const [repository = "", tag = ""] = reference.split(":");
  const digest = await push(world.reach, repository, tag).catch((error) => {
    throw new Violation(`a push is refused: ${String(error)}`);
  });
  world.remember(reference, digest);
}
