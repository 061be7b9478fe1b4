/** Every kind that can be asked for by name. */
import { COMMENT_KINDS } from "./comments.ts";
import { CONVERSATION_KINDS } from "./conversations.ts";
import { IRREGULAR_KINDS } from "./irregulars.ts";
import type { Kind } from "./kind.ts";
import { MESSAGE_KINDS } from "./messages.ts";
import { PAGE_KINDS } from "./pages.ts";

export const KINDS: readonly Kind[] = [
  ...COMMENT_KINDS,
  ...MESSAGE_KINDS,
  ...CONVERSATION_KINDS,
  ...PAGE_KINDS,
  ...IRREGULAR_KINDS,
];
