/**
 * Parses distinguished names as text (RFC 2253). A search for `CN=…` would also match inside the value of another
 * attribute, or at the start of a longer name.
 */

export interface Attribute {
  /** In upper case: `CN`, `O`, or an object identifier. */
  type: string;
  value: string;
}

/** All attributes in order, also of multi-valued parts (`CN=a+O=b`); null if the text is not a distinguished name. */
export function parseDistinguishedName(text: string): Attribute[] | null {
  const attributes: Attribute[] = [];
  if (text === "") return attributes;
  let at = 0;
  for (;;) {
    const type = TYPE.exec(text.slice(at));
    if (type === null) return null;
    at += type[0].length;
    const value = readValue(text, at);
    if (value === null) return null;
    attributes.push({ type: (type[1] ?? "").toUpperCase().replace(/^OID\./, ""), value: value.text });
    if (value.end === text.length) return attributes;
    at = value.end + 1;
  }
}

/** A keyword or an object identifier, then `=`. RFC 2253 section 4 requires parsers to allow spaces around both. */
const TYPE = /^ *([A-Za-z][A-Za-z0-9-]*|(?:OID\.)?\d+(?:\.\d+)*) *= */i;

const SEPARATORS = ",;+";
const SPECIAL = ',=+<>#;\\" ';

/** The value that starts at `start`, and the position of the separator after it. */
function readValue(text: string, start: number): { text: string; end: number } | null {
  if (text[start] === '"') return readQuoted(text, start);
  // `#` starts a value in hexadecimal BER, which the names checked here do not use.
  if (text[start] === "#") return null;
  const bytes: number[] = [];
  let at = start;
  // Length to keep when trailing spaces are removed. An escaped space is kept.
  let kept = 0;
  while (at < text.length && !SEPARATORS.includes(text.charAt(at))) {
    if (text[at] === "\\") {
      const pair = readPair(text, at);
      if (pair === null) return null;
      bytes.push(...pair.bytes);
      at = pair.end;
      kept = bytes.length;
    } else if (text[at] === '"' || text[at] === "=" || text[at] === "<" || text[at] === ">") {
      return null;
    } else {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(char));
      at += char.length;
      if (char !== " ") kept = bytes.length;
    }
  }
  const value = decode(bytes.slice(0, kept));
  return value === null ? null : { text: value, end: at };
}

/** The quoted form of RFC 1779, which RFC 2253 requires parsers to accept. */
function readQuoted(text: string, start: number): { text: string; end: number } | null {
  const bytes: number[] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === "\\") {
      const pair = readPair(text, at);
      if (pair === null) return null;
      bytes.push(...pair.bytes);
      at = pair.end;
    } else {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...encoder.encode(char));
      at += char.length;
    }
  }
  if (text[at] !== '"') return null;
  at++;
  while (text[at] === " ") at++;
  if (at < text.length && !SEPARATORS.includes(text.charAt(at))) return null;
  const value = decode(bytes);
  return value === null ? null : { text: value, end: at };
}

/** After a backslash: a special character, or a byte as two hexadecimal digits. */
function readPair(text: string, at: number): { bytes: number[]; end: number } | null {
  const hex = /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3));
  if (hex !== null) return { bytes: [Number.parseInt(hex[0], 16)], end: at + 3 };
  const char = text.charAt(at + 1);
  if (char === "" || !SPECIAL.includes(char)) return null;
  return { bytes: [char.charCodeAt(0)], end: at + 2 };
}

const encoder = new TextEncoder();

function decode(bytes: readonly number[]): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/** Cloudflare's result for the client certificate, from `request.cf.tlsClientAuth`. */
export interface ClientCertificate {
  certPresented: string;
  certVerified: string;
  certRevoked: string;
  certSubjectDNRFC2253: string;
}

/** The common name of the certificate that Meta presents. */
const META_COMMON_NAME = "client.webhooks.fbclientcerts.com";

export type CertificateRefusal = "not_presented" | "not_verified" | "revoked" | "wrong_name";

/** Why the certificate is not Meta's; null if it is. */
export function refuseCertificate(certificate: Partial<ClientCertificate> | undefined): CertificateRefusal | null {
  if (certificate?.certPresented !== "1") return "not_presented";
  if (certificate.certVerified !== "SUCCESS") return "not_verified";
  if (certificate.certRevoked !== "0") return "revoked";
  const attributes = parseDistinguishedName(certificate.certSubjectDNRFC2253 ?? "") ?? [];
  const names = attributes.filter(({ type }) => type === "CN" || type === COMMON_NAME_OID);
  // With two common names it is unclear which one the certificate proves.
  return names.length === 1 && names[0]?.value === META_COMMON_NAME ? null : "wrong_name";
}

const COMMON_NAME_OID = "2.5.4.3";
