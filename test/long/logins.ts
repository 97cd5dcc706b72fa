import { hashSync } from "bcryptjs";
import { Cgroups } from "../../bench/host/cgroups";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { output } from "../../tools/shell";
import { startBareProxy } from "../support/bareProxy";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

const [pairs, crowd] = [200, 1000];

/** What a login costs, whether its time tells who exists, and a crowd of new logins at the same moment. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const hash = (password: string) => hashSync(password, 10).replace("$2b$", "$2y$");
  const proxy = await startBareProxy(
    "logins",
    18660,
    {},
    {
      htpasswd: `alice:${hash("right")}\n`,
      decoyHash: hash("a password of nobody"),
      limits: resolvedRequestLimits({ loginsPerSecond: 10_000, loginBurst: 10_000 }),
    },
  );
  try {
    const ask = async (user: string) => {
      const start = performance.now();
      const { status } = await proxy.client.ask("/v2/", { user });
      return { status, time: performance.now() - start };
    };
    const verifier = await Cgroups.of(["private-registry-test-logins-verifier"]);
    const rest = verifier.anonymous();

    const times = { known: [] as number[], unknown: [] as number[] };
    for (let pair = 0; pair < pairs; pair++) {
      const known = async () => times.known.push((await ask(`alice:wrong-${pair}`)).time);
      const unknown = async () => times.unknown.push((await ask(`nobody:wrong-${pair}`)).time);
      for (const one of pair % 2 === 0 ? [known, unknown] : [unknown, known]) await one();
    }
    const auc = greaterShare(times.known, times.unknown);

    const spent = verifier.cpu();
    const answers = await Promise.all(Array.from({ length: crowd }, (_, n) => ask(`alice:guess-${n}`)));
    const milliseconds = (verifier.cpu() - spent) / 1000 / crowd;
    const checked = answers.filter(({ status }) => status === 401).length;

    const held = [rest, verifier.anonymous()].map((bytes) => (bytes / 1e6).toFixed(1));
    const result = `AUC ${auc.toFixed(3)} of known against unknown over ${pairs} pairs; ${checked} of ${crowd} new logins at once checked, ${milliseconds.toFixed(0)} ms of a processor each; the verifier holds ${held[0]} MB at rest and ${held[1]} MB after them`;
    say(result);
    noteProof("logins", commit, result);
    return Math.abs(auc - 0.5) < 0.1 && checked === crowd ? 0 : 1;
  } finally {
    await proxy.remove();
  }
});

/** How often one of the first is greater than one of the second: a half where they are alike. */
function greaterShare(first: readonly number[], second: readonly number[]): number {
  const greater = first.flatMap((one) => second.map((other): number => Number(one > other)));
  return greater.reduce((sum, each) => sum + each, 0) / greater.length;
}
