import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  dockerNameOf,
  type JobRole,
  type LoaderRole,
  labels,
  type NetworkRole,
  type ServerRole,
  type ServiceRole,
  type VolumeRole,
} from "./roles";

/** User labels: name to value. */
export type Labels = { readonly [name: string]: string };

/** Name and labels on the Docker host of one part of an instance. */
export interface Named {
  /** `<project>-<stack>-<instance>-<role>`. */
  readonly name: string;
  readonly labels: docker.types.input.ContainerLabel[];
}

/** Names and labels on the Docker host of all parts of an instance, by kind and role. */
export interface Identity {
  readonly server: (role: ServerRole) => Named;
  readonly job: (role: JobRole) => Named;
  readonly loader: (role: LoaderRole) => Named;
  readonly volume: (role: VolumeRole) => Named;
  readonly network: (role: NetworkRole) => Named;
  /** A service of Swarm. */
  readonly service: (role: ServiceRole) => Named;
}

/** The names and labels of an instance, beside the labels of its user. */
export function identity(instance: string, userLabels: Labels): Identity {
  const named = (role: string): Named => {
    const all = {
      ...userLabels,
      [labels.project]: pulumi.getProject(),
      [labels.stack]: pulumi.getStack(),
      [labels.instance]: instance,
      [labels.role]: role,
    };
    return {
      name: dockerNameOf(pulumi.getProject(), pulumi.getStack(), instance, role),
      labels: Object.entries(all).map(([label, value]) => ({ label, value })),
    };
  };
  return { server: named, job: named, loader: named, volume: named, network: named, service: named };
}
