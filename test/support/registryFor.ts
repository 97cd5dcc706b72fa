import { PrivateRegistry } from "../../components";
import { images, type TestStack, testStack } from "../../tools/temporaryStack";
import type { ConsumerMachine } from "./consumerMachine";

/** A registry of one user that a machine reaches under a name, as a stack that answers with what a client needs. */
export function registryFor(
  machine: ConsumerMachine,
  stack: string,
  { hostname, port, user }: { readonly hostname: string; readonly port: number; readonly user: string },
): Promise<TestStack> {
  return testStack(stack, async () => {
    const main = new PrivateRegistry("main", {
      hostnames: [hostname],
      port,
      bindAddress: machine.hostAddress,
      users: [{ name: user }],
      ...images,
    });
    return { ca: main.caCertificate, credentials: main.credentials };
  });
}
