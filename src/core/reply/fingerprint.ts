/**
 * The content of a message as far as it survives the way through Meta and back: an echo is compared with what was sent by
 * this. Meta folds white space, may add a slash to an address, and repeats a template's words in `text` or inside the
 * attachment.
 */
import type { MessageContent } from "../automation/automation.ts";

export interface Fingerprint {
  /** Folded texts: the message's own, and a template's texts, titles and subtitles. */
  words: ReadonlySet<string>;
  /** `image`, `video`, `audio`, `file`, `template` …; null: no attachment. */
  attachment: string | null;
}

/** Keys of a template whose values Meta shows as text. */
const TEXT_KEYS: ReadonlySet<string> = new Set(["text", "title", "subtitle"]);
const MAX_DEPTH = 12;

/** @param attachments in the Send API's form, or as an echo has them */
export function fingerprint(
  text: string | null,
  attachments: readonly { type: string | null; payload?: unknown }[],
): Fingerprint {
  const words = new Set<string>();
  if (text !== null) add(words, text);
  for (const { payload } of attachments) collect(words, payload, MAX_DEPTH);
  return { words, attachment: attachments[0]?.type ?? null };
}

/** Of a message that is to be sent. */
export const fingerprintOf = ({ text, attachment }: MessageContent): Fingerprint =>
  fingerprint(text ?? null, attachment === undefined ? [] : [attachment]);

/**
 * Whether an echo can be the echo of this message. Words must agree; an attachment's kind alone proves nothing, because
 * a person who sends a photo from the inbox sends one of the same kind.
 */
export function isEchoOf(sent: Fingerprint, echo: Fingerprint): boolean {
  if (sent.words.size === 0 || echo.words.size === 0) return false;
  // A plain text and a template with the same words are two messages, unless Meta reduced the template to its text.
  if (echo.attachment !== null && echo.attachment !== sent.attachment) return false;
  return [...echo.words].every((word) => sent.words.has(word));
}

/** White space, Unicode form and a slash behind an address do not count. */
export function foldEchoText(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/(https?:\/\/\S*?)\/(?=\s|$)/gu, "$1")
    .trim();
}

function add(words: Set<string>, text: string): void {
  const folded = foldEchoText(text);
  if (folded !== "") words.add(folded);
}

function collect(words: Set<string>, value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null || depth === 0) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") {
      if (TEXT_KEYS.has(key)) add(words, inner);
    } else collect(words, inner, depth - 1);
  }
}
