import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { contentHash } from "../../base/contentHash";
import type { Identity } from "../../docker/identity";
import { acmePaths } from "../../docker/paths";
import { encoded, type Files, filesLoader } from "../../docker/uploads";
import { outgoingFiles } from "../../outgoing/outgoingFiles";
import type { ResolvedAcmeCertificate } from "./defaults";

/** What the renewer is given as files, because of the secrets among it. */
export interface FilesGiven {
  /** Name of their folder; empty where there are none. */
  readonly folder: pulumi.Output<string>;
  /** What puts them there. */
  readonly loaders: docker.Container[];
}

/** Puts an external account binding, and how to reach the server, into the account's volume. */
export function filesGiven(
  name: string,
  named: Identity,
  { eabKeyId, eabHmacKey, outgoing, image, logRotation }: ResolvedAcmeCertificate,
  volume: docker.types.input.ContainerVolume,
  parent: pulumi.Resource,
): FilesGiven {
  if ((eabKeyId ?? outgoing.proxy ?? outgoing.caCertificatesPem) === undefined) {
    return { folder: pulumi.output(""), loaders: [] };
  }
  const files = pulumi.all([pulumi.secret(eabHmacKey), outgoingFiles(outgoing)]).apply(
    ([key, ofOutgoing]): Files => ({
      ...ofOutgoing,
      ...(eabKeyId !== undefined &&
        key !== undefined && { keyId: encoded(eabKeyId), hmacKey: encoded(base64Url(key)) }),
    }),
  );
  // Not a hash of the files: everybody who may ask Docker sees it, and a password could be tried against it.
  const keepers = { content: files.apply(contentHash) };
  const generation = new random.RandomId(`${name}-generation`, { byteLength: 8, keepers }, { parent });
  const folder = pulumi.unsecret(generation.hex);
  const loading = { image, volume, files, logRotation };
  const path = pulumi.interpolate`${acmePaths.givenPath}/${folder}`;
  const loader = filesLoader(
    `${name}-files`,
    { ...named.loader("acme-files"), ...loading, folder: path },
    { parent },
  );
  return { folder, loaders: [loader] };
}

/** Base64 as ACME has it: RFC 4648, section 5, without padding. */
function base64Url(base64: string): string {
  return base64.trim().replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
