import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { RegistryConsumer, registryOutputs } from "private-registry";

const config = new pulumi.Config();

const registry = new RegistryConsumer(
  "registry",
  registryOutputs(new pulumi.StackReference(config.require("registryStack"))),
);

// The Docker host pulls with the credentials of the registry's client user.
const host = new docker.Provider("host", { registryAuth: [registry.registryAuth] });

const image = new docker.RemoteImage(
  "app",
  { name: registry.imageReference(config.require("image")) },
  { provider: host },
);

const app = new docker.Container(
  "app",
  {
    image: image.imageId,
    command: ["sleep", "infinity"],
    // For a program that asks the registry itself, such as a build job: what it must trust.
    uploads: [{ file: "/etc/registry-ca.crt", content: registry.caCertificate }],
  },
  { provider: host },
);

export const container = app.name;
export const pulledDigest = image.repoDigest;
// For a cluster: pulumi stack output pullSecret --show-secrets | kubectl apply -f -
export const pullSecret = registry.pullSecretManifest;
