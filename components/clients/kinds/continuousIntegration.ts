import { shellQuoted } from "../../base/shellScript";
import { buildkitToml } from "./buildkit";
import { certificateFiles, presented } from "./certificates";
import { type ClientBundle, type ClientSettings, registryFileName, stringLiteral } from "./client";
import { dockerCertificates } from "./docker";

/**
 * Steps for a job of GitHub Actions. The password is a secret of the repository, `REGISTRY_PASSWORD`, and so is the
 * key of a client certificate, `REGISTRY_CLIENT_KEY`; neither is in the text.
 */
export function githubActions(settings: ClientSettings): ClientBundle {
  const name = registryFileName(settings);
  const clientCertificate = presented(settings);
  const prepare = [
    ...trustCommands(settings, "sudo ", `printf '%s\\n' "$REGISTRY_CLIENT_KEY"`),
    ...(settings.plainHttp ? [plainHttpCommands(settings)] : []),
  ];
  const inline = buildkitToml(settings).replaceAll("/etc/buildkit/certs.d", dockerCertificates);
  const text = [
    ...(prepare.length > 0 ? ["- name: Trust the registry"] : []),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own syntax
    ...(clientCertificate ? ["  env:", "    REGISTRY_CLIENT_KEY: ${{ secrets.REGISTRY_CLIENT_KEY }}"] : []),
    ...(prepare.length > 0 ? ["  run: |", ...indented(prepare.join("\n"), 4)] : []),
    ...settings.addresses.slice(0, 1).flatMap((address) => [
      "- uses: docker/login-action@v3",
      "  with:",
      `    registry: ${stringLiteral(address)}`,
      `    username: ${stringLiteral(settings.username)}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own syntax
      "    password: ${{ secrets.REGISTRY_PASSWORD }}",
    ]),
    "- uses: docker/setup-buildx-action@v3",
    ...(inline === "" ? [] : ["  with:", "    buildkitd-config-inline: |", ...indented(inline, 6)]),
  ];
  const key = `${name}-client.key`;
  return {
    files: clientCertificate ? { [key]: clientCertificate.privateKeyPem } : {},
    fragments: { [`${name}-github-steps.yaml`]: `${text.join("\n")}\n` },
    commands: [
      "gh secret set REGISTRY_PASSWORD",
      ...(clientCertificate ? [`gh secret set REGISTRY_CLIENT_KEY <${key}`] : []),
    ],
    tested: false,
  };
}

/**
 * A job of GitLab CI with Docker as a service. The password is a masked variable of the project, `REGISTRY_PASSWORD`,
 * and so is the key of a client certificate, `REGISTRY_CLIENT_KEY`; neither is in the text. A masked variable is a
 * single line, so that one is in base64.
 */
export function gitlabCi(settings: ClientSettings): ClientBundle {
  const name = registryFileName(settings);
  const clientCertificate = presented(settings);
  const [registry = ""] = settings.addresses;
  const flags = settings.plainHttp
    ? settings.addresses.map((address) => ` --insecure-registry=${shellQuoted(address)}`)
    : [];
  const daemon = [
    ...trustCommands(settings, "", `printf %s "$REGISTRY_CLIENT_KEY" | base64 -d`),
    `exec dockerd-entrypoint.sh${flags.join("")}`,
  ].join("\n");
  const login = `printf '%s' "$REGISTRY_PASSWORD" | docker login --username ${shellQuoted(settings.username)} --password-stdin ${shellQuoted(registry)}`;
  const text = [
    "push:",
    "  image: docker:28",
    "  variables:",
    "    # To the service without TLS, which is in the pod or network of the job: with it both need a volume of the runner.",
    "    DOCKER_HOST: tcp://docker:2375",
    '    DOCKER_TLS_CERTDIR: ""',
    "  services:",
    "    - name: docker:28-dind",
    "      alias: docker",
    '      entrypoint: ["sh", "-c"]',
    "      command:",
    "        - |",
    ...indented(daemon, 10),
    "  script:",
    "    - for try in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 1; done",
    "    - |",
    ...indented(login, 6),
    `    - docker build --tag ${shellQuoted(`${registry}/team/app:1`)} --push .`,
  ];
  const key = `${name}-client.key`;
  return {
    files: clientCertificate ? { [key]: clientCertificate.privateKeyPem } : {},
    fragments: { [`${name}-gitlab-ci.yaml`]: `${text.join("\n")}\n` },
    commands: clientCertificate ? [`base64 <${key} | tr -d '\\n' # the value of REGISTRY_CLIENT_KEY`] : [],
    tested: false,
  };
}

/** The shell that puts the certificates where Docker looks for them; `printKey` prints the key, which is not in it. */
function trustCommands(settings: ClientSettings, sudo: string, printKey: string): string[] {
  return Object.entries(certificateFiles(dockerCertificates, settings)).flatMap(([path, pem]) => {
    const write = `${sudo}tee ${shellQuoted(path)} >/dev/null`;
    return [
      `${sudo}mkdir -p ${shellQuoted(path.replace(/\/[^/]*$/, ""))}`,
      ...(path.endsWith(".key")
        ? [`${printKey} | ${write}`, `${sudo}chmod 600 ${shellQuoted(path)}`]
        : [`${write} <<'END'`, `${pem}END`]),
    ];
  });
}

/** The shell that adds the addresses to the runner's daemon.json, which has other keys. */
function plainHttpCommands({ addresses }: ClientSettings): string {
  const filter = `."insecure-registries" += ${JSON.stringify(addresses)}`;
  return `file=/etc/docker/daemon.json
[ -s "$file" ] || echo '{}' | sudo tee "$file" >/dev/null
jq ${shellQuoted(filter)} "$file" >/tmp/daemon.json
sudo cp /tmp/daemon.json "$file"
sudo systemctl reload docker`;
}

function indented(text: string, spaces: number): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(spaces) + line));
}
