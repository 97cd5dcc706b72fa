// The proxy's own script about access, in Node.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { accessTable } from "../../components/access/accessTable";
import { AccessAction, type AccessRuleArgs, type ImmutableTagsArgs } from "../../components/access/args";
import { contentHash } from "../../components/base/contentHash";
import { accessScripts } from "../../components/proxy/access/accessScripts";
import { questionTables } from "../../components/proxy/nginx/accessDecisions";
import type { World } from "./accessModel";
import { nginxMaps } from "./nginxMaps";

/** A request as nginx shows it to a script. */
export interface ScriptRequest {
  status: number;
  readonly headersIn: { readonly Authorization?: string };
  readonly variables: { [name: string]: string | undefined };
}

/** What a script answers about a request. */
export interface AccessScript {
  /** Changes the status of an answer about a login, and notes the reason among the variables. */
  readonly enforce: (request: ScriptRequest) => void;
  readonly tokenUser: (request: ScriptRequest) => string;
  readonly withoutPassword: (request: ScriptRequest) => string;
  readonly token: (request: ScriptRequest) => string;
  readonly mount: (request: ScriptRequest) => string;
  readonly keeperDenial: (request: ScriptRequest, verb: string, repository?: string) => string;
}

export interface GlobScript {
  readonly any: (patterns: readonly string[], text: string) => boolean;
}

// What nginx shares between its workers.
Object.assign(globalThis, { ngx: { shared: { decisions: new Map<string, number>() } } });

/** The scripts with the rules of a world, and what nginx looks up for them. */
export async function accessScript(
  world: World,
  tokenKey = "key",
  immutableTags: readonly ImmutableTagsArgs[] = [],
) {
  const logins = world.users.map(({ name }) => `${name}:hash of ${name}`);
  const table = accessTable({
    access: ruleArgs(world),
    users: world.users.map((user) => ({ ...user, groups: [...(user.groups ?? [])] })),
    logins,
    tokenKey,
  });
  const folder = mkdtempSync(join(tmpdir(), "private-registry-access-"));
  const files = { "package.json": '{"type":"module"}', ...accessScripts({ table, immutableTags, tokenKey }) };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const load = async (name: string) => (await import(pathToFileURL(join(folder, name)).href)).default;
  const script: AccessScript = await load("access.js");
  const glob: GlobScript = await load("glob.js");
  rmSync(folder, { recursive: true });
  const version = contentHash({ world: JSON.stringify(world), tokenKey });
  const tables = nginxMaps(questionTables({ table, version }));
  const access: AccessScript = {
    ...script,
    // nginx asks it of some requests alone.
    withoutPassword: (asked) =>
      tables.resolved("$early_answer", {
        $http_authorization: asked.headersIn.Authorization ?? "",
        $without_password: script.withoutPassword(asked),
      }),
  };
  return { access, glob, request };

  /** A request of a user, of nobody, or with a header of its own. */
  function request(
    user: string,
    method: string,
    address: string,
    change: { readonly authorization?: string } & { readonly [variable: string]: string } = {},
  ): ScriptRequest {
    const { authorization = user && `Basic ${Buffer.from(`${user}:x`).toString("base64")}`, ...others } =
      change;
    const made: ScriptRequest = {
      status: 200,
      headersIn: authorization === "" ? {} : { Authorization: authorization },
      variables: { request_method: method, request_uri: address, ...others },
    };
    const given = {
      $remote_user: /^basic /i.test(authorization) ? user : "",
      $http_authorization: authorization,
      $token_user: access.tokenUser(made),
      $request_method: method,
      $request_uri: address,
    };
    for (const name of ["asking_user", "asked_repository", "asked_action", "decision", "user_rights"])
      made.variables[name] = tables.resolved(`$${name}`, given);
    return made;
  }
}

/** The rules of a world as arguments. */
export function ruleArgs({ rules }: World): AccessRuleArgs[] {
  const actionOf = (text: string) => Object.values(AccessAction).filter((action) => action === text);
  return rules.map(({ repositories, users = [], groups = [], anonymous, actions }) => ({
    repositories: [...repositories],
    users: [...users],
    groups: [...groups],
    anonymous,
    actions: actions.flatMap(actionOf),
  }));
}
