import { layoutOf, tagsFolder } from "../../../components/keeper/program/layout";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";
import { runRetention } from "../../../components/keeper/program/retentionJob";
import { repositoryNames } from "../../../components/keeper/program/walk";
import { usualSettings } from "./usualSettings";

/*
 * A program of its own, so that its memory is known: two nights of retention over the folder that is its argument.
 * Prints what the first, which reports, and the second, which takes, needed.
 */
const [, , folder = ""] = process.argv;
const context = {
  disk: nodeDisk,
  settings: {
    ...usualSettings,
    dataFolder: `${folder}/data`,
    controlFolder: `${folder}/control`,
    settleSeconds: 900,
    retention: [
      { repositories: ["**"], tags: ["pr-*"], keepNewest: 3, maxTags: 12_000, keepTags: ["v*"] },
      { repositories: ["team-*/*"], tags: ["*"], keepNewest: 3, maxTags: 6, keepTags: [] },
    ],
  },
  say: () => {},
};
const nights = [1, 2].map(() => {
  const began = performance.now();
  runRetention(context, { mode: "scheduled" });
  return Math.round(performance.now() - began) / 1000;
});
const layout = layoutOf(context.settings.dataFolder);
const left = repositoryNames(nodeDisk, layout)
  .map((name) => nodeDisk.names(tagsFolder(layout, name))?.length ?? 0)
  .reduce((sum, tags) => sum + tags, 0);
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ nights, left, megabytes }));
