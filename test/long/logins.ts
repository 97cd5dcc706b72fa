import { hashSync } from "bcryptjs";
import { Cgroups } from "../../bench/host/cgroups";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { output } from "../../tools/shell";
import { startBareProxy } from "../support/bareProxy";
import { greaterShare, timedPairs } from "../support/timing";
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
    const ask = (user: string) => proxy.client.ask("/v2/", { user });
    const verifier = await Cgroups.of(["private-registry-test-logins-verifier"]);
    const rest = verifier.anonymous();

    const times = await timedPairs(
      pairs,
      (pair) => ask(`alice:wrong-${pair}`),
      (pair) => ask(`nobody:wrong-${pair}`),
    );
    const auc = greaterShare(times);

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
