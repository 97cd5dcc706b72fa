import { type ChildProcess, spawn } from "node:child_process";

/** How a command ended. */
export interface Result {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string | undefined };
}

/** A command under way, and how it will end. */
export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Result>;
}

/** Runs a command to its end, whatever its status. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Result> {
  return start(command, options).done;
}

/** Starts a command. */
export function start(command: readonly string[], options: RunOptions = {}): Running {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
  const done = new Promise<Result>((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ status: code ?? 1, stdout, stderr }));
    child.stdin.on("error", () => {}); // a command that ends before it has read everything
    child.stdin.end(options.input ?? "");
  });
  return { child, done };
}

/** Runs a command that must succeed, and answers what it printed. */
export async function output(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(command, options);
  if (result.status !== 0) {
    throw new Error(`${command.join(" ")} ended with ${result.status}:\n${result.stdout}${result.stderr}`);
  }
  return result.stdout.trim();
}

/** The last lines of what a program said, as one. */
export function lastLines(text: string, count: number): string {
  return text.trim().split("\n").slice(-count).join(" | ");
}

/** Waits until a condition holds, asking every 200 ms. */
export async function until(what: string, condition: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error(`still not after ${seconds} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
