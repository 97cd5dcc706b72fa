import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { clients } from "../../../components/clients/kinds/clients";
import { output } from "../../../tools/shell";
import { containerd2 } from "../../support/goPrograms";

const SETTINGS = {
  addresses: ["r.example.com"],
  caCertificate: "",
  username: "alice",
  password: "secret",
  hostsEntry: "",
};

/** Settings as containerd itself reads them, of the fragment that this kind has for its config.toml. */
async function dump(program: string, kind: "containerd1" | "containerd2"): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-containerd-"));
  const file = join(folder, "config.toml");
  writeFileSync(file, clients(SETTINGS)[kind].fragments["/etc/containerd/config.toml"] ?? "");
  try {
    return await output([program, "--config", file, "config", "dump"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("the containerd of this machine takes the fragment for 1.x, and reads our folder by it", async () => {
  // A containerd 2.x translates it, and writes another kind of quotes.
  assert.match(
    await dump("containerd", "containerd1"),
    /^ *config_path = (["'])\/etc\/containerd\/certs\.d\1$/m,
  );
});

it("containerd 2.x takes the fragment of its config.toml, and reads our folder by it", async () => {
  const [program = ""] = await containerd2();
  assert.match(
    await dump(program, "containerd2"),
    /\[plugins\.'io\.containerd\.cri\.v1\.images'\.registry\]\n\s*config_path = '\/etc\/containerd\/certs\.d'/,
  );
});
