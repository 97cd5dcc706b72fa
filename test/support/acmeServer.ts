import { spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../tools/shell";
import { selfSigned } from "./certificates";

export interface AcmeServerSettings {
  /** Where it listens, on the first of five ports in a row. */
  readonly address: string;
  readonly firstPort: number;
  /** The address of every name, until `resolveTo` says otherwise. */
  readonly resolvesTo: string;
  /** Life of its certificates in seconds. */
  readonly validitySeconds: number;
  /** Key identifier to HMAC key of the accounts that it takes, and then believes without a challenge. Defaults to all. */
  readonly bindings?: { readonly [keyId: string]: string };
}

/** A real ACME server, Pebble, with a DNS server that knows every name. */
export interface AcmeServer {
  readonly directoryUrl: string;
  /** What its clients must trust. */
  readonly directoryCaPem: string;
  /** The root of its certificates. */
  readonly rootPem: string;
  /** Has every name lead to another address, at which it then looks for the challenge. */
  resolveTo(address: string): Promise<void>;
  stop(): void;
}

export async function startAcmeServer(settings: AcmeServerSettings): Promise<AcmeServer> {
  const { address, firstPort, resolvesTo, validitySeconds, bindings } = settings;
  const [directory, management, dns, dnsManagement] = [0, 1, 2, 3].map((offset) => firstPort + offset);
  const folder = mkdtempSync(join(tmpdir(), "private-registry-acme-"));
  const https = selfSigned(address);
  writeFileSync(join(folder, "server.crt"), https.certificatePem);
  writeFileSync(join(folder, "server.key"), https.privateKeyPem);
  const pebble = {
    listenAddress: `${address}:${directory}`,
    managementListenAddress: `${address}:${management}`,
    certificate: "server.crt",
    privateKey: "server.key",
    httpPort: 80,
    tlsPort: 443,
    certificateValidityPeriod: validitySeconds,
    ...(bindings && { externalAccountBindingRequired: true, externalAccountMACKeys: bindings }),
  };
  writeFileSync(join(folder, "pebble.json"), JSON.stringify({ pebble }));
  const log = openSync(join(folder, "log"), "w");
  const start = (program: string, ...args: string[]) =>
    spawn(program, args, {
      cwd: folder,
      stdio: ["ignore", log, log],
      // Quick, predictable, and every certificate with a challenge of its own.
      env: {
        ...process.env,
        PEBBLE_VA_NOSLEEP: "1",
        PEBBLE_WFE_NONCEREJECT: "0",
        PEBBLE_AUTHZREUSE: "0",
        ...(bindings && { PEBBLE_VA_ALWAYS_VALID: "1" }),
      },
    });
  const off = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
  const servers = [
    start(
      "pebble-challtestsrv",
      ...off,
      ...["-dns01", `127.0.0.1:${dns}`, "-management", `127.0.0.1:${dnsManagement}`],
      ...["-defaultIPv4", resolvesTo],
    ),
    start("pebble", "-config", "pebble.json", "-dnsserver", `127.0.0.1:${dns}`),
  ];
  const stop = () => {
    for (const server of servers) server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  const root = () =>
    answer(
      request({ host: address, port: management, path: "/roots/0", ca: https.certificatePem, agent: false }),
    );
  let rootPem = "";
  try {
    await until("the ACME server answers", async () => {
      rootPem = await root().catch(() => "");
      return rootPem !== "";
    });
  } catch (error) {
    stop();
    throw error;
  }
  return {
    directoryUrl: `https://${address}:${directory}/dir`,
    directoryCaPem: https.certificatePem,
    rootPem,
    async resolveTo(ip) {
      const target = { host: "127.0.0.1", port: dnsManagement, path: "/set-default-ipv4", method: "POST" };
      await answer(plainRequest({ ...target, agent: false }), JSON.stringify({ ip }));
    },
    stop,
  };
}

function answer(outgoing: ReturnType<typeof plainRequest>, body = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    outgoing.end(body);
  });
}
