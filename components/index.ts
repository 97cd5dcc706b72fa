export {
  AccessAction,
  type AccessRuleArgs,
  type AccessUserArgs,
  type ImmutableTagsArgs,
} from "./access/args";
export type {
  BackupArgs,
  BackupKeepArgs,
  RegistryBackupArgs,
  S3TargetArgs,
  SftpTargetArgs,
} from "./backup/args";
export { RegistryBackup } from "./backup/registryBackup";
export { AcmeCertificate } from "./certificates/acme/acmeCertificate";
export type { AcmeArgs, AcmeCertificateArgs, AcmeServerArgs } from "./certificates/acme/args";
export type { CertificateArgs, OwnAuthorityArgs, OwnCertificateArgs } from "./certificates/args";
export {
  type CertificateAuthorityArgs,
  CertificateSource,
  type ClientCertificatesArgs,
  KeyAlgorithm,
  type ServerCertificateArgs,
} from "./certificates/args";
export { CertificateAuthority } from "./certificates/certificateAuthority";
export { ClientCertificates } from "./certificates/clientCertificates";
export { ServerCertificate } from "./certificates/serverCertificate";
export type { ClientBundle, ClientCertificate } from "./clients/kinds/client";
export {
  type RegistryAuth,
  RegistryConsumer,
  type RegistryConsumerArgs,
  registryOutputs,
} from "./clients/registryConsumer";
export type { RegistryClusterArgs } from "./cluster/args";
export { RegistryCluster } from "./cluster/registryCluster";
export type { LogRotationArgs, ResourceArgs } from "./docker/args";
export type { Labels } from "./docker/identity";
export type { ExternalFrontArgs } from "./fronts/args";
export { Front } from "./fronts/args";
export type { KeeperArgs, RegistryKeeperArgs } from "./keeper/args";
export type { DiskGuardArgs, QuotaArgs } from "./keeper/guardArgs";
export { RegistryKeeper } from "./keeper/registryKeeper";
export type { RetentionRuleArgs } from "./keeper/retentionArgs";
export type { OutgoingArgs } from "./outgoing/args";
export { PrivateRegistry } from "./privateRegistry";
export type { PrivateRegistryArgs } from "./privateRegistryArgs";
export type { BlobCacheArgs, RegistryProxyArgs, RequestLimitArgs } from "./proxy/args";
export { RegistryProxy } from "./proxy/registryProxy";
export type { WafArgs } from "./proxy/waf/args";
export type { DirectAccessArgs, RegistryOptionsArgs, RegistryOverrides } from "./registry/args";
export {
  DescriptorCache,
  LogFormat,
  LogLevel,
  RegistryDialect,
  type RegistryServerArgs,
} from "./registry/args";
export { RegistryServer } from "./registry/registryServer";
export type { S3StorageArgs, StorageArgs } from "./registry/storageArgs";
export type { CredentialsArgs, UserArgs } from "./users/args";
export { Credentials } from "./users/credentials";
export type { LogArgs, MetricsArgs } from "./watch/args";
