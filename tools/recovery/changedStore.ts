import { isTextMap } from "../../components/base/values";
import { dataRole } from "../../components/docker/roles";
import { bucketName } from "../../components/registry/storagePlace";
import { optionOf } from "../stackOutputs";
import { plainOutput, type Snapshot, volumeType } from "../state";
import { anewLine } from "./data";

/** The bucket of the images that settings name. */
function bucketIn(settings: { readonly [key: string]: unknown }): string | undefined {
  const s3 = isTextMap(settings.storage) ? settings.storage.s3 : undefined;
  if (!isTextMap(s3) || typeof s3.bucket !== "string") return undefined;
  return bucketName({ bucket: s3.bucket, ...(typeof s3.folder === "string" && { folder: s3.folder }) });
}

/** What to know before the next `up` looks for the images in another store than the last one; nothing where it does not. */
export function storeNotice(
  stack: string,
  settings: { readonly [key: string]: unknown },
  snapshot: Snapshot | undefined,
): string | undefined {
  const [wanted, previous] = [bucketIn(settings), plainOutput(snapshot, "dataLocation")];
  if (previous === undefined || previous === wanted) return undefined;
  if (wanted === undefined && !previous.startsWith("s3://")) return undefined;
  return (
    `Data: the images of this stack so far are in ${previous}, and it looks for them in ${wanted ?? "a disk of the Docker host"} now. ` +
    `They are there only if you have moved them: npm run move${optionOf(stack)} (docs/object-store.md)`
  );
}

/** Why an `up` to a bucket is refused that would delete the volume with the images, and what to type. */
export function storeRefusal(
  stack: string,
  settings: { readonly [key: string]: unknown },
  snapshot: Snapshot | undefined,
): string | undefined {
  const volume = snapshot?.resources.find(
    ({ type, urn, ...resource }) =>
      type === volumeType && urn.endsWith(`-${dataRole}`) && !resource.delete && !resource.retainOnDelete,
  );
  if (volume === undefined || bucketIn(settings) === undefined) return undefined;
  return (
    "settings.keepDataOnDestroy was false at the last up, and this one would delete the volume with the images so far. " +
    `Nothing was changed.\nTo keep it, take settings.storage.s3 out, type npm run up${optionOf(stack)}, and put it back.\n` +
    `To have it deleted: ${anewLine(stack)}`
  );
}
