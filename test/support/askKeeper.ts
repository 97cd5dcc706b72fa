import assert from "node:assert/strict";
import { type Answer, Refusal } from "../../components/keeper/program/job";
import { checkedRequest, type Verb } from "../../components/keeper/program/request";
import { answerTo } from "../../components/keeper/program/verbs";
import type { RegistryTree } from "./registryTree";

/** What the keeper answers alice, who writes a reference as clients do: `a/b`, `a/b:v1` or `a/b@sha256:…`. */
export function askKeeper(
  tree: RegistryTree,
  verb: Verb,
  reference = "",
  ...flags: readonly string[]
): Answer {
  const [, repository, tag, digest] = /^([^:@]+)?(?::([^@]+))?(?:@(.+))?$/.exec(reference) ?? [];
  const request = { verb, user: "alice", repository, tag, digest, flags };
  const answer = answerTo(tree.context, checkedRequest(JSON.stringify(request)));
  assert.ok(answer, "the shell goes on with it");
  return answer;
}

/** The sentence by which the keeper refuses to answer. */
export function keeperRefusal(
  tree: RegistryTree,
  verb: Verb,
  reference?: string,
  ...flags: readonly string[]
): string {
  try {
    const { text } = askKeeper(tree, verb, reference, ...flags);
    return assert.fail(`answered: ${text}`);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
