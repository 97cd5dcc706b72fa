import * as pulumi from "@pulumi/pulumi";
import { LogFormat, PrivateRegistry } from "private-registry";

const config = new pulumi.Config();

const registry = new PrivateRegistry("images", {
  hostnames: ["localhost"],
  port: config.requireNumber("port"),
  bindAddress: "127.0.0.1",
  // Both passwords are generated; `deploy` is for those who run the images.
  users: [{ name: "ci" }, { name: "deploy" }],
  clientUser: "deploy",
  registry: { logFormat: LogFormat.Json, uploadPurgeAgeHours: 24 },
  labels: { team: "application" },
  registryImage: config.get("registryImage") || undefined,
  proxyImage: config.get("proxyImage") || undefined,
  keeperImage: config.get("keeperImage") || undefined,
});

// What another stack needs to use the registry: see ../consumer.
export const endpoint = registry.endpoint;
export const caCertificate = registry.caCertificate;
export const credentials = registry.credentials;
export const dockerConfigJson = registry.dockerConfigJson;
export const installScript = registry.installScript;
