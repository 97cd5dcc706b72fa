import type { PrivateRegistryArgs } from "../privateRegistryArgs";
import type { BlobCacheArgs } from "../proxy/args";

export interface RegistryClusterArgs
  extends Pick<
    PrivateRegistryArgs,
    | "hostnames"
    | "port"
    | "extraSans"
    | "users"
    | "access"
    | "immutableTags"
    | "clientUser"
    | "installScriptUsers"
    | "clientAddress"
    | "certificateSource"
    | "certificate"
    | "caGeneration"
    | "caRetiredGeneration"
    | "ownAuthority"
    | "ownCertificate"
    | "keepGeneratedAuthority"
    | "requireClientCertificates"
    | "extraCaCertificatesPem"
    | "storage"
    | "registry"
    | "registryConfigOverrides"
    | "outgoing"
    | "waf"
    | "proxySnippet"
    | "page"
    | "limits"
    | "log"
    | "metrics"
    | "realm"
    | "logRotation"
    | "timeZone"
    | "registryImage"
    | "proxyImage"
    | "registryResources"
    | "proxyResources"
    | "labels"
  > {
  readonly nodes: number;
  readonly blobCache?: BlobCacheArgs;
}
