/** All kinds of notifications that have a command. */
import { COMMENT_KINDS } from "./comment-kinds.ts";
import { CONVERSATION_KINDS } from "./conversation-kinds.ts";
import { IRREGULAR_KINDS } from "./irregular-kinds.ts";
import type { Kind } from "./notification-kind.ts";
import { MESSAGE_KINDS } from "./message-kinds.ts";
import { PAGE_KINDS } from "./page-kinds.ts";

export const KINDS: readonly Kind[] = [
  ...COMMENT_KINDS,
  ...MESSAGE_KINDS,
  ...CONVERSATION_KINDS,
  ...PAGE_KINDS,
  ...IRREGULAR_KINDS,
];
