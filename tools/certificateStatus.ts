import { X509Certificate } from "node:crypto";
import { isIPv6 } from "node:net";
import { connect } from "node:tls";
import { renewerRole } from "../components/docker/roles";
import { duration, type Inspected, instanceOf, roleOf } from "./containers";
import type { Snapshot } from "./state";

/** Where a registry is reached, as far as this machine can tell. */
export interface Door {
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  /** Whether the Docker host is this machine, so that nothing else can stand between. */
  readonly isHere: boolean;
}

/** The addresses of a machine to itself, and the ones that stand for all it has. */
const loopback = /^(?:localhost|127\.[\d.]+|\[::1\])$/;
const everywhere = ["", "0.0.0.0", "::"];

/** The published port of each registry among the containers; `dockerHost` is what DOCKER_HOST says. */
export function doors(containers: readonly Inspected[], dockerHost = ""): Door[] {
  // Of unix:///... nothing is left, and then the Docker host is this machine.
  const machine = /^(?:ssh|tcp|https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(dockerHost)?.[1];
  const isHere = machine === undefined || loopback.test(machine);
  return containers
    .filter((container) => roleOf(container) !== renewerRole)
    .flatMap((container) => {
      const bindings = Object.values(container.NetworkSettings.Ports ?? {}).flatMap((each) => each ?? []);
      const binding = bindings.find(({ HostIp }) => HostIp !== "::") ?? bindings[0];
      if (binding === undefined) return [];
      const { HostIp, HostPort } = binding;
      // Docker takes :: for the addresses of IPv6 alone.
      const own = HostIp === "::" ? "::1" : "127.0.0.1";
      const host = everywhere.includes(HostIp) ? (machine ?? own) : HostIp;
      return [
        {
          ...{ instance: instanceOf(container), isHere },
          ...{ host: host.replace(/[[\]]/g, ""), port: Number(HostPort) },
        },
      ];
    });
}

/** The renewer of an instance, if its certificate comes from an ACME server. */
export function renewerOf(containers: readonly Inspected[], instance: string): Inspected | undefined {
  return containers.find(
    (container) => roleOf(container) === renewerRole && instanceOf(container) === instance,
  );
}

/**
 * The certificate that the state says an instance serves; undefined if it says none, or keeps it as a secret. A
 * proxy has it as an argument, and a registry without proxy in another one.
 */
export function declaredCertificate(
  snapshot: Snapshot | undefined,
  instance: string,
): X509Certificate | undefined {
  for (const { type, inputs } of snapshot?.resources ?? []) {
    if (!type.startsWith("private-registry:index:") || inputs?.instance !== instance) continue;
    const pem = inputs.certificateChainPem ?? chainIn(inputs.direct);
    if (typeof pem === "string") return new X509Certificate(pem);
  }
  return undefined;
}

/** The certificate that is served there, whoever issued it. Fails with the system's or OpenSSL's own error. */
export function presentedCertificate(
  { host, port }: Pick<Door, "host" | "port">,
  name?: string,
): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    // Nothing is sent but the handshake; that nobody vouches for it is shown elsewhere.
    const options = { host, port, servername: name, rejectUnauthorized: false, timeout: 5000 };
    const socket = connect(options, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw));
      socket.destroy();
    });
    socket.on("timeout", () => socket.destroy(new Error("no answer within 5 s")));
    socket.on("error", reject);
  });
}

/**
 * What is said of a door at which no certificate could be read, and whether that is well. From another machine a firewall may
 * be in between; on this one somebody must answer, if only by an alert that refuses us.
 */
export function unreadLine({ host, port, isHere }: Door, { code, message }: NodeJS.ErrnoException) {
  const place = `${isIPv6(host) ? `[${host}]` : host}:${port} (${message.trim()})`;
  const answers = code?.startsWith("ERR_SSL_") && code.includes("ALERT");
  return !isHere || answers
    ? { text: `cannot be read at ${place}`, well: true }
    : { text: `NOBODY ANSWERS as a registry at ${place}`, well: false };
}

/** What is wrong or right with a served certificate, in one line, and whether it is well. */
export function certificateLine(
  served: X509Certificate,
  declared: X509Certificate | undefined,
  now: Date,
): { readonly text: string; readonly well: boolean } {
  const left = Date.parse(served.validTo) - now.getTime();
  const life = left < 0 ? `OVER for ${duration(-left)}` : `${duration(left)} left`;
  const end = `ends ${ofMinute(served)}, ${life}`;
  if (declared === undefined) return { text: end, well: left >= 0 };
  const isDeclared = served.fingerprint256 === declared.fingerprint256;
  return {
    text: isDeclared
      ? `${end}, as declared`
      : `${end}, and is NOT the declared one, which ends ${ofMinute(declared)}`,
    well: left >= 0 && isDeclared,
  };
}

function ofMinute({ validTo }: X509Certificate): string {
  return `${new Date(validTo).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function chainIn(direct: unknown): unknown {
  return typeof direct === "object" && direct !== null && "certificateChainPem" in direct
    ? direct.certificateChainPem
    : undefined;
}
