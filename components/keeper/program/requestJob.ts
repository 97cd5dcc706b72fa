import { rmSync } from "node:fs";
import { type AnswerFolder, begunAnswer, openAnswer } from "./answers";
import { minuteText } from "./format";
import { type Answer, type Context, Refusal, Unreadable } from "./job";
import { checkedRequest, requester, type Verb } from "./request";
import { type FoundRequest, isRequestId, readRequestFile, requestPath } from "./requestFile";
import { noteRun } from "./status";
import { answerTo } from "./verbs";

/** What the shell begins on behalf of a request, and the exit code that says so. */
const begun: { readonly [verb in Verb]?: readonly [code: number, what: string] } = {
  collect: [10, "a collection"],
  backup: [11, "a backup"],
  repair: [12, "a repair"],
};

/**
 * Milliseconds after which a request that waited is not carried out any more. The proxy tells its sender after one minute
 * that the keeper does not answer, and after ten at the latest, unless the keeper has done something for others meanwhile
 * (`keeperRequests.js`): by then they have done without, and others may have pushed what it names.
 */
const OUTDATED = 600_000;

/** Reads a request, does what it asks for and answers. The answer is the exit code. */
export function answerRequest(context: Context, id: string): number {
  const { settings } = context;
  if (!isRequestId(id)) throw new Refusal("a request is named by 32 hex digits");
  const path = requestPath(settings, id);
  // One that the shell goes on with stays until that has ended: a keeper that is killed meanwhile takes it up again.
  let code = 0;
  try {
    code = answerFound(context, id, readRequestFile(path));
  } finally {
    if (code === 0) rmSync(path, { recursive: true, force: true });
  }
  return code;
}

/** 0 if the answer is complete; else what the shell begins, to complete it. */
function answerFound(context: Context, id: string, { text, written }: FoundRequest): number {
  const user = requester(text);
  // Without a name there is nobody who could read the answer.
  if (user === undefined) checkedRequest(text);
  const goesOn = answerOf(context, id) !== undefined;
  const folder = openAnswer(context.disk, context.settings, id, user ?? "");
  let code = 0;
  const answer = answered(folder, () => {
    const request = checkedRequest(text);
    if (!(goesOn && request.verb in begun)) checkAge(written, folder.opened);
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

/** @throws Refusal for a request that is old, or that a clock which was set back has made so */
function checkAge(written: number, now: number): void {
  if (Math.abs(now - written) <= OUTDATED) return;
  throw new Refusal(
    `the request is of ${minuteText(written)}, more than ${OUTDATED / 60_000} minutes from now, ${minuteText(now)}, and was ` +
      "not carried out: ask again if you still want it",
  );
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
