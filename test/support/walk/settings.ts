import { Front, type UserArgs } from "../../../components";
import { ofProxy, ofTls } from "../../../components/fronts/frontKind";
import { frontKind } from "../../../components/fronts/fronts";
import { ownKeys } from "../../../infra/keysBeside";
import type { StackConfig } from "../../../tools/stackFile";
import { variants } from "./machine";

/** The stack file: settings, and the keys beside them. */
export type Settings = StackConfig;

export const fronts = Object.values(Front);

/** Of every walk: its password stays, so that one login is good all the time. */
export const walker = { name: "walk", password: "the password of walk" };

export const frontOf = ({ front }: Settings) => fronts.find((word) => word === front) ?? Front.Nginx;
const kindOf = (settings: Settings) => frontKind(frontOf(settings));
export const hasProxy = (settings: Settings) => kindOf(settings).proxy !== undefined;
export const hasTls = (settings: Settings) => kindOf(settings).hasTls;
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

/** What the front does not accept, and the keys beside it. */
function notAccepted(settings: Settings): string[] {
  const { accepts } = kindOf(settings);
  const refused = ([...ofProxy, ...ofTls, "external", "waf"] as const).filter(
    (name) => !accepts.includes(name),
  );
  const keys: { readonly [argument: string]: string } = ownKeys;
  return refused.flatMap((name) => [name, keys[name] ?? name]);
}

/** Takes out what the front does not accept, as a user would, and says whom an external one trusts. */
export function fitted(settings: Settings, hostAddress: string): Settings {
  const front = frontOf(settings);
  const hasOwn = settings.ownCertificate !== undefined && hasTls(settings);
  const names = Array.isArray(settings.hostnames) ? settings.hostnames : [];
  const image = front === Front.Waf ? variants.waf : variants.nginx;
  return {
    ...without(settings, [
      ...notAccepted(settings),
      ...(front === Front.External ? ["requireClientCertificates"] : []),
      ...(hasOwn ? ["extraSans"] : []),
    ]),
    ...(front === Front.External && { external: { trustedAddresses: [hostAddress] } }),
    // The certificate of one's own has one name.
    ...(hasOwn && { hostnames: names.slice(0, 1) }),
    ...(hasProxy(settings) && settings.proxyImage !== undefined && { proxyImage: image }),
  };
}
