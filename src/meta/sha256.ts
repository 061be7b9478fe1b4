/**
 * Synchronous SHA-256. WebCrypto's digest is asynchronous. It would make event ids, and so the whole reader,
 * asynchronous for the few ids that need a hash. This function is only for ids, without secrets; signatures use
 * WebCrypto.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The SHA-256 of a text's UTF-8 bytes, as 64 hex digits. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));
