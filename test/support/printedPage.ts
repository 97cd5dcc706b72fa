import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { output, run } from "../../tools/shell";

const repository = resolve(__dirname, "../..");
const parts = ["components", "infra", "tools", "package.json", "package-lock.json", "tsconfig.json"];

/** A page of docs whose commands are run as they are printed, in a copy of the project with a stack of its own. */
export class PrintedPage {
  readonly folder: string;
  /** The commands below each heading that were not run yet. */
  readonly blocks: Map<string, string>;
  readonly shell: Shell;

  /**
   * @param settings - lines of YAML that the stack file of `dev` gets beside its own
   * @param edit - changes that file beside that
   */
  constructor(
    page: string,
    private readonly project: string,
    private readonly port: number,
    private readonly settings = "",
    private readonly edit: (stackFile: string) => string = (text) => text,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), `${project}-`));
    this.blocks = shellBlocks(readFileSync(join(repository, page), "utf8"));
    this.shell = new Shell(this.folder);
  }

  async up(): Promise<void> {
    this.copy();
    await this.npm("run", "-s", "up");
  }

  /** Makes the copy of the project. */
  copy(): void {
    for (const part of parts) cpSync(join(repository, part), join(this.folder, part), { recursive: true });
    symlinkSync(join(repository, "node_modules"), join(this.folder, "node_modules"));
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) {
      const text = readFileSync(join(repository, file), "utf8")
        .replace(/^( *)port: \d+\n/m, `$1port: ${this.port}\n${this.settings}`)
        .replace(/^( *|name: )private-registry\b/gm, `$1${this.project}`);
      writeFileSync(join(this.folder, file), this.edit(text));
    }
  }

  async down(): Promise<void> {
    this.shell.end();
    await run(["npm", "run", "-s", "down", "--", "--purge", "--yes"], { cwd: this.folder });
    rmSync(this.folder, { recursive: true, force: true });
  }

  npm(...args: string[]): Promise<string> {
    return output(["npm", ...args], { cwd: this.folder });
  }

  /** What the blocks below a heading print; each must succeed, and is there for one step. */
  async step(heading: string): Promise<string> {
    return this.shell.run(this.take(heading));
  }

  /** The commands below a heading, which are there once. */
  take(heading: string): string {
    const commands = this.blocks.get(heading);
    if (!commands) throw new Error(`the page has no commands below "${heading}"`);
    this.blocks.delete(heading);
    return commands;
  }
}

/** The `sh` blocks of a page by their heading, joined where a heading has several. */
function shellBlocks(page: string): Map<string, string> {
  const sections = page.split(/^## /m).slice(1);
  const entries = sections.map((section): [string, string] => {
    const found = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands);
    return [section.slice(0, section.indexOf("\n")), found.join("")];
  });
  return new Map(entries.filter(([, commands]) => commands !== ""));
}

/** A shell that goes on from one piece of text to the next, as a person's does. */
export class Shell {
  private readonly process: ChildProcessWithoutNullStreams;

  constructor(folder: string) {
    this.process = spawn("sh", [], { cwd: folder, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" } });
  }

  /** Runs commands, each of which must succeed, and answers what they wrote to stdout. */
  run(commands: string): Promise<string> {
    const { stdin, stdout, stderr } = this.process;
    const mark = `end of block ${Math.random()}`;
    return new Promise((resolve, reject) => {
      let [printed, errors] = ["", ""];
      const onError = (chunk: Buffer) => {
        errors += chunk;
      };
      const finish = (settle: () => void) => {
        stdout.off("data", onData);
        stderr.off("data", onError);
        this.process.off("close", onClose);
        settle();
      };
      const onData = (chunk: Buffer) => {
        printed += chunk;
        if (printed.includes(mark)) finish(() => resolve(printed.slice(0, printed.indexOf(mark)).trim()));
      };
      const onClose = () => finish(() => reject(new Error(`${commands}\nfailed:\n${printed}${errors}`)));
      stdout.on("data", onData);
      stderr.on("data", onError);
      this.process.on("close", onClose);
      // In a group, so that the shell reads it whole before it runs a program that reads stdin.
      stdin.write(`set -e\n{ ${commands}\n} </dev/null\nset +e\necho '${mark}'\n`);
    });
  }

  end(): void {
    this.process.stdin.end();
  }
}
