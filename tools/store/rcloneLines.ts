import { assignments } from "../../components/base/shellScript";
import { isTextMap } from "../../components/base/values";
import type { S3Settings } from "../../components/registry/s3Config";

/**
 * Lines for a shell by which rclone knows a bucket as `STORE:`, and the folder of the images there as `$IMAGES`.
 *
 * @param authorities PEM of further authorities. Defaults to those that the container trusts.
 */
export function rcloneLines(s3: S3Settings, authorities?: string): string {
  const { accessKey, secretKey } = s3;
  const named = {
    TYPE: "s3",
    PROVIDER: s3.endpoint === undefined ? "AWS" : "Other",
    ...(s3.endpoint !== undefined && { ENDPOINT: s3.endpoint }),
    ...(s3.region !== undefined && { REGION: s3.region }),
    ...(accessKey !== undefined && { ACCESS_KEY_ID: accessKey }),
    ...(secretKey !== undefined && { SECRET_ACCESS_KEY: secretKey }),
    ENV_AUTH: String(accessKey === undefined),
    FORCE_PATH_STYLE: String(s3.pathStyle),
    // The bucket must be there, and the key need not be one that may make it.
    NO_CHECK_BUCKET: "true",
  };
  const variables = Object.fromEntries(
    Object.entries(named).map(([name, value]) => [`RCLONE_CONFIG_STORE_${name}`, value]),
  );
  const root = s3.folder === undefined ? s3.bucket : `${s3.bucket}/${s3.folder}`;
  const own = { ROOT: `STORE:${root}`, ...(authorities !== undefined && { AUTHORITIES: authorities }) };
  return `${assignments({ ...variables, ...own })}\nexport ${Object.keys(variables).join(" ")}\n`;
}

/** What `rclone size --json` has counted. */
export function sizeIn(text: string): { readonly count: number; readonly bytes: number } {
  const said: unknown = JSON.parse(text);
  const number = (name: string) => {
    const value = isTextMap(said) ? said[name] : undefined;
    return typeof value === "number" ? value : 0;
  };
  return { count: number("count"), bytes: number("bytes") };
}
