import type { Clock } from "./clock";

/** The real clock. */
export const nodeClock: Clock = {
  now: () => performance.now(),
  pause(milliseconds) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  },
};
