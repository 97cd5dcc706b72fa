import type { Fault } from "./fault";
import { ofClocks } from "./ofClocks";
import { ofDisk } from "./ofDisk";
import { ofEngine } from "./ofEngine";
import { ofFiles } from "./ofFiles";
import { ofMachine } from "./ofMachine";
import { ofServers } from "./ofServers";

/** Every fault, by the heading under which docs/faults.md has it. */
export const faultsByHeading: { readonly [heading: string]: readonly Fault[] } = {
  Servers: ofServers,
  "The machine": ofMachine,
  "The disk with the images": ofDisk,
  Files: ofFiles,
  "The engine, its state, the certificate": ofEngine,
  Clocks: ofClocks,
};

export const faults: readonly Fault[] = Object.values(faultsByHeading).flat();

/** The tables of docs/faults.md. */
export function faultTables(): string {
  return Object.entries(faultsByHeading)
    .map(([heading, rows]) => [`## ${heading}`, "", ...tableOf(rows)].join("\n"))
    .join("\n\n");
}

function tableOf(rows: readonly Fault[]): string[] {
  return [
    "| What happens | What a client sees | What you do | Right again within |",
    "| --- | --- | --- | --- |",
    ...rows.map(
      ({ name, seen, remedy, within }) =>
        `| ${capital(name)} | ${capital(seen)} | ${remedy === undefined ? "Nothing" : capital(remedy)} | ${within} s |`,
    ),
  ];
}

function capital(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
