import { PrivateRegistry } from "../../components";
import { labels } from "../../components/docker/roles";
import { images, testStack } from "../../tools/temporaryStack";
import { Cgroups } from "../host/cgroups";
import { runningWith } from "../host/docker";
import { freePort } from "../host/ports";
import { subfolder } from "../host/ramDisk";
import { Samples } from "../report";
import { declared, pulumi, timed } from "./program";
import type { Measure } from "./suite";

const userCounts = [1, 10, 100];
const registryCounts = [1, 3, 10];

/** Time of `pulumi up` against the number of users; a tenth of them has a password of its own. */
export const scaleUsers: Measure = {
  name: "scaleUsers",
  async run(bench) {
    const samples = new Samples();
    for (const count of userCounts) {
      bench.say(`users: ${count}`);
      const program = await declared(bench, `bench-users-${count}`, count);
      try {
        samples.add("scaleUsersCold", String(count), await timed(() => pulumi(program, "up")));
        for (let round = 0; round < bench.options.scaleRounds; round++)
          samples.add("scaleUsersNoOp", String(count), await timed(() => pulumi(program, "up")));
      } finally {
        await program.remove();
      }
    }
    return samples.metrics([
      { name: "scaleUsersCold", title: "Users: `pulumi up` from nothing", unit: "s" },
      { name: "scaleUsersNoOp", title: "Users: `pulumi up` with nothing to do", unit: "s" },
    ]);
  },
};

/** Time and idle memory against the number of registries in one stack. */
export const scaleRegistries: Measure = {
  name: "scaleRegistries",
  async run({ options, folder, say }) {
    const samples = new Samples();
    for (const count of registryCounts) {
      say(`registries in one stack: ${count}`);
      const ports = await Promise.all(Array.from({ length: count }, freePort));
      const project = "private-registry-bench-registries";
      const stack = await testStack(project, async () => {
        for (const [number, port] of ports.entries()) {
          const storage = { hostPath: subfolder(folder, `${count}-${number}`) };
          const place = { hostnames: ["localhost"], bindAddress: "127.0.0.1", port, storage };
          new PrivateRegistry(`r${number}`, { ...place, ...images });
        }
      });
      try {
        samples.add("scaleRegistriesCold", String(count), await timed(() => stack.stack.up()));
        for (let round = 0; round < options.scaleRounds; round++)
          samples.add("scaleRegistriesNoOp", String(count), await timed(() => stack.stack.up()));
        const servers = await Cgroups.of(await runningWith(`${labels.project}=${project}`));
        samples.add("scaleRegistriesMemory", String(count), servers.anonymous() / 1e6);
      } finally {
        await stack.remove();
      }
    }
    return samples.metrics([
      { name: "scaleRegistriesCold", title: "Registries in one stack: up from nothing", unit: "s" },
      { name: "scaleRegistriesNoOp", title: "Registries in one stack: up with nothing to do", unit: "s" },
      { name: "scaleRegistriesMemory", title: "Registries in one stack: anonymous memory, idle", unit: "MB" },
    ]);
  },
};
