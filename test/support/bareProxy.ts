// The proxy as it is, in containers of its own, without an engine and without a registry behind it.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSync } from "bcryptjs";
import { serviceUid } from "../../components/docker/containerSettings";
import {
  controlPath,
  filesPath,
  registrySocket,
  socketPath,
  verifierPath,
} from "../../components/docker/paths";
import { verifierScript } from "../../components/proxy/credentialVerifier";
import type { ProxyFilesSettings } from "../../components/proxy/proxyFiles";
import { stageScript, startScript } from "../../components/proxy/proxyScripts";
import { output, run, until } from "../../tools/shell";
import { proxyImage, wafImage } from "../../tools/temporaryStack";
import { RegistryClient } from "./client";
import { filesOf, putFiles } from "./proxyFiles";
import { issue } from "./x509";

export interface BareProxy {
  readonly port: number;
  /** PEM that clients must trust. */
  readonly ca: string;
  readonly client: RegistryClient;
  /** The control volume. */
  readonly controlFolder: string;
  readonly containerName: string;
  remove(): Promise<void>;
}

/**
 * Starts one for these logins, user to password, on the loopback; its name is for its containers, and the mounts are
 * further ones, as for `docker run --volume`.
 */
export async function startBareProxy(
  name: string,
  port: number,
  logins: { readonly [user: string]: string },
  change: Partial<ProxyFilesSettings> = {},
  mounts: readonly string[] = [],
): Promise<BareProxy> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-proxy-"));
  const mounted = { files: filesPath, socket: socketPath, verifier: verifierPath, control: controlPath };
  const volumes = Object.entries(mounted).flatMap(([part, path]) => ["-v", `${join(folder, part)}:${path}`]);
  volumes.push(...mounts.flatMap((mount) => ["-v", mount]));
  for (const part of Object.keys(mounted)) mkdirSync(join(folder, part));
  const root = issue({ commonName: "test root", isAuthority: true });
  const server = issue({ commonName: "registry.test", names: ["registry.test", "127.0.0.1"] }, root);
  const generation = filesOf({
    certificateChain: server.certificatePem,
    privateKey: server.privateKeyPem,
    htpasswd: Object.entries(logins)
      .map(([user, password]) => `${user}:${hashSync(password, 5).replace("$2b$", "$2y$")}\n`)
      .join(""),
    decoyHash: hashSync("a password of nobody", 5).replace("$2b$", "$2y$"),
    port,
    controlPath,
    // Of two, nobody waits for one that is not there.
    registrySockets: [registrySocket, `${socketPath}/none.sock`],
    ...change,
  });
  putFiles(join(folder, "files"), generation);

  const image = change.waf === undefined ? proxyImage : wafImage;
  const [proxy, verifier] = [`private-registry-test-${name}-proxy`, `private-registry-test-${name}-verifier`];
  const remove = async () => {
    await run(["docker", "rm", "-f", proxy, verifier]);
    rmSync(folder, { recursive: true, force: true });
  };
  await run(["docker", "rm", "-f", proxy, verifier]);
  const hardened = ["--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp:mode=1777"];
  const stage = stageScript({ generation: generation.name, uid: serviceUid, linksRules: !!change.waf });
  const start = (container: string, ...rest: string[]) =>
    output([
      "docker",
      "run",
      "-d",
      "--name",
      container,
      ...hardened,
      "--user",
      `${serviceUid}`,
      ...volumes,
      ...rest,
    ]);
  try {
    await output(["chown", "-R", `${serviceUid}:${serviceUid}`, folder]);
    await output([
      "docker",
      "run",
      "--rm",
      "--tmpfs",
      "/tmp",
      ...volumes,
      "--entrypoint",
      "sh",
      image,
      "-c",
      stage,
    ]);
    await start(verifier, "--network", "none", "--entrypoint", "sh", image, "-c", verifierScript());
    await start(proxy, "--network", "host", "--entrypoint", "sh", image, "-c", startScript());
    const client = new RegistryClient(port, root.certificatePem);
    await until("the proxy and its verifier answer", async () => {
      const answer = await fetch(`http://127.0.0.1:${port + 1}/login`).catch(() => undefined);
      return answer?.status === 401 || answer?.status === 200;
    });
    const controlFolder = join(folder, "control");
    return { port, ca: root.certificatePem, client, controlFolder, containerName: proxy, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
