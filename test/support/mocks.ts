// Declares resources without an engine. Pulumi's mocks are global: tests of one file must run one after another.
import { createHash } from "node:crypto";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";

/** A resource as the engine would be told of it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  /** Types of the ancestors and its own, with `$` between. */
  readonly qualifiedType: string;
  /** Logical name of the parent, "" for none. */
  readonly parent: string;
  /** Inputs with secrets in clear. */
  // biome-ignore lint/suspicious/noExplicitAny: the inputs of every resource type
  readonly inputs: any;
  /** Inputs as text with every secret masked: what a state or a log could show. */
  readonly shown: string;
  /** Names of the inputs that are secret as a whole. */
  readonly secretInputs: readonly string[];
  /** Logical names of the resources it waits for. */
  readonly dependsOn: readonly string[];
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
}

export interface Declaration<Result> {
  /** What the program returned. */
  readonly result: Result;
  readonly resources: readonly Declared[];
  /** The resource of a logical name; fails the test if there is not exactly one. */
  get(name: string): Declared;
  /** All of a type, such as "docker:Container". */
  all(type: string): readonly Declared[];
}

export interface Failure {
  /** Every message that a user would see, each once. */
  readonly message: string;
  readonly resources: readonly Declared[];
}

export interface World {
  readonly project?: string;
  readonly stack?: string;
  /** State that a provider would answer with, instead of the usual, by logical name. */
  readonly state?: { readonly [name: string]: object };
}

/** Runs a program that declares resources and answers what it declared. Anything thrown anywhere fails. */
export async function declare<Result>(
  program: () => Result,
  world: World = {},
): Promise<Declaration<Result>> {
  const { result, errors, resources } = await run(program, world);
  if (errors.length > 0) {
    throw errors[0];
  }
  const named = (name: string) => resources.filter((one) => one.name === name);
  return {
    result: result as Result,
    resources,
    get: (name) => {
      const [only, ...more] = named(name);
      if (only === undefined || more.length > 0) {
        throw new Error(`${more.length + Number(only !== undefined)} resources are named ${name}`);
      }
      return only;
    },
    all: (type) => resources.filter((one) => one.type === type),
  };
}

/** Runs a program that must fail, at once or in an output, and answers how, and what was declared before. */
export async function declareFailing(program: () => unknown, world: World = {}): Promise<Failure> {
  const { errors, resources } = await run(program, world);
  if (errors.length === 0) {
    throw new Error("the program did not fail");
  }
  return { message: [...new Set(errors.map((error) => error.message))].join("\n"), resources };
}

/** The value of an output of a program that has ended. */
export function valueIn<Value>(output: pulumi.Output<Value>): Promise<Value> {
  // The method is public in JavaScript and internal in the types.
  return (output as unknown as { promise(): Promise<Value> }).promise();
}

interface Run<Result> {
  readonly result?: Result;
  readonly errors: readonly Error[];
  readonly resources: readonly Declared[];
}

async function run<Result>(program: () => Result, world: World): Promise<Run<Result>> {
  const resources: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: `id-of-${name}`,
        state: { ...inputs, ...answer(type, name, inputs), ...world.state?.[name] },
      }),
      call: () => ({}),
    },
    world.project ?? "shop",
    world.stack ?? "test",
  );
  record(resources);
  const rejections = catchRejections();
  // Pulumi takes the stack of every promise it makes: without, tests take half the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const result = program();
    await Promise.race([pulumi.runtime.disconnect(), rejections.first]);
    // Node tells of a rejection when it has run everything else of this turn.
    await turn();
    // What failed in one place must not have let anything go on in another.
    if (rejections.errors.length > 0) await pause(50);
    forgetPromises();
    return { result, errors: rejections.errors, resources };
  } catch (error) {
    return { errors: [error as Error], resources };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    rejections.stop();
  }
}

/** Outputs that fail reject promises that nobody waits for; in a real run these end the program. */
function catchRejections() {
  const errors: Error[] = [];
  const ours = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const first = new Promise<void>((resolve) => {
    process.on("unhandledRejection", (reason) => {
      errors.push(reason as Error);
      resolve();
    });
  });
  const stop = () => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of ours) process.on("unhandledRejection", listener);
  };
  return { errors, first, stop };
}

/** What waits for a failed output waits for ever, and Pulumi would fail the process for it. */
function forgetPromises(): void {
  Reflect.get(debuggable, "leakedPromises")();
}

/** Mocks are not told of options: reads them from the request itself. */
function record(resources: Declared[]): void {
  // biome-ignore lint/suspicious/noExplicitAny: internals of the mock monitor
  const monitor = pulumi.runtime.getMonitor() as any;
  const register = monitor.registerResource.bind(monitor);
  // biome-ignore lint/suspicious/noExplicitAny: a protobuf request without public types
  monitor.registerResource = (request: any, callback: unknown) => {
    const inputs = request.getObject().toJavaScript();
    const type: string = request.getType();
    const parent: string = request.getParent();
    const urn: string = monitor.newUrn(parent, type, request.getName());
    resources.push({
      type: type.replace(/:.*:/, ":"),
      name: request.getName(),
      qualifiedType: urn.split("::")[2] ?? "",
      parent: nameIn(parent),
      inputs: withoutMarks(inputs, (value) => value),
      shown: JSON.stringify(withoutMarks(inputs, () => "[secret]")),
      secretInputs: Object.keys(inputs).filter((key) => isMarked(inputs[key])),
      dependsOn: request.getDependenciesList().map(nameIn),
      retainOnDelete: request.getRetainondelete() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
    });
    return register(request, callback);
  };
}

function nameIn(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function isMarked(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && Reflect.get(value, signature) === secretSignature;
}

function withoutMarks(value: unknown, ofSecret: (plain: unknown) => unknown): unknown {
  if (isMarked(value)) return ofSecret(withoutMarks(value.value, ofSecret));
  if (Array.isArray(value)) return value.map((item) => withoutMarks(item, ofSecret));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutMarks(item, ofSecret)]));
}

/** What a provider adds to the inputs; the same at every run. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs of every resource type
function answer(type: string, name: string, inputs: any): object {
  const digest = createHash("sha256").update(`${name}${JSON.stringify(inputs.keepers)}`);
  switch (type) {
    case "docker:index/container:Container":
      return { exitCode: 0, containerLogs: "" };
    case "docker:index/remoteImage:RemoteImage":
      return { imageId: `sha256:${inputs.name}` };
    case "random:index/randomBytes:RandomBytes":
      return { base64: digest.digest("base64") };
    case "random:index/randomPassword:RandomPassword":
      return { result: digest.digest("hex").slice(0, 32), bcryptHash: `$2a$10$${"h".repeat(53)}` };
    case "tls:index/privateKey:PrivateKey":
      return {
        privateKeyPem: `private key of ${name}`,
        privateKeyOpenssh: `OpenSSH private key of ${name}\n`,
        publicKeyOpenssh: `OpenSSH public key of ${name}\n`,
      };
    case "tls:index/selfSignedCert:SelfSignedCert":
    case "tls:index/locallySignedCert:LocallySignedCert":
      return { certPem: `certificate of ${name}`, validityEndTime: "2099-01-01T00:00:00Z" };
    case "tls:index/certRequest:CertRequest":
      return { certRequestPem: `request of ${name}` };
    default:
      return {};
  }
}
