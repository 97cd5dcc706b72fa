import { Front } from "./args";
import { direct } from "./direct";
import { external } from "./external";
import type { FrontKind } from "./frontKind";
import { nginx } from "./nginx";
import { none } from "./none";
import { waf } from "./waf";

/** Every front there is. */
export const fronts: { readonly [front in Front]: FrontKind } = { nginx, waf, direct, external, none };

/** The kind of a front. A word that is none of them is refused elsewhere, beside what is wrong with nginx. */
export function frontKind(front: Front): FrontKind {
  return Object.hasOwn(fronts, front) ? fronts[front] : fronts[Front.Nginx];
}
