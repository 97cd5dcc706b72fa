import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { RegistryCluster } from "private-registry";

const config = new pulumi.Config();

// Any manager will do; another one later changes nothing on the nodes.
const swarm = new docker.Provider("swarm", { host: config.require("manager") });

const registry = new RegistryCluster(
  "images",
  {
    hostnames: config.requireObject<string[]>("hostnames"),
    nodes: config.requireNumber("nodes"),
    storage: {
      s3: {
        endpoint: config.require("endpoint"),
        bucket: config.require("bucket"),
        accessKey: config.require("accessKey"),
        secretKey: config.requireSecret("secretKey"),
      },
    },
    users: [{ name: "ci" }, { name: "deploy" }],
    clientUser: "deploy",
    registryImage: config.get("registryImage") || undefined,
    proxyImage: config.get("proxyImage") || undefined,
  },
  { provider: swarm },
);

export const endpoint = registry.endpoint;
export const caCertificate = registry.caCertificate;
export const credentials = registry.credentials;
export const dockerConfigJson = registry.dockerConfigJson;
export const installScript = registry.installScript;
