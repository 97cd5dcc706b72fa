import { stackOfEngineCommand, takeStack } from "./arguments";
import { backupState, restoreState } from "./commands/backupState";
import { bench } from "./commands/bench";
import { build } from "./commands/build";
import { collect } from "./commands/collect";
import { docs } from "./commands/docs";
import { down } from "./commands/down";
import { images } from "./commands/images";
import { format, lint } from "./commands/lint";
import { move } from "./commands/move";
import { prove } from "./commands/prove";
import { pulumi } from "./commands/pulumi";
import { restore } from "./commands/restore";
import { show } from "./commands/show";
import { restart, start, stop } from "./commands/startStop";
import { status } from "./commands/status";
import { test, testUnit } from "./commands/test";
import { testLong } from "./commands/testLong";
import { up } from "./commands/up";
import { type Context, makeContext, stackDockerHost } from "./context";
import { isProblem, problem, say } from "./say";

type Command = (context: Context, args: readonly string[]) => Promise<number>;

const stackCommands: { [name: string]: Command } = {
  up,
  down,
  start,
  stop,
  restart,
  status,
  show,
  images,
  prove,
  restore,
  collect,
  move,
  "backup-state": backupState,
  "restore-state": restoreState,
};
const otherCommands: { [name: string]: Command } = {
  test,
  "test:unit": testUnit,
  "test:long": testLong,
  lint,
  format,
  build,
  docs,
  bench,
};

async function main([command = "", ...args]: readonly string[]): Promise<number> {
  // The engine reads its own arguments; we only look which stack they are about.
  if (command === "pulumi") return pulumi(onItsHost(makeContext(stackOfEngineCommand(args))), args);
  const other = otherCommands[command];
  if (other) return other(makeContext("dev"), args);
  const onStack = stackCommands[command];
  const { stack, rest } = takeStack(args);
  if (onStack) return onStack(onItsHost(makeContext(stack)), rest);
  throw problem(`unknown command "${command}"; "npm run" lists what there is`);
}

/** Lets every docker command look where the stack runs, if its settings name a Docker host. */
function onItsHost(context: Context): Context {
  const host = stackDockerHost(context);
  if (host) process.env.DOCKER_HOST = host;
  return context;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    if (isProblem(error)) say(`error: ${error.message}`);
    else console.error(error);
    process.exit(1);
  },
);
