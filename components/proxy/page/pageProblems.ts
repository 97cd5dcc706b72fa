import { isTextMap } from "../../base/values";
import type { RegistryOptionsArgs, RegistryOverrides } from "../../registry/args";

/** What decides whether there can be a page. */
export interface PageSurroundings {
  readonly registry?: RegistryOptionsArgs;
  readonly registryConfigOverrides?: RegistryOverrides;
  readonly proxySnippet?: string;
}

/**
 * Why there is no page unless it is asked for: headers that let pages of other sites read answers would let them do with
 * the login in a browser whatever the page does, and an address has one answer.
 */
export function pageObstacles({
  registry,
  registryConfigOverrides = {},
  proxySnippet = "",
}: PageSurroundings): string[] {
  const { http } = registryConfigOverrides;
  const overridden = isTextMap(http) && isTextMap(http.headers) ? http.headers : {};
  return [
    ...sharingIn(registry?.headers ?? {}).map((name) => `registry.headers has ${name}`),
    ...sharingIn(overridden).map((name) => `registryConfigOverrides.http.headers has ${name}`),
    ...(/access-control-/i.test(proxySnippet) ? ["proxySnippet has an Access-Control- header"] : []),
    ...(/\blocation\s+=\s+\/\s*\{/.test(proxySnippet)
      ? ['proxySnippet has "location = /", where the page is']
      : []),
  ];
}

/** Problems of a page that is asked for. */
export function pageProblems(page: boolean | undefined, surroundings: PageSurroundings): string[] {
  if (page !== true) return [];
  return pageObstacles(surroundings).map((obstacle) => `page: ${obstacle}; take that out, or leave page out`);
}

function sharingIn(headers: { readonly [name: string]: unknown }): string[] {
  return Object.keys(headers).filter((name) => /^access-control-/i.test(name));
}
