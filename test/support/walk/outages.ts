import { setTimeout as sleep } from "node:timers/promises";
import { ask, type Reach } from "./registry";

/** Asks `GET /v2/` all the time, in the background, and knows for how long nobody answered. */
export interface Outages {
  /** Where somebody may answer from now on: while an `up` runs, by the settings of before or by the new ones. */
  watch(...reaches: readonly Reach[]): void;
  /** Forgets what was. */
  reset(): void;
  /** The longest time between two good answers since then, in seconds; one that goes on counts. */
  longest(): number;
  stop(): Promise<void>;
}

const pauseMilliseconds = 150;

export function watchOutages(first: Reach): Outages {
  let candidates: readonly Reach[] = [first];
  let [stopped, lastAnswer, longest] = [false, Date.now(), 0];
  const done = (async () => {
    while (!stopped) {
      const asked = Date.now();
      const answered = await firstAnswering(candidates);
      if (answered !== undefined) {
        longest = Math.max(longest, Date.now() - lastAnswer);
        lastAnswer = Date.now();
        candidates = [answered, ...candidates.filter((each) => each !== answered)];
      }
      await sleep(Math.max(20, pauseMilliseconds - (Date.now() - asked)));
    }
  })();
  return {
    watch(...reaches) {
      candidates = reaches;
    },
    reset() {
      longest = 0;
    },
    longest: () => Math.max(longest, Date.now() - lastAnswer) / 1000,
    async stop() {
      stopped = true;
      await done;
    },
  };
}

async function firstAnswering(candidates: readonly Reach[]): Promise<Reach | undefined> {
  for (const reach of candidates) if (await answers(reach)) return reach;
  return undefined;
}

/** A server that asks for the client's certificate, which we do not have before the `up` has ended, is there. */
async function answers(reach: Reach): Promise<boolean> {
  const options = { user: reach.users[0], timeoutSeconds: 2, trustsAnybody: true };
  try {
    const { status, body } = await ask(reach, "/v2/", options);
    return status === 200 || (status === 400 && /SSL certificate/.test(body));
  } catch (error) {
    return /alert (bad )?certificate|certificate required/.test(String(error));
  }
}
