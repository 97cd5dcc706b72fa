import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { problem, say } from "./say";

export type Environment = { readonly [name: string]: string | undefined };

interface Options {
  readonly environment?: Environment;
  readonly directory?: string;
  readonly timeoutSeconds?: number;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

// Children that must not outlive us. Attached ones are not among them: those we always wait for.
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill();
});

function start(command: string, args: readonly string[], options: Options, stdio: "pipe" | "inherit") {
  return spawn(command, [...args], {
    cwd: options.directory,
    env: options.environment ?? process.env,
    stdio: stdio === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
  });
}

/** Runs a command to its end and hands back what it wrote. 127 stands for a command that is not there. */
export function capture(command: string, args: readonly string[], options: Options = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = start(command, args, options, "pipe");
    running.add(child);
    let [stdout, stderr] = ["", ""];
    const timer =
      options.timeoutSeconds && setTimeout(() => child.kill("SIGKILL"), options.timeoutSeconds * 1000);
    const end = (code: number) => {
      running.delete(child);
      if (timer) clearTimeout(timer);
      resolve({ code, stdout, stderr });
    };
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", (error) => {
      stderr += error.message;
      end(127);
    });
    child.on("close", (code) => end(code ?? 124));
  });
}

/** Like `capture`, but a failure is a problem. Hands back the trimmed standard output. */
export async function output(
  command: string,
  args: readonly string[],
  options: Options = {},
): Promise<string> {
  const { code, stdout, stderr } = await capture(command, args, options);
  if (code === 0) return stdout.trim();
  throw problem(`"${command} ${args.join(" ")}" failed: ${stderr.trim() || `exit code ${code}`}`);
}

/** Runs a command on our own terminal, passing signals on, and hands back its exit code. */
export function attach(command: string, args: readonly string[], options: Options = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = start(command, args, options, "inherit");
    const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
    // Ctrl-C at a terminal reaches the child anyway; sent twice, the engine would abort instead of finishing its step.
    const pass = (signal: NodeJS.Signals) => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of signals) process.on(signal, pass);
    const end = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.on("error", (error) => {
      end();
      reject(problem(`cannot run ${command}: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      end();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/** Runs a tool that npm has installed for the project, on our own terminal, and hands back its exit code. */
export function installedTool(
  { projectDirectory }: { readonly projectDirectory: string },
  name: string,
  args: readonly string[],
): Promise<number> {
  say(`$ ${name} ${args.join(" ")}`);
  return attach(pathOfTool(projectDirectory, name), args, { directory: projectDirectory });
}

/** The program of a tool that npm has installed for the project. */
export function pathOfTool(projectDirectory: string, name: string): string {
  return join(projectDirectory, "node_modules", ".bin", name);
}

interface WatchOptions extends Options {
  /** Turns a line of output into a few words about where the command is. */
  readonly phase?: (line: string) => string | undefined;
  /** Give up if no line at all came within this time: the sign of a network that swallows packets. */
  readonly firstLineSeconds?: number;
}

/** Runs something slow, with a line every ten seconds, and hands back the exit code and the last lines it wrote. */
export function watch(label: string, command: string, args: readonly string[], options: WatchOptions = {}) {
  return new Promise<{ readonly code: number; readonly tail: string }>((resolve) => {
    const child = start(command, args, options, "pipe");
    running.add(child);
    const began = Date.now();
    const seconds = () => Math.round((Date.now() - began) / 1000);
    let tail: string[] = [];
    let phase = "";
    const ticker = setInterval(() => say(`  ${label}: ${seconds()} s${phase && `, ${phase}`}`), 10_000);
    const kill = (limit?: number) => limit && setTimeout(() => child.kill("SIGKILL"), limit * 1000);
    const limits = [kill(options.timeoutSeconds), kill(options.firstLineSeconds)];
    const read = (text: string) => {
      if (limits[1]) clearTimeout(limits[1]);
      const lines = text.split("\n").filter((line) => line.trim());
      tail = [...tail, ...lines].slice(-15);
      for (const line of lines) phase = options.phase?.(line) ?? phase;
    };
    const end = (code: number) => {
      clearInterval(ticker);
      for (const limit of limits) if (limit) clearTimeout(limit);
      running.delete(child);
      resolve({ code, tail: tail.join("\n") });
    };
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
    child.on("error", (error) => {
      tail.push(error.message);
      end(127);
    });
    child.on("close", (code) => end(code ?? 124));
  });
}

/** Like `watch`, but a failure is a problem that shows the last lines, and success says how long it took. */
export async function watchOrFail(
  label: string,
  command: string,
  args: readonly string[],
  options: WatchOptions = {},
) {
  const began = Date.now();
  const { code, tail } = await watch(label, command, args, options);
  if (code !== 0) throw problem(`${label} failed (exit code ${code}). Its last lines:\n${tail}`);
  say(`  ${label}: done in ${Math.round((Date.now() - began) / 1000)} s`);
}
