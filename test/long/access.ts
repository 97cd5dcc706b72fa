import { hashSync } from "bcryptjs";
import { median } from "../../bench/statistics";
import { AccessAction } from "../../components/access/args";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { output } from "../../tools/shell";
import { costsOfRules } from "../support/accessCost";
import { startBareProxy } from "../support/bareProxy";
import { catalogueStand, fillForPulls, pullLoad, twentyCatalogues } from "../support/catalogueLoad";
import { greaterShare, timedPairs } from "../support/timing";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";

/** What rules cost, whether time tells who exists, and what twenty lists of repositories take from those who pull. */
runLong(async () => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const costs = await costsOfRules(18661, 20);
  const ratio = median(costs.map((cost) => cost.with / cost.without));
  const [without, withRules] = [
    median(costs.map((cost) => cost.without)),
    median(costs.map((cost) => cost.with)),
  ];
  say(`a request costs ${without.toFixed(0)} µs without rules, ${withRules.toFixed(0)} µs with them`);
  const shares = await sharesOfUsers();
  const losses = await lossesByCatalogues();
  const results = [
    `1,000 users and 200 rules: a request costs ${ratio.toFixed(2)} times what it does with one user and none (${without.toFixed(0)} to ${withRules.toFixed(0)} µs, 20 pairs)`,
    ...shares.map(
      ([path, share]) => `AUC ${share.toFixed(3)} of known against unknown on ${path} over 200 pairs`,
    ),
    `20 lists of repositories at once beside pulls: ${(100 * median(losses)).toFixed(0)} % fewer pulls in the five seconds, ${losses.length} pairs`,
  ];
  for (const result of results) say(result);
  noteProof("access", commit, results.join("; "));
  const isBlind = shares.every(([, share]) => Math.abs(share - 0.5) < 0.1);
  return ratio <= 1.2 && isBlind && median(losses) < 0.1 ? 0 : 1;
});

/** How often a wrong password takes longer for a user that there is than for one that there is not. */
async function sharesOfUsers(): Promise<(readonly [path: string, share: number])[]> {
  const hash = (password: string) => hashSync(password, 10).replace("$2b$", "$2y$");
  const proxy = await startBareProxy(
    "access-times",
    18663,
    {},
    {
      htpasswd: `alice:${hash("right")}\n`,
      decoyHash: hash("a password of nobody"),
      limits: resolvedRequestLimits({ loginsPerSecond: 10_000, loginBurst: 10_000 }),
      access: [
        { repositories: ["team/*"], users: ["alice"], actions: [AccessAction.Push] },
        { repositories: ["public/*"], anonymous: true, actions: [AccessAction.Pull] },
      ],
      tokenKey: "the key of tokens",
    },
  );
  try {
    const shares: (readonly [string, number])[] = [];
    for (const path of ["/v2/", "/_token"]) {
      const ask = async (user: string) => {
        const { status } = await proxy.client.ask(path, { user });
        if (status !== 401) throw new Error(`${path} by ${user}: ${status}`);
      };
      const known = (pair: number) => ask(`alice:wrong-${path}-${pair}`);
      const unknown = (pair: number) => ask(`carol:wrong-${path}-${pair}`);
      shares.push([path, greaterShare(await timedPairs(200, known, unknown))]);
    }
    return shares;
  } finally {
    await proxy.remove();
  }
}

/** Of pulls in five seconds, the share that is missing where twenty ask for the list of repositories meanwhile. */
async function lossesByCatalogues(): Promise<number[]> {
  const stand = await catalogueStand("catalogue-load", 18665);
  try {
    await fillForPulls(stand);
    const pullsBeside = async (work: () => Promise<unknown>) => {
      const stop = pullLoad(stand);
      await Promise.all([work(), new Promise((resolve) => setTimeout(resolve, 5000))]);
      const { pulls, failures } = await stop();
      if (failures.length > 0) throw new Error(failures.join("\n"));
      return pulls;
    };
    const nothing = async () => {};
    const lists = () => twentyCatalogues(stand);
    const losses: number[] = [];
    await pullsBeside(nothing);
    for (let pair = 0; pair < 20; pair++) {
      const pulls = new Map<() => Promise<unknown>, number>();
      for (const work of pair % 2 === 0 ? [nothing, lists] : [lists, nothing])
        pulls.set(work, await pullsBeside(work));
      losses.push(1 - (pulls.get(lists) ?? 0) / (pulls.get(nothing) ?? 0));
    }
    return losses;
  } finally {
    await stand.remove();
  }
}
