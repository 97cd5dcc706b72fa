import type { Disk } from "../../../components/keeper/program/disk";
import {
  blobData,
  blobFolder,
  layerLink,
  revisionLink,
  tagIndexLink,
  tagLink,
} from "../../../components/keeper/program/layout";
import { allRules } from "../../../components/keeper/program/rules";
import type { Bounds, Scenario } from "./model";
import { image, layer, push } from "./modelImages";
import { layout, putBlob, putManifest } from "./registryClient";
import { gone } from "./scenarios";

const minute = 60_000;
const hour = 60 * minute;

/** A rule, a scenario that it is for, and how to do without the rule. */
export interface BrokenRule {
  readonly rule: string;
  readonly scenario: Scenario;
  readonly bounds: Bounds;
  /** What the disk is like while the rule holds. */
  readonly disk?: Bounds["disk"];
  /** What then happens to somebody's image. */
  readonly harm: "lost" | "missing";
}

const usual = { busy: () => true, kills: 0, watchesReaders: false };

const slowPush: Scenario = {
  name: "a push stands still for hours between two of its steps",
  past: [putBlob("n", layer)],
  clients: [[putManifest("n", image, "new")]],
  pauses: [2, 2],
  longest: 4 * hour,
};

export const brokenRules: readonly BrokenRule[] = [
  {
    rule: "a: what goes was unreferenced for the grace",
    scenario: slowPush,
    bounds: { ...usual, rules: { ...allRules, grace: false } },
    harm: "lost",
  },
  {
    rule: "b: what cannot be read stops the run",
    scenario: { name: "the disk cannot read a manifest for a while", past: push("n", "v"), clients: [] },
    bounds: { ...usual, disk: takingUnreadableForEmpty },
    disk: withBadSector,
    harm: "lost",
  },
  {
    rule: "c: what was moved is looked at after the move",
    scenario: {
      name: "a tag is pushed again while retention takes it",
      past: push("n", "v"),
      retired: tagLink(layout, "n", "v"),
      clients: [[putManifest("n", image, "v")]],
    },
    bounds: { ...usual, rules: { ...allRules, identity: false } },
    harm: "lost",
  },
  {
    rule: "d: all is marked again after each move and after settling",
    scenario: {
      name: "a manifest is pushed whose layers are taken",
      past: gone("n"),
      clients: [[putManifest("n", image, "new")]],
    },
    bounds: { ...usual, watchesReaders: true, rules: { ...allRules, again: false } },
    harm: "missing",
  },
  {
    rule: "e: nothing is purged before it lay in the trash for an hour and a mark",
    scenario: {
      name: "a push stands still for longer than things settle, and less than an hour",
      past: gone("n"),
      clients: [[putManifest("n", image, "new")]],
      longest: 50 * minute,
    },
    bounds: { ...usual, rules: { ...allRules, wait: false } },
    harm: "lost",
  },
  {
    rule: "f: only leaves move, never the folder of a repository",
    scenario: {
      name: "a repository without an image has one with images in it",
      past: [...gone("n"), ...push("n/b", "v")],
      clients: [],
    },
    bounds: { ...usual, disk: removingWholeRepositories },
    harm: "lost",
  },
  {
    rule: "g: times come from the disk",
    scenario: {
      ...slowPush,
      name: "the keeper's clock goes ahead while a push stands still",
      pauses: [0.2, 0.2],
    },
    bounds: { ...usual, disk: withClockAhead },
    harm: "lost",
  },
  {
    rule: "h: one at a time",
    scenario: {
      name: "a person restores a tag while what it needs is purged",
      past: push("n", "v"),
      deleted: [
        tagLink(layout, "n", "v"),
        tagIndexLink(layout, "n", "v", image.digest),
        revisionLink(layout, "n", image.digest),
        layerLink(layout, "n", layer),
        blobFolder(layout, image.digest),
        blobFolder(layout, layer),
      ],
      locked: true,
      clients: [
        [{ name: "restore n:v", operations: [{ does: "restore", path: tagLink(layout, "n", "v") }] }],
      ],
    },
    bounds: { ...usual, lockless: true },
    harm: "lost",
  },
];

const badSector = blobData(layout, image.digest);

/** The disk alone is at fault: with it, too, nothing may be lost. */
function withBadSector(disk: Disk): Disk {
  return {
    ...disk,
    read(path) {
      if (path === badSector) throw new Error("EIO: i/o error, read");
      return disk.read(path);
    },
  };
}

/** As if a manifest that cannot be read mentioned nothing. */
function takingUnreadableForEmpty(disk: Disk): Disk {
  return { ...disk, read: (path) => (path === badSector ? '{"schemaVersion":2}' : disk.read(path)) };
}

/** As if a repository that has no manifests were removed as a folder. */
function removingWholeRepositories(disk: Disk): Disk {
  const repository = `${layout.repositories}/n`;
  return {
    ...disk,
    removeFolder: (path) =>
      disk.removeFolder(path) || (path === repository && disk.move(path, `${layout.trash}/whole/n`)),
  };
}

/** As if the keeper took the time from a clock of its own, which goes ahead by more than a day from run to run. */
function withClockAhead(disk: Disk, run: number): Disk {
  return {
    ...disk,
    stat(path) {
      const stat = disk.stat(path);
      return stat && path === `${layout.trash}/clock`
        ? { ...stat, modified: stat.modified + run * 26 * hour }
        : stat;
    },
  };
}
