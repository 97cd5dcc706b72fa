import { ours, type Report, type Result } from "../report";
import { number } from "./table";

/** Metrics in the picture, and a title that fits beside the bars. */
const shown: { readonly [name: string]: (title: string) => string } = {
  pullCpu: same,
  pushCpu: same,
  smallPullCpu: same,
  smallPushCpu: same,
  requestCpu16: same,
  crowdCpu: same,
  crowdP99: same,
  allMemoryCrowd: (title) => title.replace("Anonymous memory of all servers", "Memory"),
};

const left = 336;
const scale = 374;
const right = 896;
const rowHeight = 44;
const top = 108;

/** Ours beside the registry's own TLS, as bars: the figure of the nginx recipe is 1, less is better. */
export function picture(report: Report): string {
  const results = Object.keys(shown).flatMap((name) =>
    report.results.filter((result) => result.name === name),
  );
  const versions = [report.versions.nginx, report.versions.registry].map(versionOf).join(", registry ");
  const note = `${report.date.slice(0, 10)}, nginx ${versions}, ${report.machine.cores} cores, commit ${report.commit}, ${report.rounds} rounds, ${report.command}`;
  const bottom = top + results.length * rowHeight;
  const notes = linesOf(note).map(
    (line, index) => `  <text class="note" x="24" y="${bottom + 52 + index * 16}">${escaped(line)}</text>`,
  );
  const height = bottom + 56 + notes.length * 16;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 ${height}" role="img" aria-labelledby="title desc">
  <title id="title">${finding(results)}</title>
  <desc id="desc">${escaped(results.map(sentence).join(" "))}</desc>
${style}
  <rect class="back" width="920" height="${height}" rx="6"/>
  <text class="finding" x="24" y="36">${finding(results)}</text>
${legend}
${axis(bottom)}
${results.map((result, row) => bars(result, top + row * rowHeight)).join("\n")}
${notes.join("\n")}
</svg>
`;
}

/** What the bars show, in a sentence: how much less processor time ours takes. */
export function finding(results: readonly Result[]): string {
  const ratios = results.flatMap(({ title, ratios }) =>
    title.endsWith("CPU") ? (ratios.seed?.median ?? []) : [],
  );
  if (ratios.length === 0) return "Cost of serving beside a usual nginx recipe";
  const [most, least] = [Math.max(...ratios), Math.min(...ratios)];
  if (most > 1)
    return `Takes ${least.toFixed(2)} to ${most.toFixed(2)} of the processor time of a usual nginx recipe`;
  const times = (ratio: number) => (1 / ratio < 10 ? (1 / ratio).toFixed(1) : String(Math.round(1 / ratio)));
  return `Takes ${times(most)} to ${times(least)} times less processor time than a usual nginx recipe`;
}

const style = `  <style>
    text { font: 14px system-ui, sans-serif; fill: #1f2933; }
    .finding { font-weight: 600; font-size: 18px; }
    .note { font-size: 12px; fill: #52606d; }
    .back { fill: #ffffff; }
    .ours { fill: #2b6cb0; }
    .native { fill: #b7c0ca; }
    .tick { stroke: #d5dbe1; }
    .one { stroke: #52606d; stroke-width: 1.5; stroke-dasharray: 4 4; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e4e7eb; }
      .note { fill: #b3bcc6; }
      .back { fill: #14191f; }
      .ours { fill: #63a4e0; }
      .native { fill: #4a5560; }
      .tick { stroke: #2b343d; }
      .one { stroke: #b3bcc6; }
    }
  </style>`;

const names: { readonly [target: string]: string } = {
  ours: "this library",
  native: "registry with native TLS",
  seed: "usual nginx recipe",
};

const drawn = ["ours", "native"];

const legend = drawn
  .map(
    (target, column) =>
      `  <rect class="${target}" x="${24 + column * 124}" y="54" width="12" height="12"/><text class="note" x="${42 + column * 124}" y="64">${names[target]}</text>`,
  )
  .join("\n");

/** Where a quarter, a half and the whole of the recipe are, and over the last column what it holds. */
function axis(bottom: number): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const x = left + share * scale;
    const kind = share === 1 ? "one" : "tick";
    return `  <line class="${kind}" x1="${x}" y1="${top - 10}" x2="${x}" y2="${bottom}"/><text class="note" x="${x}" y="${bottom + 18}" text-anchor="middle">${share}</text>`;
  });
  return [
    ...ticks,
    `  <text class="note" x="${left + scale}" y="${top - 18}" text-anchor="middle">the recipe = 1, less is better</text>`,
    `  <text class="note" x="${right}" y="${top - 18}" text-anchor="end">the recipe</text>`,
  ].join("\n");
}

function bars(result: Result, y: number): string {
  const unit = result.medians.seed ?? Number.NaN;
  const lines = drawn.flatMap((target, line) => {
    const value = result.medians[target];
    const ratio = target === ours ? result.ratios.seed?.median : undefined;
    const share = ratio ?? (value ?? Number.NaN) / unit;
    if (!Number.isFinite(share)) return [];
    const width = Math.max(2, Math.min(share * scale, scale + 40));
    const from = y + line * 16;
    const text = `${share.toFixed(2)} (${figure(value)} ${result.unit})`;
    return [
      `  <rect class="${target}" x="${left}" y="${from}" width="${width.toFixed(1)}" height="12"/>`,
      `  <text class="note" x="${labelAt(left + width, text).toFixed(1)}" y="${from + 10}">${escaped(text)}</text>`,
    ];
  });
  return [
    `  <text x="24" y="${y + 19}">${escaped(shown[result.name]?.(result.title) ?? "")}</text>`,
    ...lines,
    `  <text class="note" x="${right}" y="${y + 18}" text-anchor="end">${figure(unit)} ${escaped(result.unit)}</text>`,
  ].join("\n");
}

/** Beside the end of a bar, but never across the line of the recipe. */
function labelAt(end: number, text: string): number {
  const one = left + scale;
  return end < one && end + 8 + text.length * 6.6 > one - 6 ? one + 8 : end + 8;
}

/** Three digits in each figure, so that they can be compared. */
function figure(value = Number.NaN): string {
  return value < 100 ? value.toPrecision(3) : number(value);
}

function sentence({ title, medians, ratios }: Result): string {
  const over = (target: string) => `${ratios[target]?.median.toFixed(2)} of ${names[target]}`;
  const compared = ["seed", "native"].filter((target) => medians[target] !== undefined).map(over);
  return `${title}: ${number(medians[ours])}, ${compared.join(" and ")}.`;
}

/** SVG does not break lines by itself. */
function linesOf(text: string): string[] {
  return text.match(/.{1,130}(?:[ ,]|$)/g)?.map((line) => line.trim()) ?? [];
}

function same(title: string): string {
  return title;
}

function versionOf(text = ""): string {
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? "unknown";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
