import * as docker from "@pulumi/docker";
import { PrivateRegistry } from "../components";
import { dockerHost, registryArgs } from "./config";

const host = dockerHost();
const providers = host === undefined ? [] : [new docker.Provider("docker-host", { host })];

const registry = new PrivateRegistry("main", registryArgs(), { providers });

export const endpoint = registry.endpoint;
export const caCertificate = registry.caCertificate;
export const credentials = registry.credentials;
export const clientFiles = registry.clientFiles;
export const daemonJson = registry.daemonJson;
export const dockerConfigJson = registry.dockerConfigJson;
export const hostsEntry = registry.hostsEntry;
export const installScript = registry.installScript;
export const installScripts = registry.installScripts;
export const imagesScript = registry.imagesScript;
export const clients = registry.clients;
export const certificateExpiresAt = registry.certificateExpiresAt;
export const certificateDaysLeft = registry.certificateDaysLeft;
export const expiringUsers = registry.expiringUsers;
export const dataLocation = registry.dataLocation;
export const backup = registry.backup;
export const frontSnippets = registry.frontSnippets;
export const watchFiles = registry.watchFiles;
