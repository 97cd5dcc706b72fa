import type { StepRecord } from "./step";
import type { World } from "./world";

/** Everything that is needed to understand a violation. */
export async function report(world: World, record: StepRecord, replay: string): Promise<string> {
  const docker = async (...args: string[]) => {
    const { stdout, stderr } = await world.docker(...args);
    return `$ docker ${args.join(" ")}\n${stdout}${stderr}`.trimEnd();
  };
  const roles = ["proxy", "registry", "proxy-activate", "proxy-stage"];
  const logs = await Promise.all(
    roles.map(async (role) => {
      const lines = (await docker("logs", "--tail", "1000", `${world.prefix}-${role}`)).split("\n");
      // Those of the background prober say nothing.
      return [
        lines[0],
        ...lines
          .slice(1)
          .filter((line) => !/"GET \/v2\/ HTTP.{5}" 200/.test(line))
          .slice(-25),
      ].join("\n");
    }),
  );
  return [
    `VIOLATION in step ${record.number}, ${record.kind}: ${record.what}`,
    `  ${record.violation}`,
    `replay: ${replay}`,
    world.log.trimEnd(),
    await docker("ps", "--all"),
    ...logs,
    `--- settings\n${JSON.stringify(world.settings, shortened, 1)}`,
  ].join("\n");
}

/** Certificates and keys are long, and nobody reads them. */
function shortened(_key: string, value: unknown): unknown {
  return typeof value === "string" && value.length > 200 ? `${value.slice(0, 60)}...` : value;
}
