import { issuedByIntermediate, selfSigned } from "../certificates";
import { change, type Kind, values } from "./kind";
import { frontOf, hasTls, type Settings } from "./settings";
import type { World } from "./world";

const ownKeys = ["ownCertificate", "ownPrivateKeyPem"];
const authorityKeys = ["ownAuthority", "ownAuthorityPrivateKeyPem"];
const hasAny = ({ settings }: World, keys: readonly string[]) =>
  keys.some((key) => settings[key] !== undefined);
const withTls = (world: World) => hasTls(world.settings);
const isGenerated = (world: World) => withTls(world) && !hasAny(world, [...ownKeys, ...authorityKeys]);
const certificateOf = ({ certificate }: Settings) =>
  typeof certificate === "object" && certificate !== null ? certificate : {};

/** One part of `certificate`, with the others as they are. */
function certificatePart(key: string, all: readonly (string | number)[]): Kind {
  return change(
    `certificate.${key}`,
    (world, random) => {
      const now = JSON.stringify(world.settings.certificate ?? {});
      const value = random.pick(all.filter((each) => !now.includes(`"${key}":${JSON.stringify(each)}`)));
      world.set({ certificate: { ...certificateOf(world.settings), [key]: value } });
      return String(value);
    },
    { fits: isGenerated },
  );
}

/** Where the certificate comes from, what is in it, and whom clients and server trust. */
export const certificateKinds: readonly Kind[] = [
  values("extraSans", [["extra.test"], ["*.wild.test", "198.51.100.250"], undefined], {
    fits: (world) => withTls(world) && !hasAny(world, ownKeys),
  }),
  certificatePart("validityDays", [100, 200, 300]),
  certificatePart("keyAlgorithm", ["ecdsa-p256", "rsa-2048", "ecdsa-p384"]),
  certificatePart("organization", ["Example Ltd", "Sample Inc"]),
  change(
    "own certificate",
    (world) => {
      const had = hasAny(world, ownKeys);
      if (had) {
        world.unset(...ownKeys);
        return "left out";
      }
      const { certificatePem, privateKeyPem } = selfSigned(world.machine.address);
      world.unset(...authorityKeys, "caGeneration", "caRetiredGeneration", "certificate");
      world.set({
        ownCertificate: { certificatePem, caCertificatePem: certificatePem },
        ownPrivateKeyPem: privateKeyPem,
      });
      return "given";
    },
    { fits: withTls },
  ),
  change(
    "own authority",
    (world) => {
      if (hasAny(world, authorityKeys)) {
        world.unset(...authorityKeys);
        return "left out";
      }
      const { certificatePem, intermediateKeyPem, rootPem } = issuedByIntermediate("registry.test");
      world.unset(...ownKeys, "caGeneration", "caRetiredGeneration");
      const intermediate = certificatePem.slice(certificatePem.lastIndexOf("-----BEGIN"));
      world.set({
        ownAuthority: { certificatePem: intermediate, rootPem },
        ownAuthorityPrivateKeyPem: intermediateKeyPem,
      });
      return "given";
    },
    { fits: withTls },
  ),
  change(
    "caGeneration",
    (world) => {
      const next = Number(world.settings.caGeneration ?? 1) + 1;
      world.set({ caGeneration: next });
      return String(next);
    },
    { fits: isGenerated },
  ),
  change(
    "caRetiredGeneration",
    (world) => {
      const retired = Number(world.settings.caGeneration ?? 1) - 1;
      world.set({ caRetiredGeneration: retired });
      return String(retired);
    },
    {
      fits: (world) =>
        isGenerated(world) &&
        Number(world.settings.caGeneration ?? 1) > 1 + Number(world.settings.caRetiredGeneration ?? 0),
    },
  ),
  values("keepGeneratedAuthority", [true, undefined], {
    fits: (world) => withTls(world) && !isGenerated(world),
  }),
  values("requireClientCertificates", [true, undefined], {
    fits: (world) => withTls(world) && frontOf(world.settings) !== "external",
  }),
  change(
    "extraCaCertificatesPem",
    (world) => {
      const had = world.settings.extraCaCertificatesPem !== undefined;
      if (had) world.unset("extraCaCertificatesPem");
      else world.set({ extraCaCertificatesPem: selfSigned("next-authority.test").certificatePem });
      return had ? "left out" : "given";
    },
    { fits: withTls },
  ),
];
