import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { clients } from "../../components/consumer/clients";
import { containerd2 } from "../support/goPrograms";
import { output } from "../support/shell";

const SETTINGS = {
  addresses: ["r.example.com"],
  caCertificate: "",
  username: "alice",
  password: "secret",
  hostsEntry: "",
};

it("containerd 2.x takes the fragment of its config.toml, and reads our folder by it", async () => {
  const [program = ""] = await containerd2();
  const folder = mkdtempSync(join(tmpdir(), "private-registry-containerd-"));
  const file = join(folder, "config.toml");
  writeFileSync(file, clients(SETTINGS).containerd2.fragments["/etc/containerd/config.toml"] ?? "");
  const dump = await output([program, "--config", file, "config", "dump"]);
  rmSync(folder, { recursive: true });
  assert.match(
    dump,
    /\[plugins\.'io\.containerd\.cri\.v1\.images'\.registry\]\n\s*config_path = '\/etc\/containerd\/certs\.d'/,
  );
});
