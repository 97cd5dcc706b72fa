import type { ClientSpace } from "./clientSpace";

/** What curl sends, and with whose login. */
export interface CurlRequest {
  readonly url: string;
  /** `name:password` */
  readonly user?: string;
  readonly options?: readonly string[];
}

/** How a request ended: status 0 if there was no answer. */
export interface CurlAnswer {
  readonly status: number;
  readonly seconds: number;
  readonly retryAfter: string;
}

/** Asks from a client space, many requests at the same time, in one curl. Bodies are dropped. */
export async function curlFrom(
  space: ClientSpace,
  caFile: string,
  requests: readonly CurlRequest[],
  parallel = 1,
): Promise<CurlAnswer[]> {
  const sections = requests.map(({ url, user, options = [] }) =>
    [
      `url = "${url}"`,
      `cacert = "${caFile}"`,
      'output = "/dev/null"',
      'write-out = "%{http_code} %{time_total} %header{retry-after}\\n"',
      ...(user === undefined ? [] : [`user = "${user}"`]),
      ...options,
    ].join("\n"),
  );
  const together =
    parallel === 1 ? [] : ["--parallel", "--parallel-immediate", "--parallel-max", `${parallel}`];
  const { stdout } = await space.run(["curl", "-sS", ...together, "--config", "-"], {
    input: sections.join("\nnext\n"),
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([status, seconds, retryAfter = ""]) => ({
      status: Number(status),
      seconds: Number(seconds),
      retryAfter,
    }));
}

/** How many answers there are of each status. */
export function statuses(answers: readonly CurlAnswer[]): { [status: number]: number } {
  const count: { [status: number]: number } = {};
  for (const { status } of answers) count[status] = (count[status] ?? 0) + 1;
  return count;
}

/** The middle of the times that requests took, in seconds. */
export function medianSeconds(answers: readonly CurlAnswer[]): number {
  const sorted = answers.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
