import { rmSync } from "node:fs";
import { type AnswerFolder, begunAnswer, openAnswer } from "./answers";
import { type Answer, type Context, Refusal, Unreadable } from "./job";
import { checkedRequest, type Request, requester } from "./request";
import { isRequestId, readRequestFile, requestPath } from "./requestFile";
import { noteRun } from "./status";
import { answerTo } from "./verbs";

/** The exit code by which the shell begins a collection on behalf of a request. */
const COLLECT = 10;

/** Reads a request, does what it asks for and answers. The answer is the exit code. */
export function answerRequest(context: Context, id: string): number {
  const { settings } = context;
  if (!isRequestId(id)) throw new Refusal("a request is named by 32 hex digits");
  const path = requestPath(settings, id);
  // One that asks for a collection stays until that has ended: a keeper that is killed meanwhile takes it up again.
  let isDone = true;
  try {
    isDone = answerText(context, id, readRequestFile(path));
  } finally {
    if (isDone) rmSync(path, { recursive: true, force: true });
  }
  return isDone ? 0 : COLLECT;
}

/** Whether the answer is complete; if not, a collection will complete it. */
function answerText(context: Context, id: string, text: string): boolean {
  const user = requester(text);
  // Without a name there is nobody who could read the answer.
  if (user === undefined) checkedRequest(text);
  const folder = openAnswer(context.disk, context.settings, id, user ?? "");
  const answer = answered(folder, () => {
    const request = checkedRequest(text);
    return asksToCollect(request) ? undefined : answerTo({ ...context, say: folder.say }, request);
  });
  if (answer === undefined) folder.say("a collection begins");
  else folder.finish(answer);
  return answer !== undefined;
}

/** A step of a collection. Whoever asked for it by a request is told how far it is; the step that has an answer is the last. */
export function collectionStep(
  context: Context,
  step: (context: Context) => Answer | undefined,
  id: string | undefined,
): void {
  const { disk, settings } = context;
  const folder = id !== undefined && isRequestId(id) ? begunAnswer(disk, settings, id) : undefined;
  try {
    const answer = step(folder === undefined ? context : { ...context, say: folder.say });
    if (answer !== undefined) folder?.finish(answer);
  } catch (error) {
    noteFailure(context, error);
    folder?.finish(failure(error));
    throw error;
  }
}

/** So that the status says it until a collection comes to its end again. */
function noteFailure(context: Context, error: unknown): void {
  const problem = `the collection stopped: ${error instanceof Error ? error.message : error}`;
  try {
    noteRun(context, "collection", { ended: new Date().toISOString(), ok: false, summary: problem, problem });
  } catch {
    // On a disk that is full or read-only the message on stderr must do.
  }
}

function asksToCollect({ verb, flags }: Request): boolean {
  return verb === "collect" && !flags.includes("dry-run");
}

/** What a person can see to is an answer; anything else is a failure of the keeper, too. */
function answered(folder: AnswerFolder, work: () => Answer | undefined): Answer | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof Unreadable) return failure(error);
    folder.finish(failure(error));
    throw error;
  }
}

function failure(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  return { text: `${message}\n`, json: { error: message }, failed: true };
}
