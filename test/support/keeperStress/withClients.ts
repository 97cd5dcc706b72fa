import { createConsumerMachine } from "../consumerMachine";
import { inTheMoment } from "./collections";
import { realClients, workWith } from "./realClients";
import { type Lack, type StressOptions, type StressResult, stress } from "./stress";
import { pushesIn } from "./tally";

/** The stress with docker, containerd and skopeo, on a machine of their own that reaches the registry without TLS. */
export async function stressWithClients(
  options: Omit<StressOptions, "host" | "clients">,
): Promise<StressResult> {
  const flags = "--bridge=none --iptables=false --insecure-registry 198.51.100.0/24";
  const machine = await createConsumerMachine("keeper-stress", flags);
  try {
    const address = `${machine.hostAddress}:${options.port}`;
    return await stress({
      ...options,
      host: machine.hostAddress,
      clients: (world) => realClients(machine).map((client) => workWith(client, world, address)),
    });
  } finally {
    await machine.destroy();
  }
}

/** What must hold, as sentences; nothing if all does. */
export function complaints({ tally, collections, verdict }: StressResult): string[] {
  const pushes = pushesIn(tally);
  const repeated = tally.repeated.filter((push) => !push.includes(`:${inTheMoment}-`));
  const thin = collections.filter(({ killed, number }) => killed === undefined && number > 1);
  const few = thin.filter(
    ({ taken, pushedAgain }) => taken.links + taken.blobs < 50 || taken.links < 25 || pushedAgain < 5,
  );
  return [
    ...verdict.wrong,
    ...tally.failedPulls.map((pull) => `failed: ${pull}`),
    ...tally.repeatedTwice.map((push) => `repeated twice: ${push}`),
    ...(repeated.length * 1000 >= pushes
      ? [`${repeated.length} of ${pushes} pushes were repeated: ${repeated.join("; ")}`]
      : []),
    ...few.map(
      ({ number, taken, pushedAgain }) =>
        `collection ${number} took ${taken.links} links and ${taken.blobs} blobs, ${pushedAgain} images pushed again`,
    ),
    ...(verdict.bytes === verdict.referenced
      ? []
      : [`${verdict.bytes} bytes of blobs, ${verdict.referenced} bytes are referenced`]),
  ];
}

const longest = (lacks: readonly Lack[]) => Math.max(0, ...lacks.map(({ milliseconds }) => milliseconds));

/** The figures of a stress in one line. */
export function summaryOf({ tally, collections, lacks, verdict, seconds }: StressResult): string {
  const killed = collections.filter((collection) => collection.killed !== undefined).length;
  const links = collections.reduce((sum, { taken }) => sum + taken.links, 0);
  const blobs = collections.reduce((sum, { taken }) => sum + taken.blobs, 0);
  const again = collections.reduce((sum, collection) => sum + collection.pushedAgain, 0);
  const operations = [...tally.operations].map(([name, number]) => `${number} ${name}`).join(", ");
  const inMoment = tally.repeated.filter((push) => push.includes(`:${inTheMoment}-`)).length;
  const isAfterKill = ({ since }: Lack) =>
    collections.some(
      ({ killed, began, seconds }) =>
        killed !== undefined && Date.parse(since) >= began && Date.parse(since) <= began + seconds * 1000,
    );
  const [afterKill, others] = [lacks.filter(isAfterKill), lacks.filter((lack) => !isAfterKill(lack))];
  return (
    `${collections.length} collections (${killed} killed), ${links} links and ${blobs} blobs taken, ${again} images of them pushed again; ` +
    `${operations}; ${tally.failedPulls.length} failed pulls, ${tally.repeated.length - inMoment} repeated pushes, ` +
    `and ${inMoment} of images that moved just then; ` +
    `${others.length} times a tag was incomplete, for ${longest(others)} ms at most, and ${afterKill.length} times after a kill, ` +
    `for ${longest(afterKill)} ms; ` +
    `${verdict.tags} tags and ${verdict.digests} digests right, ${verdict.bytes} bytes; ${Math.round(seconds)} s`
  );
}
