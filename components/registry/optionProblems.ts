import { choiceProblems, given, hasControlCharacter, quoted, wholeNumberProblems } from "../base/values";
import { DescriptorCache, LogFormat, LogLevel, RegistryDialect, type RegistryOptionsArgs } from "./args";

/** Characters of a header name: `token` in RFC 9110, section 5.6.2. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Names of log fields, as they read well in both log formats. */
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9._-]*$/;

/** Problems of the options of the registry process. */
export function registryOptionProblems(options: RegistryOptionsArgs, argument = "registry"): string[] {
  const at = (name: keyof RegistryOptionsArgs) => `${argument}.${name}`;
  return [
    ...choiceProblems(at("dialect"), options.dialect, Object.values(RegistryDialect)),
    ...choiceProblems(at("cache"), options.cache, Object.values(DescriptorCache)),
    ...choiceProblems(at("logLevel"), options.logLevel, Object.values(LogLevel)),
    ...choiceProblems(at("logFormat"), options.logFormat, Object.values(LogFormat)),
    ...wholeNumberProblems(at("healthIntervalSeconds"), options.healthIntervalSeconds, 1),
    ...wholeNumberProblems(at("healthThreshold"), options.healthThreshold, 1),
    ...wholeNumberProblems(at("uploadPurgeAgeHours"), options.uploadPurgeAgeHours, 1),
    ...wholeNumberProblems(at("uploadPurgeIntervalHours"), options.uploadPurgeIntervalHours, 1),
    ...wholeNumberProblems(at("drainSeconds"), options.drainSeconds, 0),
    ...wholeNumberProblems(at("tagLookupConcurrency"), options.tagLookupConcurrency, 1),
    ...dialectProblems(options, argument),
    ...given(options.logFields, (fields) => fieldProblems(at("logFields"), fields)),
    ...given(options.headers, (headers) => headerProblems(at("headers"), headers)),
  ];
}

function dialectProblems(options: RegistryOptionsArgs, argument: string): string[] {
  const isV2 = options.dialect === RegistryDialect.V2;
  const problems: string[] = [];
  if (isV2 && options.tagLookupConcurrency !== undefined) {
    problems.push(
      `${argument}.tagLookupConcurrency: is an option of registry 3 and dialect is "v2"; leave it out, or write "v3" in dialect`,
    );
  }
  if (!isV2 && options.schema1 !== undefined) {
    problems.push(
      `${argument}.schema1: is an option of registry 2 and dialect is "v3"; leave it out, or write "v2" in dialect`,
    );
  }
  return problems;
}

function fieldProblems(argument: string, fields: { readonly [name: string]: string }): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    if (!FIELD_NAME.test(name)) {
      return [
        `${argument}: ${quoted(name)} is not a field name; write letters, digits or . _ -, a letter first`,
      ];
    }
    return hasControlCharacter(value)
      ? [`${argument}.${name}: ${quoted(value)} has a control character in it; write one line of text`]
      : [];
  });
}

function headerProblems(argument: string, headers: { readonly [name: string]: readonly string[] }): string[] {
  return Object.entries(headers).flatMap(([name, values]) => {
    if (!HEADER_NAME.test(name)) {
      return [
        `${argument}: ${quoted(name)} is not a header name; write one such as "X-Content-Type-Options"`,
      ];
    }
    return values.flatMap((value, index) =>
      hasControlCharacter(value)
        ? [
            `${argument}.${name}[${index}]: ${quoted(value)} has a control character in it; write one line of text`,
          ]
        : [],
    );
  });
}
