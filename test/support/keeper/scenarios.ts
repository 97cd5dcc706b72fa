import type { Scenario } from "./model";
import {
  deleteManifest,
  deleteTag,
  digestOf,
  type Image,
  mount,
  putBlob,
  putManifest,
} from "./registryClient";

const [layer, other, third] = [digestOf("a"), digestOf("b"), digestOf("c")];
const image: Image = { digest: digestOf("1"), layers: [layer, other] };
const small: Image = { digest: digestOf("2"), layers: [layer] };
const index: Image = { digest: digestOf("3"), children: [small.digest] };
const signature: Image = { digest: digestOf("4"), layers: [third], subject: small.digest };
const signatureTag = `sha256-${"2".repeat(64)}`;

/** What nobody needs any more: pushed and deleted long ago. */
const gone = [
  putBlob("n", layer),
  putManifest("n", small, "old"),
  deleteTag("n", "old", [small.digest]),
  deleteManifest("n", small, []),
];

export const scenarios: readonly Scenario[] = [
  {
    name: "an image is pushed again while it is taken",
    past: gone,
    clients: [[putBlob("n", layer), putManifest("n", small, "new")]],
  },
];
export { image, index, mount, other, signature, signatureTag };
