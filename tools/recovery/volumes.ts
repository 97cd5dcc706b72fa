import { type Environment, output } from "../process";
import { labelsOf, type Resource, volumeType } from "../state";
import { dockerName } from "./classify";

/**
 * Makes the volumes among these again, empty, as the state describes them. Not by the engine: to it the old one and
 * the new one are two, and after making the one it would wait in vain for the other, of the same name, to go.
 */
export async function makeVolumes(environment: Environment, missing: readonly Resource[]): Promise<void> {
  for (const volume of missing.filter(({ type }) => type === volumeType))
    await output("docker", volumeArguments(volume), { environment });
}

/** Arguments of docker that make a volume. */
export function volumeArguments(volume: Resource): string[] {
  const { driver, driverOpts, labels } = { ...volume.inputs, ...volume.outputs };
  return [
    "volume",
    "create",
    ...(typeof driver === "string" ? ["--driver", driver] : []),
    ...pairs(driverOpts).flatMap((pair) => ["--opt", pair]),
    ...pairs(labelsOf(labels)).flatMap((pair) => ["--label", pair]),
    dockerName(volume),
  ];
}

function pairs(map: unknown): string[] {
  return Object.entries(typeof map === "object" && map !== null ? map : {}).map(
    ([key, value]) => `${key}=${value}`,
  );
}
