// Clients that push from this machine, each as people use it.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, type Result, run, until } from "../../tools/shell";
import { buildImage } from "./randomImage";

export interface Pushers {
  /** Names of the clients. */
  readonly names: readonly string[];
  /** Pushes the image under this reference, and tells how it ended. */
  push(client: string, reference: string): Promise<Result>;
  pull(reference: string): Promise<Result>;
  /** Has another image from now on, of two layers of that size. */
  renew(layerBytes: number): Promise<void>;
  remove(): Promise<void>;
}

/** Docker, containerd, Podman and skopeo, logged in to a registry on the loopback, each with the same image of 8 MB. */
export async function pushers(name: string, address: string, user: string): Promise<Pushers> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-pushers-"));
  const at = (path: string) => join(folder, path);
  const image = `localhost/private-registry-test/${name}:1`;
  const [login = "", password = ""] = user.split(/:(.*)/s);
  const docker = ["docker", "--config", at("docker")];
  const podman = ["podman", "--storage-driver", "vfs", "--root", at("storage"), "--runroot", at("run")];
  const ctr = ["ctr", "--address", at("containerd.sock")];
  mkdirSync(at("docker"));
  // Left alone it speaks plain HTTP to this machine.
  mkdirSync(join(at("hosts"), address), { recursive: true });
  writeFileSync(
    join(at("hosts"), address, "hosts.toml"),
    `server = "https://${address}"\n[host."https://${address}"]\n  skip_verify = true\n`,
  );
  await output([...docker, "login", "--username", login, "--password-stdin", address], { input: password });
  const daemon = spawn(
    "containerd",
    [
      "--config",
      "/dev/null",
      "--address",
      at("containerd.sock"),
      "--root",
      at("root"),
      "--state",
      at("state"),
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => daemon.on("exit", resolve));
  await until("containerd answers", async () => (await run([...ctr, "version"])).status === 0);
  const renew = async (layerBytes?: number) => {
    await buildImage(image, undefined, layerBytes);
    await output(["docker", "save", "--output", at("image.tar"), image]);
    await output([...ctr, "images", "import", at("image.tar")]);
    await output([...podman, "load", "--input", at("image.tar")]);
  };
  await renew();
  const push: { readonly [client: string]: (reference: string) => Promise<Result> } = {
    async docker(reference) {
      await output(["docker", "tag", image, reference]);
      const result = await run([...docker, "push", reference]);
      await output(["docker", "rmi", reference]);
      return result;
    },
    async containerd(reference) {
      await output([...ctr, "images", "tag", "--force", image, reference]);
      return run([...ctr, "images", "push", "--hosts-dir", at("hosts"), "--user", user, reference]);
    },
    podman: (reference) =>
      run([...podman, "push", "--tls-verify=false", "--creds", user, image, `docker://${reference}`]),
    skopeo: (reference) =>
      run([
        ...["skopeo", "copy", "--dest-tls-verify=false", "--dest-creds", user],
        ...[`docker-archive:${at("image.tar")}`, `docker://${reference}`],
      ]),
  };
  return {
    renew,
    names: Object.keys(push),
    push: (client, reference) =>
      push[client]?.(reference) ?? Promise.reject(new Error(`no client ${client}`)),
    async pull(reference) {
      const result = await run([...docker, "pull", reference]);
      await run(["docker", "rmi", reference]);
      return result;
    },
    async remove() {
      daemon.kill("SIGTERM");
      await ended;
      await run(["docker", "rmi", image]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
