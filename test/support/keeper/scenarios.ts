import type { Scenario } from "./model";
import { another, image, index, layer, other, push, signature, signatureTag } from "./modelImages";
import { cutShort, deleteManifest, deleteTag, mount, putBlob, putManifest } from "./registryClient";

/** As cosign names it. */
const cosignTag = `${signatureTag}.sig`;

/** Pushed long ago, and deleted long ago: the blobs and the link of the layer are still there. */
export const gone = (repository: string) => [
  ...push(repository, "old"),
  deleteManifest(repository, image, ["old"]),
];

/** In force a manifest without a tag is noted by the first run, unneeded in the second and taken in the third. */
const untagged = { settings: { untaggedSeconds: 3600 }, pauses: [25, 25, 2] };

export const scenarios: readonly Scenario[] = [
  {
    name: "an image is pushed again while it is taken",
    past: gone("n"),
    clients: [push("n", "new"), [putManifest("n", image, "again")]],
  },
  {
    isSmall: true,
    name: "a tag moves away and back",
    past: [...push("n", "v"), putBlob("n", other), putManifest("n", another, "v")],
    clients: [[putManifest("n", image, "v")], [putManifest("n", another, "v"), putManifest("n", image, "w")]],
    ...untagged,
  },
  {
    isSmall: true,
    name: "a layer is mounted from another repository",
    past: [...gone("m"), putBlob("n", other), putManifest("n", another, "v")],
    clients: [[mount("m", "n", layer), putManifest("n", image, "new")], [putManifest("m", image, "again")]],
  },
  {
    name: "a repository lies within another",
    past: [...gone("n"), ...push("n/b", "v")],
    clients: [push("n", "new"), [deleteManifest("n/b", image, ["v"])]],
  },
  {
    isSmall: true,
    name: "an index is pushed for a child that is taken",
    past: [...push("n", "v"), deleteTag("n", "v", [image.digest])],
    clients: [[putManifest("n", index, "new")], [putManifest("n", image, "again")]],
    ...untagged,
  },
  {
    hasSubjects: true,
    name: "a signature is pushed again while its subject is gone, and the subject comes back",
    past: [
      ...push("n", "v"),
      putBlob("n", other),
      putManifest("n", signature, cosignTag),
      deleteManifest("n", image, ["v"]),
    ],
    clients: [push("n", "new"), [putManifest("n", signature, cosignTag)]],
  },
  {
    hasSubjects: true,
    name: "a signed image is deleted and pushed again",
    past: [...push("n", "v"), putBlob("n", other), putManifest("n", signature, cosignTag)],
    clients: [
      [deleteManifest("n", image, ["v"])],
      [putBlob("n", layer), putManifest("n", image, "new"), putManifest("n", signature, cosignTag)],
    ],
  },
  {
    name: "a tag is pushed again of which pushes that were cut short have left the history",
    past: [
      ...push("n", "w"),
      cutShort(putManifest("n", image, "v"), 1),
      putBlob("n", other),
      cutShort(putManifest("n", another, "v"), 1),
    ],
    clients: [[putManifest("n", image, "v")], [cutShort(putManifest("n", another, "v"), 1)]],
  },
  {
    name: "two repositories share a layer, and one loses it",
    past: [...push("m", "v"), ...gone("n")],
    clients: [[deleteManifest("m", image, ["v"])], push("n", "new")],
  },
  {
    name: "an image is deleted while it is pushed again",
    past: push("n", "v"),
    clients: [[deleteManifest("n", image, ["v"])], push("n", "new")],
  },
];
