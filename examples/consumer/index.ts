import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

const registry = new pulumi.StackReference(config.require("registryStack"));
const endpoint = registry.requireOutput("endpoint");

// The Docker host pulls with the credentials of the registry's client user.
const host = new docker.Provider("host", {
  registryAuth: [{ address: endpoint, configFileContent: registry.requireOutput("dockerConfigJson") }],
});

const image = new docker.RemoteImage(
  "app",
  { name: pulumi.interpolate`${endpoint}/${config.require("image")}` },
  { provider: host },
);

const app = new docker.Container(
  "app",
  {
    image: image.imageId,
    command: ["sleep", "infinity"],
    // For a program that asks the registry itself, such as a build job: what it must trust.
    uploads: [{ file: "/etc/registry-ca.crt", content: registry.requireOutput("caCertificate") }],
  },
  { provider: host },
);

export const container = app.name;
export const pulledDigest = image.repoDigest;
