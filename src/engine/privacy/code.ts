import { bytesToHex } from "@noble/hashes/utils.js";

const CODE_BYTES = 16;

/** A confirmation code: 128 random bits, in digits that survive being read out. */
export const newErasureCode = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));

/** Where the state of the request is shown. */
export const erasureUrl = (origin: string, code: string): string => `${origin}/data-deletion/${code}`;
