/** Everything that the registry must know of a bucket. */
export interface S3Settings {
  readonly bucket: string;
  readonly endpoint?: string;
  readonly folder?: string;
  readonly region?: string;
  /** None of both: the registry looks for a key as Amazon's own programs do. */
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly pathStyle: boolean;
  readonly redirect: boolean;
}

/** Its part of `storage` in config.yml: the driver of registry 2.8 and 3, and whether clients are sent to the store. */
export function s3Storage({ bucket, endpoint, folder, region, ...settings }: S3Settings) {
  const { accessKey, secretKey, pathStyle, redirect } = settings;
  return {
    s3: {
      bucket,
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { regionendpoint: endpoint.replace(/\/+$/, "") }),
      ...(folder !== undefined && { rootdirectory: `/${folder}` }),
      ...(accessKey !== undefined && { accesskey: accessKey }),
      ...(secretKey !== undefined && { secretkey: secretKey }),
      forcepathstyle: pathStyle,
    },
    redirect: { disable: !redirect },
  };
}
