import { rmSync } from "node:fs";
import { type AnswerFolder, begunAnswer, openAnswer } from "./answers";
import { type Answer, type Context, Refusal, Unreadable } from "./job";
import { checkedRequest, requester, type Verb } from "./request";
import { isRequestId, readRequestFile, requestPath } from "./requestFile";
import { noteRun } from "./status";
import { answerTo } from "./verbs";

/** What the shell begins on behalf of a request, and the exit code that says so. */
const begun: { readonly [verb in Verb]?: readonly [code: number, what: string] } = {
  collect: [10, "a collection"],
  backup: [11, "a backup"],
  repair: [12, "a repair"],
};

/** Reads a request, does what it asks for and answers. The answer is the exit code. */
export function answerRequest(context: Context, id: string): number {
  const { settings } = context;
  if (!isRequestId(id)) throw new Refusal("a request is named by 32 hex digits");
  const path = requestPath(settings, id);
  // One that the shell goes on with stays until that has ended: a keeper that is killed meanwhile takes it up again.
  let code = 0;
  try {
    code = answerText(context, id, readRequestFile(path));
  } finally {
    if (code === 0) rmSync(path, { recursive: true, force: true });
  }
  return code;
}

/** 0 if the answer is complete; else what the shell begins, to complete it. */
function answerText(context: Context, id: string, text: string): number {
  const user = requester(text);
  // Without a name there is nobody who could read the answer.
  if (user === undefined) checkedRequest(text);
  const folder = openAnswer(context.disk, context.settings, id, user ?? "");
  let code = 0;
  const answer = answered(folder, () => {
    const request = checkedRequest(text);
    const found = answerTo({ ...context, say: folder.say }, request);
    const [next, what] = begun[request.verb] ?? [0, ""];
    if (found !== undefined) return found;
    code = next;
    folder.say(`${what} begins`);
    return undefined;
  });
  if (answer !== undefined) folder.finish(answer);
  return code;
}

/** A step of a collection. Whoever asked for it by a request is told how far it is; the step that has an answer is the last. */
export function collectionStep(
  context: Context,
  step: (context: Context) => Answer | undefined,
  id: string | undefined,
): void {
  const { disk, settings } = context;
  const folder = answerOf({ disk, settings }, id);
  try {
    const answer = step(folder === undefined ? context : { ...context, say: folder.say });
    if (answer !== undefined) folder?.finish(answer);
  } catch (error) {
    noteFailure(context, error);
    folder?.finish(failure(error));
    throw error;
  }
}

/** The answer to a request that the shell goes on with, if there is one and somebody waits for it. */
export function answerOf(
  { disk, settings }: Pick<Context, "disk" | "settings">,
  id: string | undefined,
): AnswerFolder | undefined {
  return id !== undefined && isRequestId(id) ? begunAnswer(disk, settings, id) : undefined;
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
