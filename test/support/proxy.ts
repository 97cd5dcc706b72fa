import type { RegistryProxyArgs } from "../../components/proxy/args";
import { RegistryProxy } from "../../components/proxy/registryProxy";
import { declare } from "./mocks";

/** The least that a proxy needs. */
export const args: RegistryProxyArgs = {
  certificateChainPem: "the chain",
  privateKeyPem: "the private key",
  htpasswd: "alice:$2y$10$hash\n",
  socketVolumeName: "socket-volume",
  networkName: "front",
};

/** A proxy `web` with changed arguments, as the engine would be told of it. */
export const proxy = (change: Partial<RegistryProxyArgs> = {}) =>
  declare(() => new RegistryProxy("web", { ...args, ...change }));
