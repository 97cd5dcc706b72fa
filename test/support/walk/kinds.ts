import { badValues } from "./badValues";
import { certificateKinds } from "./certificates";
import { changes } from "./changes";
import { faults } from "./faults";
import { interruptions } from "./interruptions";
import type { Kind } from "./kind";

/** Every kind of change and fault that a walk is made of. */
export const kinds: readonly Kind[] = [
  ...changes,
  ...certificateKinds,
  ...badValues,
  ...faults,
  ...interruptions,
];
