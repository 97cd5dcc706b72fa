export { AcmeCertificate, type AcmeCertificateArgs } from "./acmeCertificate";
export type {
  AcmeArgs,
  AcmeServerArgs,
  CertificateArgs,
  DirectAccessArgs,
  ExternalFrontArgs,
  LogRotationArgs,
  OwnAuthorityArgs,
  OwnCertificateArgs,
  RegistryOptionsArgs,
  RequestLimitArgs,
  ResourceArgs,
  StorageArgs,
  UserArgs,
  WafArgs,
} from "./args";
export { CertificateAuthority, type CertificateAuthorityArgs } from "./certificateAuthority";
export { ClientCertificates, type ClientCertificatesArgs } from "./clientCertificates";
export type { ClientBundle, ClientCertificate } from "./consumer/client";
export { Credentials, type CredentialsArgs } from "./credentials";
export {
  CertificateSource,
  DescriptorCache,
  Front,
  KeyAlgorithm,
  LogFormat,
  LogLevel,
  RegistryDialect,
} from "./enums";
export type { Labels } from "./identity";
export { PrivateRegistry } from "./privateRegistry";
export type { PrivateRegistryArgs } from "./privateRegistryArgs";
export {
  type RegistryAuth,
  RegistryConsumer,
  type RegistryConsumerArgs,
  registryOutputs,
} from "./registryConsumer";
export { RegistryProxy, type RegistryProxyArgs } from "./registryProxy";
export { RegistryServer, type RegistryServerArgs } from "./registryServer";
export type { RegistryOverrides } from "./render/registryOverrides";
export { ServerCertificate, type ServerCertificateArgs } from "./serverCertificate";
