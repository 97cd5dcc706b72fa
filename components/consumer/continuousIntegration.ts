import { buildkitToml } from "./buildkit";
import {
  type ClientBundle,
  type ClientSettings,
  caText,
  privateAddresses,
  quoted,
  registryFileName,
  shellQuoted,
} from "./client";
import { dockerCertificates } from "./docker";

/**
 * Steps for a job of GitHub Actions. The password is a secret of the repository, `REGISTRY_PASSWORD`; it is not in
 * the text.
 */
export function githubActions(settings: ClientSettings): ClientBundle {
  const name = registryFileName(settings);
  const trust = trustCommands(settings, "sudo ");
  const inline = buildkitToml(settings).replaceAll("/etc/buildkit/certs.d", dockerCertificates);
  const text = [
    ...(trust.length > 0 ? ["- name: Trust the registry", "  run: |", ...indented(trust.join("\n"), 4)] : []),
    ...settings.addresses.slice(0, 1).flatMap((address) => [
      "- uses: docker/login-action@v3",
      "  with:",
      `    registry: ${quoted(address)}`,
      `    username: ${quoted(settings.username)}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own syntax
      "    password: ${{ secrets.REGISTRY_PASSWORD }}",
    ]),
    "- uses: docker/setup-buildx-action@v3",
    ...(inline === "" ? [] : ["  with:", "    buildkitd-config-inline: |", ...indented(inline, 6)]),
  ];
  return snippet(`${name}-github-steps.yaml`, text, ["gh secret set REGISTRY_PASSWORD"]);
}

/**
 * A job of GitLab CI with Docker as a service. The password is a masked variable of the project,
 * `REGISTRY_PASSWORD`; it is not in the text.
 */
export function gitlabCi(settings: ClientSettings): ClientBundle {
  const name = registryFileName(settings);
  const [registry = ""] = settings.addresses;
  const daemon = [...trustCommands(settings, ""), "exec dockerd-entrypoint.sh"].join("\n");
  const login = `printf '%s' "$REGISTRY_PASSWORD" | docker login --username ${shellQuoted(settings.username)} --password-stdin ${shellQuoted(registry)}`;
  const text = [
    "push:",
    "  image: docker:28",
    "  services:",
    "    - name: docker:28-dind",
    "      alias: docker",
    '      entrypoint: ["sh", "-c"]',
    "      command:",
    "        - |",
    ...indented(daemon, 10),
    "  script:",
    "    - |",
    ...indented(login, 6),
    `    - docker build --tag ${shellQuoted(`${registry}/team/app:1`)} --push .`,
  ];
  return snippet(`${name}-gitlab-ci.yaml`, text, []);
}

function snippet(path: string, lines: readonly string[], commands: readonly string[]): ClientBundle {
  return { files: {}, fragments: { [path]: `${lines.join("\n")}\n` }, commands, tested: false };
}

/** The shell that puts the authority where Docker looks for it. */
function trustCommands(settings: ClientSettings, sudo: string): string[] {
  return privateAddresses(settings).flatMap((address) => {
    const folder = `${dockerCertificates}/${address}`;
    return [
      `${sudo}mkdir -p ${shellQuoted(folder)}`,
      `${sudo}tee ${shellQuoted(`${folder}/ca.crt`)} >/dev/null <<'END'`,
      `${caText(settings)}END`,
    ];
  });
}

function indented(text: string, spaces: number): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(spaces) + line));
}
