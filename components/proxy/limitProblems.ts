import { networkProblems } from "../base/networks";
import { given, wholeNumberProblems } from "../base/values";
import type { RequestLimitArgs } from "./args";

/** Problems of what one client may ask of the proxy. */
export function limitProblems(limits: RequestLimitArgs, argument = "limits"): string[] {
  const at = (name: keyof RequestLimitArgs) => `${argument}.${name}`;
  return [
    ...given(limits.allowedAddresses, (networks) => networkProblems(at("allowedAddresses"), networks)),
    ...wholeNumberProblems(at("requestsPerSecond"), limits.requestsPerSecond, 1),
    ...wholeNumberProblems(at("requestBurst"), limits.requestBurst, 1),
    ...wholeNumberProblems(at("connectionsPerAddress"), limits.connectionsPerAddress, 1, 65535),
    ...wholeNumberProblems(at("loginsPerSecond"), limits.loginsPerSecond, 1),
    ...wholeNumberProblems(at("loginBurst"), limits.loginBurst, 1),
    ...(limits.requestBurst !== undefined && limits.requestsPerSecond === undefined
      ? [`${at("requestBurst")}: is given without requestsPerSecond; set that too, or remove this`]
      : []),
  ];
}
