import assert from "node:assert/strict";
import type { Result } from "../../../tools/shell";
import { type InfraStack, infraStack, proxyImage, wafImage } from "../../../tools/temporaryStack";
import { issuedByIntermediate } from "../certificates";
import { STORAGE } from "../clientPrograms";
import { type ConsumerMachine, createConsumerMachine } from "../consumerMachine";
import { nginxConf, startLoadBalancer, writeOn } from "../loadBalancers";
import { rights } from "./cases";

/** What stands between clients and registry. */
export const rightsFronts = ["nginx", "waf", "external", "external without TLS behind it"] as const;
export type RightsFront = (typeof rightsFronts)[number];

/** A registry with rights, and the machine of its clients. */
export interface RightsRegistry {
  readonly machine: ConsumerMachine;
  /** Brings another front into use; the images stay. */
  use(front: RightsFront): Promise<void>;
  readonly endpoint: string;
  /** The password of a user. */
  readonly passwords: { readonly [user: string]: string };
  /** Runs shell commands on the machine, with a login of its own for each. */
  run(text: string, as: string, args: readonly string[], input?: string): Promise<Result>;
  remove(): Promise<void>;
}

const name = "registry.test";
const chain = issuedByIntermediate(name);

/** Programs read logins from one file, whatever they are, and the authority where no file of their own has it. */
const ENVIRONMENT = {
  ...STORAGE,
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/tmp",
  SSL_CERT_FILE: "/tmp/ca.crt",
  DOCKER_CONFIG: "/tmp/login",
  REGISTRY_AUTH_FILE: "/tmp/login/config.json",
  HELM_REGISTRY_CONFIG: "/tmp/login/config.json",
  REGCTL_CONFIG: "/tmp/login/regctl.json",
  COSIGN_PASSWORD: "",
};

export async function rightsRegistry(id: string, port: number): Promise<RightsRegistry> {
  const machine = await createConsumerMachine(id);
  let stack: InfraStack | undefined;
  let outputs: Record<string, unknown> = {};
  const must = async (text: string, ...args: string[]) => {
    const result = await machine.exec(["sh", "-euc", text, "sh", ...args], { env: ENVIRONMENT });
    assert.equal(result.status, 0, `${text}: ${result.stdout}${result.stderr}`);
  };
  const remove = async () => {
    await machine.destroy();
    await stack?.remove();
  };
  const use = async (front: RightsFront) => {
    stack?.configure(config(front, port, machine));
    stack ??= await infraStack(id, config(front, port, machine));
    outputs = await stack.up();
    const isExternal = front.startsWith("external");
    await machine.pointNames([name], isExternal ? machine.address : machine.hostAddress);
    if (isExternal) await balance(machine, outputs);
    const installed = await machine.exec(["sh", "-s", "--", "--for", "docker,podman,containerd,buildkit"], {
      input: String(outputs.installScript),
    });
    assert.equal(installed.status, 0, installed.stdout + installed.stderr);
    await writeOn(machine, "/tmp/ca.crt", isExternal ? chain.rootPem : String(outputs.caCertificate));
    // The logins of the script would be those of whoever shall have none.
    await must("rm -rf /root/.docker /root/.config/containers");
  };
  try {
    await must(`mkdir -p /etc/buildkit /tmp/login
for image in tiny other; do
  echo $image >/tmp/content
  tar -C /tmp -cf - content | docker import - localhost/tiny:1
  docker save --output /tmp/$image.tar localhost/tiny:1
  docker rmi localhost/tiny:1
done`);
    await machine.loadImage(proxyImage);
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    machine,
    use,
    get endpoint() {
      return String(outputs.endpoint);
    },
    get passwords() {
      return outputs.credentials as Record<string, string>;
    },
    run(text, as, args, input) {
      const { endpoint, credentials } = outputs as { endpoint: string; credentials: Record<string, string> };
      const login = as === "wrong" ? "alice:wrong" : `${as}:${credentials[as]}`;
      const auth = { auth: Buffer.from(login).toString("base64") };
      const auths = as === "nobody" ? {} : { [endpoint]: auth };
      const prepared = `rm -rf /tmp/login/*
printf %s "$LOGIN_FILE" >/tmp/login/config.json
${text}`;
      return machine.exec(["sh", "-euc", prepared, "sh", ...args], {
        env: { ...ENVIRONMENT, LOGIN_FILE: JSON.stringify({ auths }) },
        input,
      });
    },
    remove,
  };
}

function config(front: RightsFront, port: number, { hostAddress, address }: ConsumerMachine) {
  const all = { hostnames: [name], port, bindAddress: hostAddress, ...rights };
  if (front === "nginx") return { ...all, proxyImage };
  if (front === "waf") return { ...all, front, proxyImage: wafImage };
  const encrypted = front === "external";
  const external = { trustedAddresses: [address], caCertificatePem: chain.rootPem, encrypted };
  return { ...all, proxyImage, front: "external", external };
}

/** Somebody's nginx with the snippet that the stack gives. */
async function balance(machine: ConsumerMachine, outputs: Record<string, unknown>): Promise<void> {
  const { nginx = "", upstreamCaCertificate = "" } = outputs.frontSnippets as Record<string, string>;
  const files = {
    "nginx.conf": nginxConf(nginx),
    "registry.crt": chain.certificatePem,
    "registry.key": chain.privateKeyPem,
    "private-registry-upstream-ca.crt": upstreamCaCertificate,
  };
  await startLoadBalancer(machine, { kind: "nginx", files }, proxyImage);
}
