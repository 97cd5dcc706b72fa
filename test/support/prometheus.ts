// Prometheus and promtool, of the package of the distribution: unpacked, as to install it would start a service.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { output, run, until } from "../../tools/shell";

/** The folder of both programs. */
export async function prometheusPrograms(): Promise<string> {
  const cache = join(homedir(), ".cache", "private-registry-test", "prometheus");
  const folder = join(cache, "usr", "bin");
  if (existsSync(join(folder, "promtool"))) return folder;
  mkdirSync(cache, { recursive: true });
  await run(["apt-get", "update"]);
  await output(["apt-get", "download", "prometheus"], { cwd: cache });
  const packages = readdirSync(cache).filter((name) => name.endsWith(".deb"));
  for (const name of packages) await output(["dpkg-deb", "-x", name, "."], { cwd: cache });
  return folder;
}

/** What promtool finds: fails unless it finds nothing. */
export async function promtool(args: readonly string[], input?: string): Promise<void> {
  const folder = await prometheusPrograms();
  const { status, stdout, stderr } = await run([join(folder, "promtool"), ...args], { input });
  if (status !== 0 || stderr.trim() !== "")
    throw new Error(`promtool ${args.join(" ")}:\n${stdout}${stderr}`);
}

export interface Prometheus {
  /** The values that an expression has now, by their labels as JSON. */
  query(expression: string): Promise<Map<string, number>>;
  /** Names of the alerts that are pending or firing. */
  alerts(): Promise<string[]>;
  stop(): void;
}

/** Starts one with further files, for this text of prometheus.yml. */
export async function startPrometheus(
  port: number,
  config: string,
  files: { readonly [name: string]: string },
): Promise<Prometheus> {
  const programs = await prometheusPrograms();
  const folder = mkdtempSync(join(tmpdir(), "private-registry-prometheus-"));
  for (const [name, text] of Object.entries({ ...files, "prometheus.yml": config }))
    writeFileSync(join(folder, name), text);
  const daemon: ChildProcess = spawn(
    join(programs, "prometheus"),
    [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { cwd: folder, stdio: "inherit" },
  );
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json();
  const prometheus = {
    async query(expression: string) {
      const answer = await ask(`query?query=${encodeURIComponent(expression)}`);
      if (answer.status !== "success") throw new Error(`${expression}: ${JSON.stringify(answer)}`);
      const rows: { metric: object; value: [number, string] }[] = answer.data.result;
      return new Map(rows.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]));
    },
    async alerts() {
      const { data } = await ask("alerts");
      return data.alerts.map((alert: { labels: { alertname: string } }) => alert.labels.alertname);
    },
    stop() {
      daemon.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await until(
    "Prometheus answers",
    async () => (await ask("status/config").catch(() => undefined)) !== undefined,
  );
  return prometheus;
}
