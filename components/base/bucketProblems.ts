import isURL from "validator/lib/isURL";
import { given, quoted } from "./values";

/** Where something is in an object store that speaks S3. */
export interface BucketPlace {
  readonly endpoint?: string;
  readonly bucket: string;
  readonly folder?: string;
  readonly region?: string;
}

/** Problems of a place in an object store. */
export function bucketProblems(
  { endpoint, bucket, folder, region }: BucketPlace,
  argument: string,
): string[] {
  return [
    ...given(endpoint, (value) =>
      isStore(value)
        ? []
        : [
            `${argument}.endpoint: ${quoted(value)} is no URL of a store; write one such as "https://s3.example.com"`,
          ],
    ),
    ...(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)
      ? []
      : [`${argument}.bucket: ${quoted(bucket)} is no name of a bucket; write 3 to 63 of a-z, 0-9, . and -`]),
    ...given(folder, (value) =>
      /^(?!\.\.?(?:\/|$))[\w.-]+(?:\/(?!\.\.?(?:\/|$))[\w.-]+)*$/.test(value)
        ? []
        : [`${argument}.folder: ${quoted(value)} is no folder of a bucket; write one such as "registry"`],
    ),
    ...given(region, (value) =>
      /^[\w-]+$/.test(value)
        ? []
        : [`${argument}.region: ${quoted(value)} is no region; write one such as "eu-central-1"`],
    ),
  ];
}

function isStore(endpoint: string): boolean {
  return isURL(endpoint, {
    protocols: ["http", "https"],
    require_protocol: true,
    require_tld: false,
    allow_query_components: false,
    allow_fragments: false,
    disallow_auth: true,
  });
}
