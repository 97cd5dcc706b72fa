import { PrivateRegistry } from "../../components";
import { labels } from "../../components/docker/roles";

import { addressOf, images, type TestStack, testStack } from "../../tools/temporaryStack";
import { Cgroups } from "../host/cgroups";
import { runningWith } from "../host/docker";
import { freePort, publishedPort } from "../host/ports";
import { subfolder } from "../host/ramDisk";
import type { Target } from "./target";

const project = "private-registry-bench";

export interface OurTarget {
  readonly target: Target;
  readonly stack: TestStack;
}

/** What this clone declares, by the real engine, with the defaults of the library. */
export async function ourTarget(folder: string): Promise<OurTarget> {
  const port = await freePort();
  const hostPath = subfolder(folder, "ours-data");
  const stack = await testStack(project, async () => {
    const registry = new PrivateRegistry("main", {
      hostnames: ["localhost"],
      bindAddress: "127.0.0.1",
      port,
      storage: { hostPath },
      ...images,
    });
    return { credentials: registry.credentials };
  });
  try {
    return { target: await brought(stack), stack };
  } catch (error) {
    await stack.remove();
    throw error;
  }
}

async function brought(stack: TestStack): Promise<Target> {
  const { credentials } = await stack.up();
  const [[name, password] = []] = Object.entries(credentials as { [user: string]: string });
  const proxy = `${project}-test-main-proxy`;
  const containers = await runningWith(`${labels.project}=${project}`);
  return {
    name: "ours",
    title: "this library",
    host: await addressOf(proxy),
    port: await publishedPort(proxy),
    tls: true,
    user: `${name}:${password}`,
    servers: await Cgroups.of(containers),
    front: await Cgroups.of([proxy]),
  };
}
