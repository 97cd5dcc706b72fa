import { deleteReference } from "./delete";
import { dryRun } from "./dryRun";
import type { Answer, Context } from "./job";
import { list } from "./list";
import { report } from "./report";
import type { Request, Verb } from "./request";
import { restore } from "./restore";
import { answerRetention } from "./retentionJob";
import { show } from "./show";
import { tags } from "./tags";
import { verify } from "./verify";

/** What answers which request. */
const answers: { readonly [verb in Verb]: (context: Context, request: Request) => Answer } = {
  list,
  tags,
  show,
  delete: deleteReference,
  restore,
  retention: answerRetention,
  // Without --dry-run it is the shell that collects, step by step.
  collect: dryRun,
  report,
  verify,
};

export function answerTo(context: Context, request: Request): Answer {
  return answers[request.verb](context, request);
}
