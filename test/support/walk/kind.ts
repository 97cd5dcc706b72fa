import type { Random } from "./random";
import type { World } from "./world";

/** A kind of change or fault: another argument, or another thing that breaks; not another value. */
export interface Kind {
  readonly name: string;
  /** Whether it can be done now. Defaults to always. */
  readonly fits?: (world: World) => boolean;
  /** Changes the settings, or breaks something; what was done, in a few words. */
  readonly apply: (world: World, random: Random) => string | Promise<string>;
  /** Whether the next `up` must succeed, or what it must say when it fails. */
  readonly expects: "green" | RegExp;
  /** Takes the cause away. Defaults to the settings of before. */
  readonly undo?: (world: World, random: Random) => Promise<void>;
  /** Whether a server was taken, which then need not serve before the next `up`. Defaults to none. */
  readonly takes?: (world: World) => boolean | Promise<boolean>;
  /** Whether it is over by itself, without an `up`. Defaults to false. */
  readonly heals?: boolean;
  /** Whether the settings are as they were. Defaults to false. */
  readonly isFault?: boolean;
  /** Whether images were thrown away on purpose. */
  readonly losesImages?: (world: World) => boolean;
  /** What else must hold after the `up`; a problem, or nothing. */
  readonly check?: (world: World) => Promise<string | undefined>;
}

type Apply = Kind["apply"];

/** A change that must be green at once. */
export function change(name: string, apply: Apply, more: Partial<Kind> = {}): Kind {
  return { name, apply, expects: "green", ...more };
}

/** A setting that cannot work: the `up` must say why. */
export function bad(name: string, cause: RegExp, apply: Apply, more: Partial<Kind> = {}): Kind {
  return { name, apply, expects: cause, ...more };
}

/** Something that happens to a running registry, with settings that stay. */
export function fault(name: string, apply: Apply, more: Partial<Kind> = {}): Kind {
  return { name, apply, expects: "green", isFault: true, ...more };
}

/** A server is taken away: only the next `up` brings it back. */
export function taken(name: string, apply: Apply, more: Partial<Kind> = {}): Kind {
  return fault(name, apply, { takes: () => true, ...more });
}

/** Sets an argument to one of these values that it has not now; undefined takes it out. */
export function values(key: string, all: readonly unknown[], more: Partial<Kind> = {}): Kind {
  return change(
    key,
    (world, random) => {
      const now = JSON.stringify(world.settings[key]);
      const value = random.pick(all.filter((each) => JSON.stringify(each) !== now));
      if (value === undefined) world.unset(key);
      else world.set({ [key]: value });
      return value === undefined ? "left out" : JSON.stringify(value);
    },
    more,
  );
}
