/** Meta's ids in the soak, derived from the number of an event. */

/** Part of every comment and message; must not be in any log. */
export const TEXT_CANARY = "kestrel-canary-9203";
/** Start of every access token; must not be in any file. */
export const TOKEN_CANARY = "IGQWsoaktokencanary";

const pad = (n: number, length: number): string => String(n).padStart(length, "0");

export const accountIdOf = (account: number): string => `17841${pad(account, 12)}`;
export const tokenOf = (accountId: string): string => `${TOKEN_CANARY}${accountId}`;
export const commentIdOf = (n: number): string => `1798${pad(n, 13)}`;
export const personIdOf = (n: number): string => `1045${pad(n, 12)}`;
export const messageIdOf = (n: number): string => `aWdfZAG1soak${pad(n, 9)}`;
export const mediaIdOf = (accountId: string, n: number): string => `1805${accountId.slice(-6)}${pad(n % 3, 7)}`;

/** The number of the event to which a comment or a person belongs. */
export const numberOf = (id: string): number => Number(id.slice(4));

/** The event id that Replyline documents (storage.md). */
export const eventIdOf = (accountId: string, kind: "comment" | "message" | "echo", id: string): string =>
  `instagram:${accountId}:${kind}:${id}`;

/** Texts of the automations. */
export const PRIVATE_TEXT = (commentId: string): string => `Here is what you asked for: ${commentId}`;
export const PUBLIC_TEXT = "Sent! Look at your messages.";
export const MESSAGE_TEXT = "Thank you for writing.";
