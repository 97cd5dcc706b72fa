import { copyFileSync, existsSync, rmSync } from "node:fs";
import { output, type Result, run } from "../../../tools/shell";
import type { Clone } from "./clone";
import type { WalkMachine } from "./machine";
import { type Outages, watchOutages } from "./outages";
import type { Reach } from "./registry";
import {
  firstSettings,
  fitted,
  frontOf,
  hasProxy,
  hasTls,
  placeOf,
  portOf,
  type Settings,
  usersOf,
  walker,
  without,
} from "./settings";

/** An image that was pushed: `repository:tag` to digest. */
export type Images = { readonly [reference: string]: string };

/** What a walk must know to go on from here. */
export interface Memory {
  readonly settings: Settings;
  /** Images by the place where they are kept. */
  readonly images: { readonly [place: string]: Images };
  readonly reach?: Reach;
}

/** A stack on its own Docker host, and what is known of it. */
export class World {
  /** What the stack file says. */
  settings: Settings;
  /** How the last good registry is reached; of the walk's user alone before the first `up`. */
  reach: Reach;
  images: { [place: string]: Images };
  /** Where the last good registry keeps its images. */
  place: string;
  readonly outages: Outages;
  /** What the commands of the step under way printed. */
  log = "";

  constructor(
    readonly machine: WalkMachine,
    readonly clone: Clone,
    memory?: Memory,
  ) {
    this.settings = memory?.settings ?? firstSettings(machine.address, machine.dockerHost);
    this.images = { ...memory?.images };
    this.place = placeOf(this.settings);
    this.reach = memory?.reach ?? this.expectedReach();
    this.outages = watchOutages(this.reach);
  }

  get prefix(): string {
    return `private-registry-${this.clone.stack}-main`;
  }

  /** The servers of the front of the settings, the door first. */
  get servers(): readonly string[] {
    const roles = hasProxy(this.settings) ? ["proxy", "registry", "verifier"] : ["registry"];
    return roles.map((role) => `${this.prefix}-${role}`);
  }

  get olderState(): string {
    return `${this.clone.stateFile}.older`;
  }

  /** Those that the last good registry has. */
  get lastGoodImages(): Images {
    return this.images[this.place] ?? {};
  }

  remember(reference: string, digest: string): void {
    this.images[this.place] = { ...this.lastGoodImages, [reference]: digest };
  }

  forgetImages(): void {
    this.images[this.place] = {};
  }

  set(changes: Settings): void {
    this.settings = fitted({ ...this.settings, ...changes }, this.machine.hostAddress);
  }

  unset(...keys: readonly string[]): void {
    this.settings = fitted(without(this.settings, keys), this.machine.hostAddress);
  }

  /** Where the next `up` should have the registry answer, as far as it is known before. */
  expectedReach(): Reach {
    const { users, clientCertificate } = this.reach ?? { users: [`${walker.name}:${walker.password}`] };
    return {
      host: this.machine.address,
      port: portOf(this.settings),
      ...(hasTls(this.settings) && { ca: this.reach?.ca ?? "" }),
      ...(this.settings.requireClientCertificates === true && { clientCertificate }),
      users,
    };
  }

  docker(...args: readonly string[]): Promise<Result> {
    return run(["docker", ...args], { env: { DOCKER_HOST: this.machine.dockerHost } });
  }

  async mustDocker(...args: readonly string[]): Promise<string> {
    return output(["docker", ...args], { env: { DOCKER_HOST: this.machine.dockerHost } });
  }

  /** Writes the stack file and starts an `up`, whose way to answer is watched beside the last good one. */
  startUp() {
    this.clone.configure(this.settings);
    if (existsSync(this.clone.stateFile)) copyFileSync(this.clone.stateFile, this.olderState);
    this.outages.watch(this.reach, this.expectedReach());
    return this.clone.start("up");
  }

  async up(): Promise<Result> {
    return this.noted("up", await this.startUp().done);
  }

  async npm(script: string, ...args: readonly string[]): Promise<Result> {
    this.clone.configure(this.settings);
    return this.noted([script, ...args].join(" "), await this.clone.npm(script, ...args));
  }

  noted(title: string, result: Result): Result {
    this.log += `--- npm run ${title} (status ${result.status})\n${result.stdout}${result.stderr}\n`;
    return result;
  }

  /** Reads from the stack how clients reach it now. */
  async readReach(): Promise<void> {
    const show = ["pulumi", "stack", "output", "--json", "--show-secrets"];
    const [script = "", ...args] = show;
    const { status, stdout, stderr } = await this.clone.npm(script, ...args);
    if (status !== 0) throw new Error(`${show.join(" ")}: ${stderr}`);
    const outputs: {
      caCertificate?: string;
      credentials: { [user: string]: string };
      clientFiles: { [path: string]: string };
      frontSnippets?: { upstreamCaCertificate?: string };
    } = JSON.parse(stdout);
    const file = (end: string) =>
      Object.entries(outputs.clientFiles).find(([path]) => path.endsWith(end))?.[1];
    const [cert, key] = [file("/client.cert"), file("/client.key")];
    const external = frontOf(this.settings) === "external";
    const ca = external ? outputs.frontSnippets?.upstreamCaCertificate : outputs.caCertificate;
    this.reach = {
      host: this.machine.address,
      port: portOf(this.settings),
      ...(hasTls(this.settings) && { ca: ca ?? "" }),
      ...(cert !== undefined && key !== undefined && { clientCertificate: { cert, key } }),
      users: usersOf(this.settings).map((name) => `${name}:${outputs.credentials[name]}`),
    };
    this.place = placeOf(this.settings);
    this.outages.watch(this.reach);
  }

  forgetOlderState(): void {
    rmSync(this.olderState, { force: true });
  }

  memory(): Memory {
    return { settings: this.settings, images: this.images, reach: this.reach };
  }
}
