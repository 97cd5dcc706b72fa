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

const left = 350;
const scale = 360;
const rowHeight = 58;
const top = 84;

/** Ours beside the baselines, as bars: the figure of the nginx recipe is 1, less is better. */
export function picture(report: Report): string {
  const results = Object.keys(shown).flatMap((name) =>
    report.results.filter((result) => result.name === name),
  );
  const versions = [report.versions.nginx, report.versions.registry].map(versionOf).join(", registry ");
  const note = `${report.date.slice(0, 10)}, nginx ${versions}, ${report.machine.cores} cores, commit ${report.commit}, ${report.rounds} rounds, ${report.command}`;
  const bottom = top + results.length * rowHeight;
  const notes = linesOf(note).map(
    (line, index) => `  <text class="note" x="24" y="${bottom + 36 + index * 16}">${escaped(line)}</text>`,
  );
  const height = bottom + 40 + notes.length * 16;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 ${height}" role="img" aria-labelledby="title desc">
  <title id="title">What this registry costs beside two usual set-ups</title>
  <desc id="desc">${escaped(results.map(sentence).join(" "))}</desc>
${style}
  <rect class="back" width="920" height="${height}" rx="6"/>
  <text class="name" x="24" y="32">Cost of serving, a usual nginx recipe = 1. Less is better.</text>
${legend}
${results.map((result, row) => bars(result, top + row * rowHeight)).join("\n")}
  <line class="one" x1="${left + scale}" y1="${top - 6}" x2="${left + scale}" y2="${bottom + 6}"/>
${notes.join("\n")}
</svg>
`;
}

const style = `  <style>
    text { font: 14px system-ui, sans-serif; fill: #1f2933; }
    .name { font-weight: 600; font-size: 15px; }
    .note { font-size: 12px; fill: #52606d; }
    .back { fill: #ffffff; }
    .ours { fill: #2b6cb0; }
    .native { fill: #b7c0ca; }
    .seed { fill: #7b8794; }
    .one { stroke: #7b8794; stroke-dasharray: 4 4; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e4e7eb; }
      .note { fill: #b3bcc6; }
      .back { fill: #14191f; }
      .ours { fill: #63a4e0; }
      .native { fill: #4a5560; }
      .seed { fill: #8a96a3; }
      .one { stroke: #8a96a3; }
    }
  </style>`;

const names: { readonly [target: string]: string } = {
  ours: "this library",
  native: "registry with native TLS",
  seed: "usual nginx recipe",
};

const legend = Object.entries(names)
  .map(
    ([target, name], column) =>
      `  <rect class="${target}" x="${left + column * 190}" y="48" width="12" height="12"/><text class="note" x="${left + 18 + column * 190}" y="58">${name}</text>`,
  )
  .join("\n");

function bars(result: Result, y: number): string {
  const unit = result.medians.seed ?? Number.NaN;
  const lines = Object.keys(names).flatMap((target, line) => {
    const value = result.medians[target];
    const ratio = target === ours ? result.ratios.seed?.median : undefined;
    const share = ratio ?? (value ?? Number.NaN) / unit;
    if (!Number.isFinite(share)) return [];
    const width = Math.max(2, Math.min(share * scale, 900 - left - 150));
    const from = y + line * 15;
    const text = `${share.toFixed(2)} (${number(value)} ${result.unit})`;
    return [
      `  <rect class="${target}" x="${left}" y="${from}" width="${width.toFixed(1)}" height="12"/>`,
      `  <text class="note" x="${(left + width + 8).toFixed(1)}" y="${from + 10}">${escaped(text)}</text>`,
    ];
  });
  return [
    `  <text x="24" y="${y + 25}">${escaped(shown[result.name]?.(result.title) ?? "")}</text>`,
    ...lines,
  ].join("\n");
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
