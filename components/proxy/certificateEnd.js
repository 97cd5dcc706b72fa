// When a certificate ends, from its PEM. X.509 is read as far as that: RFC 5280, section 4.1.

/** The earliest end of all certificates in a text, in seconds since 1970. */
function earliestEnd(pem) {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+/g) || [];
  if (texts.length === 0) throw new Error("no certificate in the file");
  return Math.min.apply(
    null,
    texts.map((text) => endOf(Buffer.from(text.slice(27).replace(/\s/g, ""), "base64"))),
  );
}

/** What is signed has, in this order, maybe a version, a serial number, an algorithm, an issuer and the validity. */
function endOf(der) {
  const signed = content(der, content(der, 0).start);
  let at = signed.start;
  if (der[at] === 0xa0) at = content(der, at).end;
  for (let passed = 0; passed < 3; passed++) at = content(der, at).end;
  const from = content(der, content(der, at).start);
  return timeOf(der, from.end);
}

/** Where the content of an element begins and ends. */
function content(der, at) {
  const first = der[at + 1];
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  let length = 0;
  for (let index = 0; index < first - 0x80; index++) length = length * 256 + der[at + 2 + index];
  const start = at + 2 + first - 0x80;
  return { start, end: start + length };
}

/** A time, whose year has two digits until 2049 and four from then on. */
function timeOf(der, at) {
  const place = content(der, at);
  const text = der.slice(place.start, place.end).toString();
  const digits = der[at] === 0x17 ? (text < "50" ? "20" : "19") + text : text;
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const end = Date.parse(iso) / 1000;
  if (!(end > 0)) throw new Error(`no time: ${text}`);
  return end;
}

export default { earliestEnd };
