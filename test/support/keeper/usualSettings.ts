import type { Settings } from "../../../components/keeper/program/settings";

/** Settings of the keeper for whoever cares about a few of them at most: a day for nearly all. */
export const usualSettings: Omit<Settings, "dataFolder" | "controlFolder"> = {
  graceSeconds: 86_400,
  settleSeconds: 1,
  undoSeconds: 86_400,
  minimumTrashSeconds: 3600,
  uploadSeconds: 86_400,
  retention: [],
};
