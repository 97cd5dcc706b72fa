export { AcmeCertificate } from "./acmeCertificate";
export { CertificateAuthority } from "./certificateAuthority";
export type { AcmeArgs, AcmeCertificateArgs, AcmeServerArgs } from "./certificates/acme/args";
export type { CertificateArgs, OwnAuthorityArgs, OwnCertificateArgs } from "./certificates/args";
export {
  type CertificateAuthorityArgs,
  CertificateSource,
  type ClientCertificatesArgs,
  KeyAlgorithm,
  type ServerCertificateArgs,
} from "./certificates/args";
export { ClientCertificates } from "./clientCertificates";
export type { ClientBundle, ClientCertificate } from "./consumer/client";
export { Credentials } from "./credentials";
export type { LogRotationArgs, ResourceArgs } from "./docker/args";
export type { ExternalFrontArgs } from "./fronts/args";
export { Front } from "./fronts/args";
export type { Labels } from "./identity";
export { PrivateRegistry } from "./privateRegistry";
export type { PrivateRegistryArgs } from "./privateRegistryArgs";
export type { RegistryProxyArgs, RequestLimitArgs } from "./proxy/args";
export type { WafArgs } from "./proxy/waf/args";
export type { DirectAccessArgs, RegistryOptionsArgs, RegistryOverrides, StorageArgs } from "./registry/args";
export {
  DescriptorCache,
  LogFormat,
  LogLevel,
  RegistryDialect,
  type RegistryServerArgs,
} from "./registry/args";
export {
  type RegistryAuth,
  RegistryConsumer,
  type RegistryConsumerArgs,
  registryOutputs,
} from "./registryConsumer";
export { RegistryProxy } from "./registryProxy";
export { RegistryServer } from "./registryServer";
export { ServerCertificate } from "./serverCertificate";
export type { CredentialsArgs, UserArgs } from "./users/args";
