import type { Context } from "./job";
import { layoutOf } from "./layout";
import type { keeperMetricsFiles } from "./metricsFiles";
import { blobSizes, linkedBlobs } from "./repository";
import { stateFile } from "./stateFile";
import { trashed } from "./trashed";
import { repositoryNames } from "./walk";

/** First components of names that are told apart: the largest ones. */
const mostProjects = 50;

/** The last run of a job, as far as it is a figure. */
export interface RunFigures {
  readonly ended: string;
  readonly ok: boolean;
  readonly succeeded?: string;
  readonly total?: number;
}

/** Writes down what takes which space: by the first component of names, each blob once in each, and in the trash. */
export function measureSpace(context: Context): void {
  const { disk, settings } = context;
  if (!settings.metrics) return;
  const layout = layoutOf(settings.dataFolder);
  const sizeOf = blobSizes(disk, layout);
  const projects = new Map<string, Set<string>>();
  const names = repositoryNames(disk, layout);
  for (const name of names) {
    const [project = ""] = name.split("/");
    const blobs = projects.get(project) ?? new Set();
    for (const digest of linkedBlobs(disk, layout, name)) blobs.add(digest);
    projects.set(project, blobs);
  }
  const sizes = [...projects]
    .map(([project, blobs]) => [project, sizeOf(blobs)] as const)
    .sort(([, one], [, other]) => other - one);
  const rest = sizes.slice(mostProjects).reduce((sum, [, bytes]) => sum + bytes, 0);
  const rows = [...sizes.slice(0, mostProjects), ...(rest > 0 ? [["", rest] as const] : [])];
  const trash = trashed(context, layout).reduce((sum, { bytes }) => sum + bytes, 0);
  write(context, "space.prom", [
    family(
      "project_bytes",
      "gauge",
      "What repositories hold, by the first component of their names, empty for all that are smaller.",
      rows.map(([project, bytes]) => [`project="${project}"`, bytes]),
    ),
    family("repositories", "gauge", "Repositories.", [["", names.length]]),
    family("trash_bytes", "gauge", "What can be had back still.", [["", trash]]),
  ]);
}

/** Writes down when jobs last ended well, and what they have done in all. */
export function writeRunFigures(context: Context, runs: { readonly [job: string]: RunFigures }): void {
  if (!context.settings.metrics) return;
  const all = Object.entries(runs);
  const successes = all.flatMap(([job, { ended, ok, succeeded }]) => {
    const time = ok ? ended : succeeded;
    return time === undefined ? [] : [[`task="${job}"`, Date.parse(time) / 1000] as const];
  });
  const total = (job: string) => runs[job]?.total ?? 0;
  write(context, "runs.prom", [
    family(
      "task_success_timestamp_seconds",
      "gauge",
      "When a task of the keeper last ended well.",
      successes,
    ),
    family(
      "task_ok",
      "gauge",
      "Whether the last run of a task ended well.",
      all.map(([job, { ok }]) => [`task="${job}"`, ok ? 1 : 0]),
    ),
    family("freed_bytes_total", "counter", "What collections have removed for good.", [
      ["", total("collection")],
    ]),
    family("retention_deleted_tags_total", "counter", "Tags that rules of retention have deleted.", [
      ["", total("retention")],
    ]),
  ]);
}

function write(context: Context, name: (typeof keeperMetricsFiles)[number], families: string[]): void {
  context.disk.write(stateFile(context, name), families.join(""));
}

function family(
  name: string,
  type: "gauge" | "counter",
  help: string,
  rows: readonly (readonly [labels: string, value: number])[],
): string {
  if (rows.length === 0) return "";
  const full = `private_registry_${name}`;
  const lines = rows.map(([labels, value]) => `${full}${labels && `{${labels}}`} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join("")}`;
}
