import { readFileSync } from "node:fs";

/** Words that run a program under strace, which writes what it does to files into `trace`. */
export function underStrace(trace: string): string[] {
  const calls = "openat,newfstatat,stat,fstatat,statx,rename,renameat,renameat2,unlink,unlinkat,link,linkat";
  const known = calls.replace(/[a-z0-9]+/g, (call) => `?${call}`);
  // With -D it is the program that has the number of the process and gets its signals, not strace.
  return ["strace", "-D", "-f", "-y", "-qq", "-s", "1000", "-e", `trace=${known}`, "-o", trace];
}

/**
 * What the registry did to links and blobs, in order, from a place in the trace on: "read", "stat", "write" (a file
 * beside it, renamed into its place) or "unlink", and the path below `root`. What belongs to an upload under way, the
 * making of folders, and looks at a folder are left out: nothing of the keeper's meets them.
 */
export function fileSteps(trace: string, from: number, root: string): string[] {
  return whole(readFileSync(trace, "utf8").slice(from).split("\n")).flatMap((call) => {
    const step = stepOf(call);
    if (step === undefined || !step.path.startsWith(`${root}/`)) return [];
    const path = step.path.slice(root.length + 1);
    return /\/(link|data)$/.test(path) && !path.includes("/_uploads/") ? [`${step.verb} ${path}`] : [];
  });
}

/** One call in a line: those that another thread interrupts are in two, and count where they end. */
function whole(lines: readonly string[]): string[] {
  const begun = new Map<string, string>();
  return lines.flatMap((line) => {
    const [, thread = "", call = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(call)?.[1];
    if (unfinished !== undefined) {
      begun.set(thread, unfinished);
      return [];
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(call)?.[1];
    return [rest === undefined ? call : `${begun.get(thread) ?? ""}${rest}`];
  });
}

function stepOf(call: string): { verb: string; path: string } | undefined {
  const [, name = "", args = "", result = ""] = /^(\w+)\((.*)\)\s+= (-?\w+)/.exec(call) ?? [];
  const paths = [...args.matchAll(/(?:\d+|AT_FDCWD)<([^>]*)>, "([^"]*)"|"([^"]*)"/g)].map(
    ([, folder = "", below, alone]) => {
      const path = below ?? alone ?? "";
      return path.startsWith("/") ? path : `${folder}/${path}`;
    },
  );
  const path = paths.at(-1);
  if (path === undefined) return undefined;
  if (name.startsWith("rename")) return { verb: "write", path };
  if (name.startsWith("unlink")) return result === "0" ? { verb: "unlink", path } : undefined;
  // A look that follows no symbolic link is the begin of Go's own rename or removal.
  if (name.includes("stat")) return args.includes("NOFOLLOW") ? undefined : { verb: "stat", path };
  return args.includes("O_CREAT") ? undefined : { verb: "read", path };
}
