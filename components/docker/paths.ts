/** Folder of the images in the registry's container. */
export const dataPath = "/var/lib/registry";

/** File with the key of an object store, in the registry's container. */
export const credentialsPath = "/run/private-registry-credentials";

/** Mount point of the volume with the registry's socket, in the registry's and in the proxy's container. */
export const socketPath = "/run/private-registry";

/** The socket on which the registry listens. */
export const registrySocket = `${socketPath}/registry.sock`;

/** While this file is there, a proxy of a registry in an object store refuses what writes, with its text. */
export const pauseFlag = `${socketPath}/pause`;

/** Where the registry's container writes the figures that the registry has of itself, for the proxy. */
export const registryMetrics = `${socketPath}/metrics.prom`;

/** Mount point of the configuration, in the containers of registry, proxy and verifier. */
export const filesPath = "/etc/private-registry";

/** Mount point of the volume with the verifier's socket, in the verifier's and in the proxy's container. */
export const verifierPath = "/run/private-registry-verifier";

/**
 * Mount points of the ACME account and of the certificates, and the folder of what the renewer is given beside, in the
 * renewer's container.
 */
export const acmePaths = {
  accountPath: "/var/lib/acme-account",
  certificatesPath: "/var/lib/acme-certificates",
  givenPath: "/var/lib/acme-account/given",
};

/** The newest certificate in the renewer's container, with its chain. */
export const newestCertificate = `${acmePaths.certificatesPath}/current/chain.pem`;

/** The socket on which the verifier of logins listens. */
export const verifierSocket = `${verifierPath}/verifier.sock`;

/** Mount point of the volume with requests to the keeper, its answers and what it knows, in its and in the proxy's container. */
export const controlPath = "/var/lib/private-registry-keeper";

/**
 * Mount point of the blobs that a proxy keeps. Everybody may write this folder in any image, and Docker makes a new volume
 * like what it covers, so that nobody need give it to the proxy's user on every node.
 */
export const blobCachePath = "/var/tmp";

/** Mount point of restic's cache, in the container of backups. */
export const resticCachePath = "/var/cache/restic";
