const CODE_BYTES = 16;

/** A confirmation code: 128 random bits, in digits that survive being read out. */
export const newErasureCode = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(CODE_BYTES)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Where the state of the request is shown. */
export const erasureUrl = (origin: string, code: string): string => `${origin}/data-deletion/${code}`;
