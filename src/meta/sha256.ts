/**
 * SHA-256 without waiting: WebCrypto's digest is asynchronous, and would make identity, and with it the whole reader,
 * asynchronous for the few keys that need one. It only names things, where no secret is involved; signatures are
 * WebCrypto's.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The SHA-256 of a text's UTF-8 bytes, as 64 hex digits. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));
