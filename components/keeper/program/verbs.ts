import { audit } from "./audit";
import { deleteReference } from "./delete";
import { dryRun } from "./dryRun";
import { type Answer, type Context, Refusal } from "./job";
import { list } from "./list";
import { report } from "./report";
import type { Request, Verb } from "./request";
import { restore } from "./restore";
import { answerRetention } from "./retentionJob";
import { show } from "./show";
import { tags } from "./tags";
import { verify } from "./verify";

/** What answers which request; nothing where the shell goes on with it, step by step. */
const answers: { readonly [verb in Verb]: (context: Context, request: Request) => Answer | undefined } = {
  list,
  tags,
  show,
  delete: deleteReference,
  restore,
  retention: answerRetention,
  collect: (context, request) => (request.flags.includes("dry-run") ? dryRun(context) : undefined),
  report,
  verify,
  audit,
  backup: requireBackup,
  repair: requireBackup,
};

/** @throws Refusal if the request would change a tag of a registry in which nobody may */
export function answerTo(context: Context, request: Request): Answer | undefined {
  if (context.settings.readOnly && changesTags(request))
    throw new Refusal(
      "the registry is read-only (registry.readOnly): no tag goes and none comes back until it is not",
    );
  return answers[request.verb](context, request);
}

function requireBackup({ settings }: Context): undefined {
  if (settings.backupAt === undefined)
    throw new Refusal(
      "there are no backups of this registry: name a target for them in backup, in its settings",
    );
}

function changesTags({ verb, flags }: Request): boolean {
  return verb === "delete" || verb === "restore" || (verb === "retention" && flags.includes("apply"));
}
