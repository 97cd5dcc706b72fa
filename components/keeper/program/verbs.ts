import { deleteReference } from "./delete";
import { type Answer, type Context, Refusal } from "./job";
import { list } from "./list";
import { report } from "./report";
import type { Request, Verb } from "./request";
import { restore } from "./restore";
import { answerRetention } from "./retentionJob";
import { show } from "./show";
import { tags } from "./tags";
import { verify } from "./verify";

/** What answers which request. */
const answers: { readonly [verb in Verb]?: (context: Context, request: Request) => Answer } = {
  list,
  tags,
  show,
  delete: deleteReference,
  restore,
  retention: answerRetention,
  report,
  verify,
};

export function answerTo(context: Context, request: Request): Answer {
  const answer = answers[request.verb];
  if (answer === undefined) throw new Refusal(`this keeper cannot ${request.verb}`);
  return answer(context, request);
}
