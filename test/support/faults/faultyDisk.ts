import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, run, until } from "../../../tools/shell";

/** A disk with ext4 that is as slow and as broken as a test says. */
export interface FaultyDisk {
  readonly device: string;
  /** Bits a second from now on. */
  limit(bitsPerSecond: string): void;
  /** Whether everything asked of it ends with an error from now on. */
  fail(isBroken: boolean): void;
  /** A file with what is on it in this instant, as a power cut would leave it. */
  copy(): Promise<string>;
  remove(): Promise<void>;
}

const unlimited = "1000G";

/** nbdkit serves a file with the faults, nbdfuse shows that as a file again, and a loop device makes a disk of it. */
export async function faultyDisk(name: string, size: string): Promise<FaultyDisk> {
  const folder = join(tmpdir(), `private-registry-disk-${name}`);
  const at = (file: string) => join(folder, file);
  await removeDisk(folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(at("disk"), "");
  writeFileSync(at("rate"), unlimited);
  await output(["truncate", "--size", size, at("disk")]);
  await output(["mkfs.ext4", "-q", at("disk")]);
  const filters = ["--filter=error", "--filter=rate", "file", at("disk"), `rate-file=${at("rate")}`];
  const errors = ["error=EIO", "error-rate=100%", `error-file=${at("broken")}`];
  await output(["nbdkit", "--unix", at("socket"), "--pidfile", at("pid"), ...filters, ...errors]);
  writeFileSync(at("shown"), "");
  spawn("nbdfuse", [at("shown"), "--unix", at("socket")], { detached: true, stdio: "ignore" }).unref();
  await until("the disk is there", async () => (await run(["mountpoint", "-q", at("shown")])).status === 0);
  const device = await output(["losetup", "--find", "--show", at("shown")]);
  const signal = (what: NodeJS.Signals) => process.kill(Number(readFileSync(at("pid"), "utf8")), what);
  return {
    device,
    limit: (bitsPerSecond) => writeFileSync(at("rate"), bitsPerSecond),
    fail(isBroken) {
      if (isBroken) writeFileSync(at("broken"), "");
      else rmSync(at("broken"), { force: true });
    },
    async copy() {
      signal("SIGSTOP");
      try {
        await output(["cp", "--sparse=always", at("disk"), at("copy")]);
      } finally {
        signal("SIGCONT");
      }
      return at("copy");
    },
    remove: () => removeDisk(folder),
  };
}

/** Whatever a killed run left of it. */
async function removeDisk(folder: string): Promise<void> {
  const script = `for device in $(losetup --noheadings --output NAME --associated "$1/shown"); do losetup --detach "$device"; done
! mountpoint -q "$1/shown" || umount "$1/shown"
[ ! -e "$1/pid" ] || kill -KILL "$(cat "$1/pid")" 2> /dev/null || true
rm -rf "$1"`;
  await output(["sh", "-ec", script, "sh", folder]);
}
