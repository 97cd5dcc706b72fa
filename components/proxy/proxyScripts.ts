import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellScript, shellText } from "../base/shellScript";
import { filesPath, verifierPath } from "../docker/paths";
import { verbs } from "../keeper/program/request";
import { day, repositoryName, sha256Digest, sha512Digest, tag, userName } from "../registry/grammar";
import { metricsScriptFile } from "./nginx/metrics";
import { modulesPath } from "./waf/firewall";
import { ruleSetLink } from "./waf/wafRules";

/**
 * Names a verdict by an HMAC of the login: what the cache holds helps nobody to find a password. And limits how many
 * refusals are noted: two scripts would cost each request a second one.
 */
export function loginScript(): string {
  return readFileSync(join(__dirname, "login.js"), "utf8");
}

/** Has requests wait while the registry is replaced. */
export function waitScript(): string {
  return readFileSync(join(__dirname, "wait.js"), "utf8");
}

/** In place of the script that knows the rules. */
const everybodyMay =
  'const access = { userOf: (request) => request.variables.remote_user, keeperDenial: () => "", mayEverywhere: () => true };';

function rulesImport(hasRules: boolean): string {
  return hasRules ? 'import access from "./access.js";' : everybodyMay;
}

/** What the script for the keeper must know of the proxy. */
export interface KeeperRequestsSettings {
  readonly controlPath: string;
  /** Whether rules decide about requests. Defaults to false. */
  readonly hasRules?: boolean;
  /** Whether the log says what a request was about, and whether there are audit files. Both default to false. */
  readonly isWatched?: boolean;
  readonly isAudited?: boolean;
}

/** Takes requests for the keeper, and tells how far each is. In front of its text stands what it knows of them. */
export function keeperRequestsScript({
  controlPath,
  hasRules = false,
  isWatched = false,
  isAudited = false,
}: KeeperRequestsSettings): string {
  const digest = `${sha256Digest}|${sha512Digest}`;
  const flags = new Set(Object.values(verbs).flatMap((verb) => [...verb.flags]));
  const known = { verbs: Object.keys(verbs), flags: [...flags] };
  const settings = {
    controlPath,
    ...known,
    repositoryName,
    tag,
    digest,
    userName,
    day,
    isWatched,
    isAudited,
  };
  const text = readFileSync(join(__dirname, "keeperRequests.js"), "utf8");
  return `${rulesImport(hasRules)}\nconst settings = ${JSON.stringify(settings)};\n${text}`;
}

/** What the answer at `/metrics` is made of, beside what nginx has counted. */
export interface MetricsScriptSettings {
  /** Path of the served certificate, empty without one. */
  readonly certificate: string;
  /** User to the end of their login, in seconds since 1970. */
  readonly loginEnds: { readonly [user: string]: number };
  /** Those who may read it. Left out: those who may delete everywhere. */
  readonly users?: readonly string[];
  /** What others have written for it; what is fleeting is of nobody once it is a minute old. */
  readonly files: readonly { readonly path: string; readonly fleeting?: boolean }[];
}

/** The scripts that answer at `/metrics`, by names of files. */
export function metricsScripts(
  settings: MetricsScriptSettings,
  hasRules: boolean,
): { readonly [file: string]: string } {
  const text = (name: string) => readFileSync(join(__dirname, name), "utf8");
  return {
    "certificateEnd.js": text("certificateEnd.js"),
    [metricsScriptFile]: `${rulesImport(hasRules)}\nconst settings = ${JSON.stringify(settings)};\n${text("metrics.js")}`,
  };
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

/** Shell lines of the health check: adds up what was counted. */
export function addUpScript(): string {
  return shellText(join(__dirname, "addUp.sh"));
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
  const stage = shellScript(join(__dirname, "stage.sh"), {
    FILES_PATH: filesPath,
    GENERATION: generation,
    VERIFIER_PATH: verifierPath,
    OWNER: `${uid}:${uid}`,
  });
  return joined(linksRules ? linkRulesScript(generation) : "", takeCertificate, stage);
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

/** Shell lines that link the image's Core Rule Set into the folder of these files. */
export function linkRulesScript(generation: string): string {
  return shellScript(join(__dirname, "linkRules.sh"), {
    GENERATION_PATH: `${filesPath}/${generation}`,
    MODULES_PATH: modulesPath,
    RULE_SET_LINK: ruleSetLink,
  });
}

/** Script that has nginx check files, and ends with its message if it refuses them. */
export function checkScript(generation: string, linksRules: boolean): string {
  const check = shellScript(join(__dirname, "check.sh"), { CONFIG: `${filesPath}/${generation}/nginx.conf` });
  return joined(linksRules ? linkRulesScript(generation) : "", check);
}
