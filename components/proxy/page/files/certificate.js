// When the certificate ends, read from its DER as X.509 lays it out: the second value of its validity.

/** An element of DER: where its value begins and ends, and what kind it is. */
function element(der, start) {
  let length = der[start + 1];
  let begin = start + 2;
  if (length > 127) {
    const count = length & 127;
    length = der.slice(begin, begin + count).reduce((sum, byte) => sum * 256 + byte, 0);
    begin += count;
  }
  return { kind: der[start], begin, end: begin + length };
}

/** The elements in another one. */
function inside(der, { begin, end }) {
  const found = [];
  for (let place = begin; place < end; place = found.at(-1).end) found.push(element(der, place));
  return found;
}

/** The end of the first certificate of a PEM text. */
export function endOf(pem) {
  const text = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(pem)[1].replace(/\s/g, "");
  const der = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const fields = inside(der, inside(der, element(der, 0))[0]);
  // The version stands before the others, but in the oldest kind.
  const validity = fields[fields[0].kind === 0xa0 ? 4 : 3];
  const { kind, begin, end } = inside(der, validity)[1];
  const digits = String.fromCharCode(...der.slice(begin, end));
  const year = kind === 0x17 ? `${Number(digits.slice(0, 2)) < 50 ? 20 : 19}` : "";
  const [, y, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(
    year + digits,
  );
  return new Date(Date.UTC(y, month - 1, day, hour, minute, second));
}
