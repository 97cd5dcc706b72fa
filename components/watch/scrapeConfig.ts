import { yamlText } from "../base/yamlText";

/** What those must know who watch a registry. */
export interface WatchedRegistry {
  /** Host and port, the port also where it is 443: Prometheus names its instances so. */
  readonly address: string;
  readonly hasTls: boolean;
  /** Whether clients must be given its authority. */
  readonly hasOwnAuthority: boolean;
  readonly needsClientCertificate: boolean;
  /** Who reads the figures; nobody where they are read without a login. */
  readonly user?: string;
  /** Whether we serve its certificate. */
  readonly servesCertificate: boolean;
  readonly hasKeeper: boolean;
  /** Per cent of the disk from which on no push begins, and what of space there is is collected. */
  readonly refuseAtPercent: number;
  readonly collectAtPercent: number;
}

/** Folder of what Prometheus needs of a registry. */
const folder = "/etc/prometheus/private-registry";

/** What `scrape_config_files` of prometheus.yml names, or is written into that. No password is in it: it is read from a file. */
export function scrapeConfig(registry: WatchedRegistry): string {
  const { address, hasTls, hasOwnAuthority, needsClientCertificate, user } = registry;
  const tls = {
    ...(hasOwnAuthority && { ca_file: `${folder}/ca.crt` }),
    ...(needsClientCertificate && {
      cert_file: `${folder}/client.cert`,
      key_file: `${folder}/client.key`,
    }),
  };
  const job = {
    job_name: `private-registry ${address}`,
    scheme: hasTls ? "https" : "http",
    metrics_path: "/metrics",
    scrape_interval: "30s",
    static_configs: [{ targets: [address] }],
    ...(Object.keys(tls).length > 0 && { tls_config: tls }),
    ...(user !== undefined && {
      basic_auth: { username: user, password_file: `${folder}/password` },
    }),
  };
  return yamlText({ scrape_configs: [job] });
}
