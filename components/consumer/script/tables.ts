import { buildkit, buildkitFile, buildkitToml } from "../buildkit";
import { type ClientSettings, shellQuoted } from "../client";
import { containerdFiles } from "../containerd";
import { docker } from "../docker";
import { k3s, registriesFile, registriesYaml, rke2 } from "../k3s";
import { osTrustFiles } from "../osTrust";
import { podmanFiles } from "../podman";

/**
 * What each runtime needs, as shell functions of the install script. Everything after them is the same for every
 * registry.
 *
 * Needs `ETC`, the folder that the runtimes read.
 */
export function tables(settings: ClientSettings): string {
  const own: { [runtime: string]: { readonly [path: string]: string } } = {
    docker: docker(settings).files,
    podman: podmanFiles(settings),
    containerd: containerdFiles(settings),
    k3s: k3s(settings).files,
    rke2: rke2(settings).files,
    buildkit: buildkit(settings).files,
  };
  const contents = Object.assign({}, ...Object.values(own)) as { [path: string]: string };
  const below = (path: string) => path.replace(/^\/etc\//, "");
  // These are in a variable each, and not once more for every folder.
  const isCertificate = (path: string) => /\/(ca\.crt|client\.cert|client\.key)$/.test(path);
  const parts: { [runtimeAndSection: string]: string } = {
    buildkit: buildkitToml(settings),
    "buildkit tables": buildkitToml(settings),
    ...yamlParts(settings, "k3s"),
    ...yamlParts(settings, "rke2"),
  };
  const print = (text: string) => (text === "" ? ":" : `printf '%s\\n' ${shellQuoted(text.trimEnd())}`);
  const cases = (texts: { readonly [pattern: string]: string }, before = "") =>
    Object.entries(texts).map(([pattern, text]) => `    ${before}${shellQuoted(pattern)}) ${print(text)} ;;`);
  return `
# --- What each runtime needs -----------------------------------------------------------------------------------
# files_of RUNTIME: paths of the files that are ours alone.
files_of() {
  if [ "$1" = os-trust ]; then
    os_trust_files
  else
    names_of "$1" | while IFS= read -r name; do printf '%s\\n' "$ETC/$name"; done
  fi
}

# names_of RUNTIME: the same below $ETC.
names_of() {
  case $1 in
${cases(Object.fromEntries(Object.entries(own).map(([runtime, all]) => [runtime, Object.keys(all).map(below).join("\n")]))).join("\n")}
  esac
}

# os_trust_files: each authority in a file of its own, because the system's program reads one of a file.
os_trust_files() {
  folder=$(os_trust_folder)
  for name in $TRUST_FILES; do printf '%s\\n' "$folder/$name"; done
}

# content_of PATH
content_of() {
  case $1 in
${cases(
  Object.fromEntries(
    Object.entries(contents)
      .filter(([path]) => !isCertificate(path))
      .map(([path, content]) => [below(path), content]),
  ),
  "*/",
).join("\n")}
${cases(osTrustFiles(settings), "*/").join("\n")}
    */client.cert) printf '%s\\n' "$CLIENT_CERTIFICATE" ;;
    */client.key) printf '%s\\n' "$CLIENT_KEY" ;;
    *) printf '%s\\n' "$CA_CERTIFICATE" ;;
  esac
}

# shared_file_of RUNTIME, sections_of RUNTIME: a file that others share, and what it is made of.
shared_file_of() {
  case $1 in
${cases({ k3s: registriesFile("k3s"), rke2: registriesFile("rke2"), buildkit: buildkitFile }).join("\n")}
  esac
}

sections_of() {
  case $1 in
${cases({ k3s: "mirrors configs", rke2: "mirrors configs", buildkit: "tables" }).join("\n")}
  esac
}

# part_of RUNTIME [SECTION]: our part of it; without a section the whole.
part_of() {
  case $* in
${cases(parts).join("\n")}
  esac
}`;
}

function yamlParts(settings: ClientSettings, distribution: "k3s" | "rke2"): { [name: string]: string } {
  const { mirrors, configs } = registriesYaml(settings, distribution);
  return {
    [`${distribution} mirrors`]: mirrors,
    [`${distribution} configs`]: configs,
    [distribution]: `mirrors:\n${mirrors}configs:\n${configs}`,
  };
}
