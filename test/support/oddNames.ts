/** Repositories that are legal and look like what rules search for. */
export const repositories = [
  "app",
  "a/b/c/d/e/f/g/h",
  "a.b_c__d-e--f/x",
  "etc/passwd",
  "bin/bash",
  "select/from/union",
  "docker.io/library/nginx",
  "site/wp-config.php",
  "cmd.exe/web.config",
  "app/node_modules/package.json",
];

/** Legal tags that look like files, some of them secret. */
export const tags = [
  "1.0.bak",
  "x.config",
  "latest",
  "1..2",
  "_x",
  "V1.0.0-rc.1",
  "web.config",
  "dump.sql",
  "id_rsa.key",
  "settings.php",
  "Dockerfile",
  "a".repeat(128),
];

/** How clients name themselves; the last not at all. */
export const agents = [
  "docker/28.3.2 go/go1.24.5 git-commit/e77ff99 kernel/6.8.0-64-generic os/linux arch/amd64 containerd-client/2.1.3 storage-driver/overlayfs UpstreamClient(Docker-Client/28.3.2 \\(linux\\))",
  "containers/5.33.1 (github.com/containers/image)",
  "containerd/v2.1.3",
  "buildkit/v0.23",
  "Go-http-client/1.1",
  "oras/1.2.3+Homebrew",
  "Helm/3.18.4",
  "crane/0.20.6 go-containerregistry/0.20.6",
  "cosign/v2.5.3 (linux; amd64) go-containerregistry/v0.20.6",
  "regclient/regctl (v0.9.0)",
  "Trivy/0.64.1 (linux) go-containerregistry",
  "jib 3.4.6 jib-maven-plugin Google-HTTP-Java-Client/1.47.1 (gzip)",
  "Nexus/3.82.0-08 (PRO; Linux; 6.8.0; amd64; 17.0.15)",
  "harbor-registry-client",
  "kaniko/v1.24.0",
  "curl/8.14.1",
  "python-requests/2.32.4",
  "Wget/1.25.0",
  "",
];

/** Annotations as signing, packaging and build tools write them. */
export const annotations = {
  "org.opencontainers.image.source": "http://192.168.1.10:3000/team/app.git",
  "org.opencontainers.image.description": `Fast & "small": selects from tables, drops <nothing>; it's 100% done - see https://example.com/?a=1&b=2`,
  "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
  "org.opencontainers.image.licenses": "(MIT OR Apache-2.0) AND BSD-3-Clause",
  "org.opencontainers.image.title": "../charts/app.tgz",
  "org.opencontainers.image.base.name": "docker.io/library/alpine:3.22",
  "dev.cosignproject.cosign/signature": "MEUCIQDxZm9vYmFyL2Jheis9PT0CIB/k9+fQn1x8r/3jAaJ7Y2q+8c0B7TZkQ0w==",
  "dev.sigstore.cosign/certificate":
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ\n-----END CERTIFICATE-----\n",
  "dev.sigstore.cosign/bundle":
    '{"SignedEntryTimestamp":"MEQCIA==","Payload":{"body":"eyJhcGlWZXJzaW9uIjoiMC4wLjEifQ==","integratedTime":1700000000,"logIndex":1,"logID":"c0d2"}}',
  "com.example.command": "sh -c 'curl -fsSL https://example.com/install.sh | sh && rm -rf /tmp/x'",
  "io.artifacthub.package.maintainers": '[{"name":"A. B.","email":"a.b@example.com"}]',
};

/** Repositories that are legal and have words of the API in their names. */
export const misleadingRepositories = [
  "blobs",
  "uploads",
  "manifests",
  "tags",
  "list",
  "v2/v2",
  "blobs/uploads",
  "tags/list",
  "manifests/latest",
  "x/blobs/uploads",
  "x/blobs/uploads/app",
  "x/manifests/latest",
  "x/tags/list",
  "manifests/blobs/uploads/tags/list",
  "blobs/sha256",
  "x/blobs/uploads/0f8fad5b-d9cb-469f-a165-70867728950e",
  "a_b/a__b/a--b/a.b",
  "0/1-2/list.uploads_tags",
];
