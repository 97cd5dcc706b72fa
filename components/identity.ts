import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** User labels: name to value. */
export type Labels = { readonly [name: string]: string };

/** Name on the Docker host of one part of an instance: `<project>-<stack>-<instance>-<role>`. */
function dockerName(instance: string, role: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${instance}-${role}`;
}

/** Labels of everything we create: people list by them, and what a killed run left behind is known by them. */
function dockerLabels(
  instance: string,
  role: string,
  labels: Labels = {},
): docker.types.input.ContainerLabel[] {
  const all = {
    ...labels,
    "private-registry.project": pulumi.getProject(),
    "private-registry.stack": pulumi.getStack(),
    "private-registry.instance": instance,
    "private-registry.role": role,
  };
  return Object.entries(all).map(([label, value]) => ({ label, value }));
}

/** Name and labels on the Docker host of one part of an instance, by its role. */
export function identity(instance: string, labels?: Labels) {
  return (role: string) => ({
    name: dockerName(instance, role),
    labels: dockerLabels(instance, role, labels),
  });
}
