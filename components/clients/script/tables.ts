import { assignments, shellQuoted } from "../../base/shellScript";
import type { ClientSettings } from "../kinds/client";
import { osTrustFiles } from "../kinds/osTrust";
import { runtimeLists } from "./runtimeLists";
import { type Runtime, runtimes, type SharedFile, stores } from "./runtimes";

/** A line for each of a table's keys: what a `case` of the shell does for it. */
interface Cases {
  readonly [pattern: string]: string;
}

/**
 * What each runtime is and needs, as lists and functions of the install script. Everything after them is the same for
 * every registry.
 *
 * Needs `ETC`, the folder that the runtimes read.
 */
export function tables(settings: ClientSettings): string {
  const below = (path: string) => path.replace(/^\/etc\//, "");
  const files = each(({ files }) => files(settings));
  const all: { readonly [path: string]: string } = Object.assign({}, ...Object.values(files));
  // These are in a variable each, and not once more for every folder.
  const isCertificate = (path: string) => /\/(ca\.crt|client\.cert|client\.key)$/.test(path);
  const contents = [
    ...Object.entries(all).flatMap(([path, text]) => (isCertificate(path) ? [] : [[below(path), text]])),
    ...Object.entries(osTrustFiles(settings)),
  ].map(([path = "", text = ""]) => `    */${shellQuoted(path)}) ${print(text)} ;;`);
  return `
# --- The runtimes, and what each needs ---------------------------------------------------------------------------
${assignments(runtimeLists())}

# is_here RUNTIME: this machine has it.
${functionOf("is_here", { ...each(({ signs }) => signs), "*": "false" })}

# store_of RUNTIME: where its logins are kept; store_file STORE, store_programs STORE: its file, and who writes it.
${functionOf(
  "store_of",
  each(({ store }) => store && print(store)),
)}

${functionOf(
  "store_file",
  mapped(stores, ({ file }) => `printf '%s\\n' "${file}"`),
)}

${functionOf(
  "store_programs",
  mapped(stores, ({ programs }) => print(programs.join(" "))),
)}

# call_client ARGUMENT...: one login command, as the store of $store is written.
${functionOf(
  "call_client",
  mapped(stores, ({ call }) => call),
  "$store",
)}

# files_of RUNTIME: paths of the files that are ours alone.
files_of() {
  if [ "$1" = os-trust ]; then
    os_trust_files
  else
    names_of "$1" | while IFS= read -r name; do printf '%s\\n' "$ETC/$name"; done
  fi
}

# names_of RUNTIME: the same below $ETC.
${functionOf(
  "names_of",
  mapped(files, (own) => print(Object.keys(own).map(below).join("\n"))),
)}

# os_trust_files: each authority in a file of its own, because the system's program reads one of a file.
os_trust_files() {
  folder=$(os_trust_folder)
  for name in $TRUST_FILES; do printf '%s\\n' "$folder/$name"; done
}

# content_of PATH
content_of() {
  case $1 in
${contents.join("\n")}
    */client.cert) printf '%s\\n' "$CLIENT_CERTIFICATE" ;;
    */client.key) printf '%s\\n' "$CLIENT_KEY" ;;
    *) printf '%s\\n' "$CA_CERTIFICATE" ;;
  esac
}

${sharedFiles(settings)}`;
}

/** The functions about files that a runtime shares with others. */
function sharedFiles(settings: ClientSettings): string {
  const shared = (text: (file: SharedFile) => string) =>
    each((runtime) => runtime.shared && text(runtime.shared));
  const paths = shared(({ path }) => print(path));
  const sections = shared((file) => print(Object.keys(file.sections(settings)).join(" ")));
  const hints = shared(({ restartHint }) => print(restartHint));
  return `# shared_file_of RUNTIME, sections_of RUNTIME: a file that others share, and what it is made of.
${functionOf("shared_file_of", paths)}

${functionOf("sections_of", sections)}

# restart_hint_of RUNTIME: what makes it read that file.
${functionOf("restart_hint_of", hints)}

# part_of RUNTIME [SECTION]: our part of it; without a section the whole.
${functionOf("part_of", parts(settings), "$*")}`;
}

/** Our part of each shared file, whole and section by section. */
function parts(settings: ClientSettings): Cases {
  const all = Object.entries(runtimes).flatMap(([name, { shared }]) => {
    if (shared === undefined) return [];
    const sections = Object.entries(shared.sections(settings));
    const whole = sections.map(([section, part]) => (section === "tables" ? part : `${section}:\n${part}`));
    return [
      [name, print(whole.join(""))],
      ...sections.map(([section, part]) => [`${name} ${section}`, print(part)]),
    ];
  });
  return Object.fromEntries(all);
}

/** Something of each runtime that has it. */
function each<T>(of: (runtime: Runtime) => T | undefined): { [name: string]: T } {
  const entries = Object.entries(runtimes).map(([name, runtime]) => [name, of(runtime)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function mapped<T>(table: { readonly [name: string]: T }, text: (value: T) => string): Cases {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, text(value)]));
}

/** A function that looks its argument up. */
function functionOf(name: string, cases: Cases, argument = "$1"): string {
  const lines = Object.entries(cases).map(
    ([pattern, command]) => `    ${pattern === "*" ? "*" : shellQuoted(pattern)}) ${command} ;;`,
  );
  return `${name}() {\n  case ${argument} in\n${lines.join("\n")}\n  esac\n}`;
}

function print(text: string): string {
  return text === "" ? ":" : `printf '%s\\n' ${shellQuoted(text.trimEnd())}`;
}
