import type { Disk } from "../../../components/keeper/program/disk";
import type { Layout } from "../../../components/keeper/program/layout";
import { type Batch, statIn, type Thing } from "../../../components/keeper/program/trash";

/** What of a batch is in the trash now. */
export function lyingIn(disk: Disk, layout: Layout, batch: Batch): Thing[] {
  return batch.things.filter(({ path }) => statIn(disk, layout, batch, path) !== undefined);
}
