import { verbs } from "../../keeper/program/request";
import {
  anyDigest,
  anyUploadId,
  hexDigit,
  type QueryKey,
  repositoryName,
  tag,
  uploadState,
  upstreamHost,
} from "../../registry/grammar";
import type { ResolvedWaf } from "./defaults";

/** Link to the rules of the image, in the folder of the generation. */
export const ruleSetLink = "crs";

/**
 * What a registry must not be measured by: 920420 allows but a few media types of a body, 920440 takes tags such as
 * `1.0.bak` for files, 920350 refuses an IP address as the host, 921230 a range, and 913101 takes scripts for scanners.
 */
const unfitRules = [913101, 920350, 920420, 920440, 921230];

/** The rule set's own but for Content-Range and Expect, which uploads have. */
const restrictedHeaders =
  "/accept-charset/ /content-encoding/ /proxy/ /lock-token/ /if/ /x-http-method-override/ /x-http-method/ /x-method-override/ /x-middleware-subrequest/";

const keeperPath = `/_keeper/(?:${Object.keys(verbs).join("|")}|answers/${hexDigit}{32})`;

const legalPath = `/v2/(?:_catalog|${repositoryName}/(?:tags/list|(?:manifests|blobs|referrers)/(?:${tag}|${anyDigest})|blobs/uploads/${anyUploadId}))?`;

/** The arguments of the API in queries, and what each may be. */
const legalArguments: { readonly [key in QueryKey]: string } = {
  n: "[0-9]+",
  last: `(?:${repositoryName}|${tag})`,
  ns: upstreamHost,
  artifactType: "[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+",
  digest: anyDigest,
  mount: anyDigest,
  from: repositoryName,
  _state: uploadState,
};

/** The fields of a request for the keeper, and what each may be. */
const legalFields = { repository: repositoryName, tag, digest: anyDigest };

const typeName = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*";
const mediaType = `(?:${typeName}/${typeName}(?:; *[A-Za-z0-9_.-]+=[A-Za-z0-9_.+-]+)*)?`;

/** Fields of a manifest that are free text to the registry, and what each may be: RFC 6838, RFC 3986, RFC 4648. */
const legalTexts: { readonly [field: string]: string } = {
  mediaType,
  artifactType: mediaType,
  "urls(?:\\.[^.]+)?": "[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&()*+,;=%\\[\\]-]*",
  data: "[A-Za-z0-9+/]*={0,2}",
};

/** More values in one manifest are refused: a rule looks at each of them, and a thousand take a third of a second. */
const mostValues = 4000;

/**
 * The configuration of ModSecurity 3, for the Core Rule Set 3.3 and 4. Answers are not read: blobs are the users'
 * own. No rule sees the Authorization header, so that none can log it, and there is no audit log.
 */
