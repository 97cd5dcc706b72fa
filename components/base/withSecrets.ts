import * as pulumi from "@pulumi/pulumi";

/** A copy in which these arguments, where given, are secret: what a component is given is stored in the state. */
export function withSecrets<Args extends object>(
  args: Args,
  ...secrets: readonly (keyof Args & string)[]
): pulumi.Inputs {
  const given = secrets.filter((name) => args[name] !== undefined);
  return { ...args, ...Object.fromEntries(given.map((name) => [name, pulumi.secret(args[name])])) };
}
