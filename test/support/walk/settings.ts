import type { UserArgs } from "../../../components";
import type { StackConfig } from "../../../tools/stackFile";
import { variants } from "./machine";

/** The stack file: settings, and the keys beside them. */
export type Settings = StackConfig;

export const fronts = ["nginx", "waf", "direct", "external", "none"] as const;

/** Of every walk: its password stays, so that one login is good all the time. */
export const walker = { name: "walk", password: "the password of walk" };

const ofProxy = ["proxySnippet", "proxyServesBlobs", "limits", "proxyImage", "proxyResources"];
const ofTls = [
  ...["extraSans", "certificate", "caGeneration", "caRetiredGeneration", "keepGeneratedAuthority"],
  ...["ownAuthority", "ownAuthorityPrivateKeyPem", "ownCertificate", "ownPrivateKeyPem"],
  ...["extraCaCertificatesPem", "requireClientCertificates"],
];

export const frontOf = (settings: Settings) => String(settings.front ?? "nginx");
export const hasProxy = (settings: Settings) => !["direct", "none"].includes(frontOf(settings));
export const hasTls = (settings: Settings) => frontOf(settings) !== "none";
export const portOf = (settings: Settings) => Number(settings.port);
export const usersOf = (settings: Settings) => userList(settings).map(({ name }) => name);

/** The same with the generations of their passwords. */
export function userList({ users }: Settings): UserArgs[] {
  return Array.isArray(users) ? users : [];
}

/** Where the images are kept. */
export function placeOf({ storage }: Settings): string {
  const { takeOwnership: _, ...place } =
    typeof storage === "object" && storage !== null
      ? { takeOwnership: false, ...storage }
      : { takeOwnership: false };
  return JSON.stringify(place);
}

/** The first settings of a walk. */
export function firstSettings(address: string, dockerHost: string): Settings {
  return {
    hostnames: [address],
    port: 5443,
    users: [{ name: walker.name }],
    [`password-${walker.name}`]: walker.password,
    dockerHost,
  };
}

export function without(settings: Settings, keys: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !keys.includes(key)));
}

/** Takes out what the front does not accept, as a user would, and says whom an external one trusts. */
export function fitted(settings: Settings, hostAddress: string): Settings {
  const front = frontOf(settings);
  const hasOwn = settings.ownCertificate !== undefined && hasTls(settings);
  const names = Array.isArray(settings.hostnames) ? settings.hostnames : [];
  const image = front === "waf" ? variants.waf : variants.nginx;
  return {
    ...without(settings, [
      ...(hasProxy(settings) ? [] : ofProxy),
      ...(hasTls(settings) ? [] : ofTls),
      ...(front === "external" ? ["requireClientCertificates"] : ["external"]),
      ...(front === "waf" ? [] : ["waf"]),
      ...(hasOwn ? ["extraSans"] : []),
    ]),
    ...(front === "external" && { external: { trustedAddresses: [hostAddress] } }),
    // The certificate of one's own has one name.
    ...(hasOwn && { hostnames: names.slice(0, 1) }),
    ...(hasProxy(settings) && settings.proxyImage !== undefined && { proxyImage: image }),
  };
}
