import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { contentHash } from "../base/contentHash";
import { hardenedHelper } from "../docker/containerSettings";
import { type OneShotArgs, oneShot } from "../docker/oneShot";
import { filesPath } from "../docker/paths";
import { checkScript } from "../proxy/proxyScripts";
import { storeAddress, storeFile } from "../registry/registryConfig";
import { debugAddress } from "../registry/registryFiles";
import { trialScript } from "../registry/registryScripts";
import { credentials, environment, placeOfNone, proxyPath } from "../registry/registrySurroundings";
import type { ClusterParts } from "./clusterParts";
import { bundlePath, countNodesScript, placeScript } from "./clusterScripts";
import { registryOf } from "./defaults";
import type { SwarmFiles } from "./swarmFiles";

const dockerSocket = "/var/run/docker.sock";

/**
 * Looks at all that is new on the manager before a service is touched: are there nodes enough, does a registry answer with
 * its files and reach the object store, does nginx accept its own. What is wrong is said by the program that finds it.
 */
export function clusterChecks(
  parts: ClusterParts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container>[] {
  const { name, settings, named, images } = parts;
  const counted = oneShot(
    `${name}-nodes`,
    {
      ...hardenedHelper(settings.logRotation),
      ...named.job("proxy-nodes"),
      image: images.proxy,
      script: countNodesScript(settings.nodes),
      // Not used: with any change they are counted again.
      envs: [pulumi.interpolate`CHANGE=${changeOf(parts)}`],
      volumes: [{ hostPath: dockerSocket, containerPath: dockerSocket, readOnly: true }],
    },
    opts,
  );
  const afterwards = { ...opts, dependsOn: counted.apply((job) => [job]) };
  return [registryTrial(parts, afterwards), proxyCheck(parts, afterwards)];
}

/** Stands for all that may replace a task. */
function changeOf({ settings, files, images }: ClusterParts): pulumi.Output<string> {
  const { nodes, port, registryResources, proxyResources, log, metrics } = settings;
  const plain = JSON.stringify({ nodes, port, registryResources, proxyResources, log, metrics });
  const { registry, verifier, proxy } = files;
  return pulumi
    .all([registry.generation, verifier.generation, proxy.generation, images.registry, images.proxy])
    .apply((each) => contentHash({ plain, others: each.join(" ") }));
}

/** Starts a registry as the new ones will be, and asks it for what is in the object store. */
function registryTrial(
  parts: ClusterParts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container> {
  const { name, settings, named, files, images } = parts;
  const server = registryOf(name, settings);
  const script = files.registry.generation.apply((generation) =>
    trialScript({
      generation,
      debugAddress,
      direct: false,
      writes: false,
      proxyPath: proxyPath(server, generation),
      store: settings.storage.s3 && { file: storeFile, address: storeAddress },
    }),
  );
  const job = {
    ...named.job("registry-try"),
    image: images.registry,
    script,
    envs: environment(server, files.registry.generation),
    networkMode: "bridge",
    ...placeOfNone(server),
    volumes: credentials(server),
  };
  return withFiles(`${name}-registry-try`, files.registry, settings.logRotation, job, opts);
}

/** Has nginx read its files. */
function proxyCheck(
  { name, settings, named, files, images }: ClusterParts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container> {
  const script = files.proxy.generation.apply((generation) => checkScript(generation, settings.hasFirewall));
  const job = { ...named.job("proxy-stage"), image: images.proxy, script };
  return withFiles(`${name}-proxy-stage`, files.proxy, settings.logRotation, job, opts);
}

/** Runs a script with the files of a service, in memory as there. */
function withFiles(
  name: string,
  { contentBase64, generation }: SwarmFiles,
  logRotation: ClusterParts["settings"]["logRotation"],
  job: OneShotArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<docker.Container> {
  return oneShot(
    name,
    {
      ...hardenedHelper(logRotation),
      ...job,
      script: pulumi
        .all([generation, job.script])
        .apply(([folder, text]) => `${placeScript(folder)}\n${text}`),
      // Docker refuses uploads for a read-only root, and for a number of a user without a name.
      readOnly: false,
      user: undefined,
      uploads: [{ file: bundlePath, contentBase64, permissions: "0400" }],
      tmpfs: {
        ...job.tmpfs,
        "/tmp": "rw,noexec,nosuid,size=64m,mode=1777",
        [filesPath]: "rw,noexec,nosuid,size=8m,mode=0755",
      },
    },
    opts,
  );
}
