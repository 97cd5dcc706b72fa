import { bucketProblems } from "../base/bucketProblems";
import { given, hasControlCharacter, isTextMap, quoted } from "../base/values";
import type { RegistryOverrides } from "./args";
import { RegistryDialect } from "./args";
import type { S3StorageArgs, StorageArgs } from "./storageArgs";

/** Shortest key that signs the state of uploads, in characters. */
const SHORTEST_HTTP_SECRET = 32;

/** Problems of a bucket for the images, and of what is given beside it. */
export function s3Problems(s3: S3StorageArgs, argument: string): string[] {
  const { endpoint, region, accessKey, secretKey, credentialsFile } = s3;
  const hasKey = accessKey !== undefined || secretKey !== undefined;
  return [
    ...bucketProblems(s3, argument),
    ...(endpoint === undefined && region === undefined
      ? [
          `${argument}.region: is missing; write the bucket's, such as "eu-central-1", or the endpoint of another store than Amazon's`,
        ]
      : []),
    ...(hasKey && accessKey === undefined
      ? [`${argument}.accessKey: is missing; write the name of the key that secretKey belongs to`]
      : []),
    ...(hasKey && secretKey === undefined
      ? [`${argument}.secretKey: is missing; give the secret of that access key`]
      : []),
    ...(hasKey && credentialsFile !== undefined
      ? [`${argument}: has both accessKey and credentialsFile; leave one of them out`]
      : []),
    ...given(credentialsFile, (path) =>
      /^\/[^:\p{Cc}]+$/u.test(path) && !path.split("/").includes("..")
        ? []
        : [
            `${argument}.credentialsFile: ${quoted(path)} is no absolute path of a file; write one such as "/etc/registry/s3-key"`,
          ],
    ),
  ];
}

/** What does not go with a bucket. */
export interface BesideBucket {
  readonly storage?: StorageArgs;
  readonly dialect: RegistryDialect;
  readonly overrides: RegistryOverrides;
  readonly keepDataOnDestroy?: boolean;
}

/** Problems of what is given beside a bucket. */
export function besideBucketProblems(
  { storage = {}, dialect, overrides, keepDataOnDestroy }: BesideBucket,
  overridesName: string,
): string[] {
  const { s3 } = storage;
  if (s3 === undefined) return [];
  const places = (["volumeName", "hostPath", "takeOwnership"] as const).filter((name) => storage[name]);
  return [
    ...places.map(
      (name) => `storage.${name}: is about a disk, and storage.s3 about a bucket; leave one of them out`,
    ),
    ...(isTextMap(overrides) && overrides.storage !== undefined
      ? [
          `${overridesName}.storage: is given beside storage.s3, which writes that section; take one of them out`,
        ]
      : []),
    ...(keepDataOnDestroy === false
      ? ["keepDataOnDestroy: is false, and nothing ever deletes a bucket; leave it out"]
      : []),
    ...(dialect === RegistryDialect.V2 && s3.endpoint !== undefined && s3.pathStyle === false
      ? [
          'storage.s3.pathStyle: is false, which registry 2 cannot with an endpoint; leave it out, or write "v3" in dialect',
        ]
      : []),
  ];
}

/** Problems of a key, once it is known. The secret is never shown. */
export function knownKeyProblems(
  { accessKey, secretKey }: { readonly accessKey?: string; readonly secretKey?: string },
  argument = "storage.s3",
): string[] {
  return [
    ...given(accessKey, (name) =>
      name === "" || hasControlCharacter(name)
        ? [`${argument}.accessKey: ${quoted(name)} is no access key; write the one that the store has shown`]
        : [],
    ),
    ...given(secretKey, (secret) =>
      secret === "" || hasControlCharacter(secret)
        ? [
            `${argument}.secretKey: is empty or has a control character in it; give the secret of that access key`,
          ]
        : [],
    ),
  ];
}

/** Problems of the key that signs the state of uploads, once it is known. */
export function httpSecretProblems(secret: string, argument = "registry.httpSecret"): string[] {
  return secret.length < SHORTEST_HTTP_SECRET || hasControlCharacter(secret)
    ? [
        `${argument}: has ${secret.length} characters, or a control character in it; write ${SHORTEST_HTTP_SECRET} or more, as openssl rand -hex 32 makes them`,
      ]
    : [];
}
