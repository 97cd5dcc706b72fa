import { choiceProblems, hasControlCharacter, quoted, wholeNumberProblems } from "../base/values";
import { KeyAlgorithm } from "./args";
import { type ResolvedCertificateSettings, resolvedCertificateSettings } from "./defaults";

/** Longest life of a server certificate in days that macOS and iOS accept (Apple support 103769). */
const LONGEST_SERVER_LIFE = 825;

/** Longest life of an authority in days: 100 years. Go's durations end at 292 years. */
const LONGEST_AUTHORITY_LIFE = 36_500;

/** Generated authorities at a time: a client gets all of them. A year for a generation would be thousands. */
const MOST_AUTHORITIES = 20;

/** Longest subject field in characters. RFC 5280, appendix A.1: `ub-organization-name` and its like. */
const LONGEST_SUBJECT_FIELD = 64;

/** Problems of the settings of generated certificates. */
export function certificateSettingsProblems(
  settings: ResolvedCertificateSettings,
  argument = "certificate",
): string[] {
  return [
    ...lifeProblems(settings, argument),
    ...choiceProblems(`${argument}.keyAlgorithm`, settings.keyAlgorithm, Object.values(KeyAlgorithm)),
    ...countryProblems(`${argument}.country`, settings.country),
    ...subjectProblems(`${argument}.organization`, settings.organization),
    ...subjectProblems(`${argument}.organizationalUnit`, settings.organizationalUnit),
    ...subjectProblems(`${argument}.province`, settings.province),
    ...subjectProblems(`${argument}.locality`, settings.locality),
  ];
}

/** Problems of the generations of an authority: at least one of them must be left. */
export function generationProblems(
  newestArgument: string,
  newest: number,
  retiredArgument: string,
  retired: number,
): string[] {
  const rangeProblems = [
    ...wholeNumberProblems(newestArgument, newest, 1),
    ...wholeNumberProblems(retiredArgument, retired, 0),
  ];
  if (rangeProblems.length > 0) {
    return rangeProblems;
  }
  if (newest - retired > MOST_AUTHORITIES) {
    return [
      `${newestArgument}: ${newest} beside ${retiredArgument} ${retired} are ${newest - retired} authorities at a time; ` +
        `write ${retired + MOST_AUTHORITIES} at most`,
    ];
  }
  if (retired < newest) {
    return [];
  }
  return [
    `${retiredArgument}: ${retired} leaves no authority of ${newestArgument} ${newest}; write less than ${newest}`,
  ];
}

function lifeProblems(settings: ResolvedCertificateSettings, argument: string): string[] {
  const rangeProblems = [
    ...wholeNumberProblems(`${argument}.validityDays`, settings.validityDays, 1, LONGEST_SERVER_LIFE),
    ...wholeNumberProblems(`${argument}.renewalDays`, settings.renewalDays, 1, LONGEST_SERVER_LIFE),
    ...wholeNumberProblems(`${argument}.caValidityDays`, settings.caValidityDays, 1, LONGEST_AUTHORITY_LIFE),
  ];
  if (rangeProblems.length > 0) {
    return rangeProblems;
  }
  const { validityDays: validity, renewalDays: renewal, caValidityDays: authority } = settings;
  const problems: string[] = [];
  if (renewal >= validity) {
    problems.push(
      `${argument}.renewalDays: ${renewal} is not shorter than validityDays (${validity}), so every up would renew; write less than ${validity}`,
    );
  }
  if (authority <= validity) {
    problems.push(
      `${argument}.caValidityDays: ${authority} is not longer than validityDays (${validity}); write more than ${validity}, such as ${resolvedCertificateSettings().caValidityDays}`,
    );
  }
  return problems;
}

function countryProblems(argument: string, country: string | undefined): string[] {
  return country === undefined || /^[A-Z]{2}$/.test(country)
    ? []
    : [`${argument}: ${quoted(country)} is not a country code; write two capital letters, such as "CN"`];
}

function subjectProblems(argument: string, field: string | undefined): string[] {
  if (field === undefined) {
    return [];
  }
  if (field.trim() === "") {
    return [`${argument}: is empty; write a name, or leave it out`];
  }
  if (hasControlCharacter(field)) {
    return [`${argument}: ${quoted(field)} has a control character in it; write plain text`];
  }
  const length = [...field].length;
  return length > LONGEST_SUBJECT_FIELD
    ? [`${argument}: has ${length} characters; write ${LONGEST_SUBJECT_FIELD} at most`]
    : [];
}
