import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellScript, shellText } from "../base/shellScript";
import { filesPath, verifierPath } from "../docker/paths";
import { verbs } from "../keeper/program/request";
import { repositoryName, sha256Digest, sha512Digest, tag } from "../registry/grammar";
import { modulesPath } from "./waf/firewall";
import { ruleSetLink } from "./waf/wafRules";

/** Names a verdict by an HMAC of the login: what the cache holds helps nobody to find a password. */
export function verdictScript(): string {
  return readFileSync(join(__dirname, "verdict.js"), "utf8");
}

/** In place of the script that knows the rules. */
const everybodyMay =
  'const access = { userOf: (request) => request.variables.remote_user, keeperDenial: () => "" };';

/** Takes requests for the keeper, and tells how far each is. In front of its text stands what it knows of them. */
export function keeperRequestsScript(controlPath: string, hasRules = false): string {
  const digest = `${sha256Digest}|${sha512Digest}`;
  const flags = new Set(Object.values(verbs).flatMap((verb) => [...verb.flags]));
  const known = { verbs: Object.keys(verbs), flags: [...flags] };
  const settings = { controlPath, ...known, repositoryName, tag, digest };
  const text = readFileSync(join(__dirname, "keeperRequests.js"), "utf8");
  const rules = hasRules ? 'import access from "./access.js";' : everybodyMay;
  return `${rules}\nconst settings = ${JSON.stringify(settings)};\n${text}`;
}

/**
 * Starts nginx with files that this very image accepts.
 *
 * @param takeCertificate - lines that make a certificate ready that is not among the files. Defaults to none.
 */
export function startScript(takeCertificate = ""): string {
  return joined(takeCertificate, shellText(join(__dirname, "startProxy.sh")));
}

/** Shell lines of the health check: nginx that started with other files takes up those in use. */
export function followScript(): string {
  return shellText(join(__dirname, "follow.sh"));
}

/** What the stage needs to know. */
export interface StageSettings {
  /** Folder of the files volume that holds the new files. */
  readonly generation: string;
  /** Numeric user and group of proxy and verifier. */
  readonly uid: number;
  /** Lines that make a certificate ready that is not among the files. Defaults to none. */
  readonly takeCertificate?: string;
  /** Whether the files include the image's Core Rule Set. Defaults to false. */
  readonly linksRules?: boolean;
}

/** Script of the stage one-shot: has nginx check the new files before anything serves them. */
export function stageScript({ generation, uid, takeCertificate = "", linksRules }: StageSettings): string {
  const links = () =>
    shellScript(join(__dirname, "linkRules.sh"), {
      GENERATION_PATH: `${filesPath}/${generation}`,
      MODULES_PATH: modulesPath,
      RULE_SET_LINK: ruleSetLink,
    });
  const stage = shellScript(join(__dirname, "stage.sh"), {
    FILES_PATH: filesPath,
    GENERATION: generation,
    VERIFIER_PATH: verifierPath,
    OWNER: `${uid}:${uid}`,
  });
  return joined(linksRules ? links() : "", takeCertificate, stage);
}

/**
 * Script of the activation one-shot, run in the process and network namespace of the proxy: has it take up the new
 * files, and confirms that they are what answers.
 *
 * @param generation - folder of the files volume that holds the new files
 * @param healthPort - port on the proxy's loopback that answers it
 */
export function activationScript(generation: string, healthPort: number): string {
  return shellScript(join(__dirname, "activate.sh"), {
    FILES_PATH: filesPath,
    GENERATION: generation,
    HEALTH_URL: `http://127.0.0.1:${healthPort}`,
  });
}

function joined(...parts: readonly string[]): string {
  return parts.filter(Boolean).join("\n");
}
