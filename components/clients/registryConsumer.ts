import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../base/refuse";
import { runError } from "../base/runError";
import { withSecrets } from "../base/withSecrets";
import {
  caCertificateProblems,
  endpointProblems,
  imageInRegistryProblems,
  loginSourceProblems,
} from "./consumerProblems";
import { dockerConfigJson } from "./kinds/clientFiles";
import { pullSecretManifest, pullSecretName } from "./kinds/kubernetes";
import { type Login, readLogin } from "./login";

// For messages. A field of the class, private or not, is an output in other languages.
const names = new WeakMap<RegistryConsumer, string>();

/** A registry's outputs, by the names that `PrivateRegistry` gives them. */
export interface RegistryConsumerArgs {
  /** Address in image references, such as "registry.example.com:5000". */
  readonly endpoint: pulumi.Input<string>;
  /** A `config.json` with a login for the endpoint. Either this or `credentials`. @default none */
  readonly dockerConfigJson?: pulumi.Input<string>;
  /** User to password. @default none */
  readonly credentials?: pulumi.Input<{ [user: string]: pulumi.Input<string> }>;
  /** Whose login to take from `credentials`. @default <the only one there is> */
  readonly user?: string;
  /** PEM of the registry's authority. Left out: a public one. @default none */
  readonly caCertificate?: pulumi.Input<string>;
}

/** An entry of `registryAuth` of a provider of `@pulumi/docker`. */
export interface RegistryAuth extends Login {
  /** Address of the registry, as in image references. */
  readonly address: string;
}

/**
 * The other side of a registry, in a stack that runs its images: references, login and pull secret. It creates
 * nothing on any host.
 *
 * @throws RunError that lists every output that is not one of a registry.
 */
export class RegistryConsumer extends pulumi.ComponentResource {
  /** Address in image references. */
  public readonly endpoint: pulumi.Output<string>;
  /** PEM that a program asking the registry itself must trust; empty for a public authority. */
  public readonly caCertificate: pulumi.Output<string>;
  /** Login for a provider of `@pulumi/docker`: `{ registryAuth: [consumer.registryAuth] }`; secret. */
  public readonly registryAuth: pulumi.Output<RegistryAuth>;
  /** Manifest of a Kubernetes secret of type `kubernetes.io/dockerconfigjson` with this login alone; secret. */
  public readonly pullSecretManifest: pulumi.Output<string>;

  constructor(name: string, args: RegistryConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse(name, loginSourceProblems(args));
    const secretArgs = withSecrets(args, "dockerConfigJson", "credentials");
    super("private-registry:index:RegistryConsumer", name, secretArgs, opts);

    names.set(this, name);
    const auth = registryAuth(name, args);
    this.endpoint = onceGood(auth, args.endpoint);
    this.caCertificate = onceGood(auth, args.caCertificate ?? "");
    this.registryAuth = auth;
    this.pullSecretManifest = auth.apply(manifestOf);
    // Without the outputs: one that fails would be told a second time, as an error of serialising.
    this.registerOutputs();
  }

  /**
   * The full reference of an image in the registry.
   *
   * @param image - repository with tag or digest, such as "team/app:1"; without either Docker takes `latest`
   * @throws RunError, in the output, for what is not one, or names a registry itself.
   */
  public imageReference(image: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.all([this.endpoint, image]).apply(([endpoint, plain]) => {
      const [problem] = imageInRegistryProblems("image", plain, endpoint);
      if (problem !== undefined) throw runError(`${names.get(this)}.imageReference: ${problem}`);
      return `${endpoint}/${plain}`;
    });
  }
}

/**
 * What a `RegistryConsumer` reads of another stack that exports a registry's outputs by their own names.
 *
 * @throws RunError, in the output, that names the stack and the output that it lacks.
 */
export function registryOutputs(reference: pulumi.StackReference): RegistryConsumerArgs {
  return {
    endpoint: requiredOutput(reference, "endpoint"),
    dockerConfigJson: requiredOutput(reference, "dockerConfigJson"),
    caCertificate: requiredOutput(reference, "caCertificate"),
  };
}

/** As `requireOutput`, whose error is not a RunError: it took 65 s and 3 GB to be printed (see runError). */
function requiredOutput(reference: pulumi.StackReference, name: string): pulumi.Output<string> {
  return pulumi.all([reference.getOutput(name), reference.name]).apply(([value, stack]) => {
    if (value !== undefined) return value as string;
    throw runError(`the stack ${stack} has no output ${name}; export the registry's output there`);
  });
}

/** The login, secret; fails with every problem of every argument in one message. */
function registryAuth(instance: string, args: RegistryConsumerArgs): pulumi.Output<RegistryAuth> {
  const values = pulumi.all([args.endpoint, args.dockerConfigJson, args.credentials, args.caCertificate]);
  return pulumi.secret(values).apply(([address, json, credentials, ca]) => {
    const problems = endpointProblems("endpoint", address);
    // Which login is wanted is unknown without an endpoint.
    const source = { dockerConfigJson: json, credentials, user: args.user };
    const login = problems.length === 0 ? readLogin(address, source) : undefined;
    if (typeof login === "string") problems.push(login);
    refuse(instance, [...problems, ...caCertificateProblems("caCertificate", ca)]);
    return { address, ...(login as Login) };
  });
}

/** A value once everything was found good; no more secret than it was. */
function onceGood(auth: pulumi.Output<RegistryAuth>, value: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.all([value, pulumi.unsecret(auth)]).apply(([plain]) => plain);
}

function manifestOf({ address, username, password }: RegistryAuth): string {
  return pullSecretManifest(
    pullSecretName({ addresses: [address] }),
    dockerConfigJson([address], username, password),
  );
}
