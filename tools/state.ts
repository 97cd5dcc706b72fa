import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "./context";

/** Types of the resources that are on the Docker host. */
export const containerType = "docker:index/container:Container";
export const networkType = "docker:index/network:Network";
export const volumeType = "docker:index/volume:Volume";

export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: { readonly [name: string]: unknown };
  readonly outputs?: { readonly [name: string]: unknown };
  /** Why its creation failed after it was there already, for example because it never became healthy. */
  readonly initErrors?: readonly string[];
  /** Whether it only waits for its deletion, as another has its place. */
  readonly delete?: boolean;
  /** Whether it stays when it is taken out of the program. */
  readonly retainOnDelete?: boolean;
  /** Whether it is deleted already, and the one that takes its place is not made yet. */
  readonly pendingReplacement?: boolean;
}

/** What the engine recorded of a stack. Secrets in it are ciphertext. */
export interface Snapshot {
  readonly resources: readonly Resource[];
  readonly pendingOperations: readonly unknown[];
}

/** Reads a stack's state from the file the engine keeps it in: quick, and possible without an engine or passphrase. */
export function readSnapshot(context: Context): Snapshot | undefined {
  const file = stateFile(context);
  return existsSync(file) ? parseSnapshot(readFileSync(file, "utf8")) : undefined;
}

/** Another project of this clone that has a stack of this name with resources: what this project was named before. */
export function earlierProject(context: Context): string | undefined {
  const folder = join(context.stateDirectory, ".pulumi", "stacks");
  const projects = existsSync(folder) ? readdirSync(folder) : [];
  return projects
    .filter((project) => project !== context.project)
    .find((project) => (readSnapshot({ ...context, project })?.resources.length ?? 0) > 0);
}

export function stackExists(context: Context): boolean {
  return existsSync(stateFile(context));
}

export function parseSnapshot(text: string): Snapshot {
  const latest = JSON.parse(text)?.checkpoint?.latest;
  return { resources: latest?.resources ?? [], pendingOperations: latest?.pending_operations ?? [] };
}

/** Labels as the provider writes them down. */
export function labelsOf(labels: unknown): { [name: string]: string } {
  if (!Array.isArray(labels)) return {};
  return Object.fromEntries(labels.map((entry) => [entry?.label, entry?.value]));
}

/** A plain output of the stack, for example its endpoint. Secret ones are not strings here. */
export function plainOutput(snapshot: Snapshot | undefined, name: string): string | undefined {
  const value = snapshot?.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.[name];
  return typeof value === "string" ? value : undefined;
}

function stateFile({ stateDirectory, project, stack }: Context): string {
  return join(stateDirectory, ".pulumi", "stacks", project, `${stack}.json`);
}
