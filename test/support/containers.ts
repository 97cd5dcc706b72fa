// What tests read of declared containers.
import assert from "node:assert/strict";
import type { Declared } from "./mocks";

/** Labels of a container, volume or network. */
export function labelsOf(resource: Declared): Record<string, string> {
  const pairs: { label: string; value: string }[] = resource.inputs.labels;
  return Object.fromEntries(pairs.map(({ label, value }) => [label, value]));
}

/** The role of what belongs to the instance `main`; fails if its other labels are not the caller's and ours alone. */
export function roleBeside(callers: Record<string, string>, resource: Declared): string {
  const { "private-registry.role": role = "", ...labels } = labelsOf(resource);
  const ours = {
    "private-registry.project": "shop",
    "private-registry.stack": "test",
    "private-registry.instance": "main",
  };
  assert.deepEqual(labels, { ...callers, ...ours }, resource.name);
  return role;
}

/** The files that a loader puts into its volume: path to text. */
export function filesOf(loader: Declared): Record<string, string> {
  const uploads: { file: string; contentBase64: string }[] = loader.inputs.uploads;
  return Object.fromEntries(
    uploads.map(({ file, contentBase64 }) => [file, Buffer.from(contentBase64, "base64").toString()]),
  );
}

/** What a container may do: the settings that are the same for every one of ours. */
export function hardeningOf({ inputs }: Declared) {
  const { user, readOnly, capabilities, securityOpts, logDriver, logOpts } = inputs;
  return { user, readOnly, capabilities, securityOpts, logDriver, logOpts };
}

const logs = { logDriver: "json-file", logOpts: { "max-size": "50m", "max-file": "3" } };

/** A server: no root, no writable file system, no capability. */
export const asServer = {
  user: "10001:10001",
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
  ...logs,
};

/** A helper: root that may own and remove files of others, and nothing else. */
export const asHelper = {
  ...asServer,
  user: "0:0",
  capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE"] },
};

/**
 * A loader, which is never started: Docker copies no file into a container that is read-only, and Docker 20.10
 * none into one of a user that the image does not name.
 */
export const asLoader = { ...asServer, user: undefined, readOnly: false };

/** The same by the names of the files alone: their folder is named after what they hold. */
export function namedFilesOf(loader: Declared): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filesOf(loader)).map(([path, text]) => [path.split("/").at(-1), text]),
  );
}

/** The folder that a loader fills. */
export function folderOf(loader: Declared): string {
  const [path = ""] = Object.keys(filesOf(loader));
  return path.slice(0, path.lastIndexOf("/"));
}