export function wafRules(settings: ResolvedWaf): string {
  const { paranoiaLevel, anomalyThreshold, bodyLimit } = settings;
  return `SecRuleEngine ${settings.detectionOnly ? "DetectionOnly" : "On"}
SecAuditEngine Off
SecRequestBodyAccess On
SecRequestBodyLimit ${bodyLimit}
SecRequestBodyNoFilesLimit ${bodyLimit}
SecRequestBodyLimitAction Reject
SecRequestBodyJsonDepthLimit 128
SecArgumentsLimit ${mostValues}
SecResponseBodyAccess Off
SecPcreMatchLimit 100000
SecPcreMatchLimitRecursion 100000
SecArgumentSeparator &
SecCookieFormat 0
SecTmpDir /tmp/
SecDataDir /tmp/
SecDefaultAction "phase:1,log,auditlog,pass"
SecDefaultAction "phase:2,log,auditlog,pass"

SecAction "id:900000,phase:1,nolog,pass,t:none,\\
  setvar:tx.crs_setup_version=334,\\
  setvar:tx.paranoia_level=${paranoiaLevel},\\
  setvar:tx.blocking_paranoia_level=${paranoiaLevel},\\
  setvar:tx.inbound_anomaly_score_threshold=${anomalyThreshold},\\
  setvar:'tx.allowed_methods=GET HEAD POST PUT PATCH DELETE',\\
  setvar:'tx.restricted_headers=${restrictedHeaders}',\\
  setvar:'tx.restricted_headers_basic=${restrictedHeaders}'"

# A manifest is JSON whatever its media type says: its values are judged, not their punctuation.
SecRule REQUEST_METHOD "@streq PUT" "id:1000,phase:1,nolog,pass,t:none,chain"
  SecRule REQUEST_FILENAME "@rx /manifests/[^/]+$" "t:none,\\
  ctl:requestBodyProcessor=JSON,\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;REQUEST_BODY"

# So is a request for the keeper, whose names may be such words, too.
SecRule REQUEST_METHOD "@streq POST" "id:1005,phase:1,nolog,pass,t:none,chain"
  SecRule REQUEST_FILENAME "@rx ^${keeperPath}$" "t:none,\\
  ctl:requestBodyProcessor=JSON,\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;REQUEST_BODY"
${Object.entries(legalFields).map(legalField).join("")}
# Legal paths and arguments cannot attack, and may be words that rules look for, such as etc/passwd.
SecRule REQUEST_FILENAME "@rx ^(?:${legalPath}|${keeperPath})$" "id:1001,phase:1,nolog,pass,t:none,\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;REQUEST_FILENAME,\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;REQUEST_BASENAME"
${Object.entries(legalArguments).map(legalArgument).join("")}
# Log4Shell: the rule set 3.3 looks for it in few places.
SecRule ARGS_GET|ARGS_GET_NAMES|REQUEST_COOKIES|REQUEST_HEADERS|!REQUEST_HEADERS:Authorization "@rx \\$\\{[^}]{0,40}[:$]" "id:1003,phase:2,\\
  log,deny,status:403,t:none,t:urlDecodeUni,t:htmlEntityDecode,msg:'A lookup of a logging library'"

Include ${ruleSetLink}/rules/REQUEST-*.conf

SecRule REQBODY_ERROR "!@eq 0" "id:1002,phase:2,log,deny,status:400,t:none,msg:'The body cannot be read'"
SecRule &ARGS "@ge ${mostValues}" "id:1004,phase:2,log,deny,status:400,t:none,msg:'The body has too many values'"

SecRuleUpdateTargetByTag "OWASP_CRS" "!REQUEST_HEADERS:Authorization"
# Free text that the registry keeps as it is: licences, scripts, addresses, signatures.
SecRuleUpdateTargetByTag "OWASP_CRS" "!ARGS:/^json\\.(?:.*\\.)?annotations\\./"
SecRuleUpdateTargetByTag "OWASP_CRS" "!ARGS_NAMES:/^json\\.(?:.*\\.)?annotations\\./"
# Legal texts cannot attack, and may be words that rules look for, such as application/x-powershell.
${Object.entries(legalTexts).map(legalText).join("")}${[...unfitRules, ...settings.excludedRules].map((id) => `SecRuleRemoveById ${id}\n`).join("")}`;
}

function legalArgument([key, pattern]: [string, string], index: number): string {
  return `SecRule ARGS_GET:${key} "@rx ^${pattern}$" "id:${1100 + index},phase:1,nolog,pass,t:none,\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;ARGS:${key},\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;ARGS_GET:${key}"
`;
}

function legalText([field, pattern]: [string, string], index: number): string {
  const target = `/^json\\.(?:.*\\.)?${field}$/`;
  return `SecRule ARGS:${target} "!@rx ^${pattern}$" "id:${1300 + index},phase:2,log,deny,status:403,t:none,\\
  msg:'A text of a manifest that is none of its kind'"
SecRuleUpdateTargetByTag "OWASP_CRS" "!ARGS:${target}"
`;
}

function legalField([key, pattern]: [string, string], index: number): string {
  return `SecRule ARGS:json.${key} "@rx ^${pattern}$" "id:${1200 + index},phase:2,nolog,pass,t:none,chain"
  SecRule REQUEST_FILENAME "@rx ^${keeperPath}$" "t:none,\\
  ctl:ruleRemoveTargetByTag=OWASP_CRS;ARGS:json.${key}"
`;
}
