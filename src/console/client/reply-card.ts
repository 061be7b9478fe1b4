/** One reply: its text, state and reason, and what a person can do with it. */
import { span } from "../format.ts";
import { conversationPath, eventPath } from "../paths.ts";
import { REPLY_LABELS, STATE_LABELS } from "../labels.ts";
import { factsChanged, waiting } from "./account-watch.ts";
import { accountId } from "./api.ts";
import { now } from "./server-time.ts";
import { agoElement, countdownElement, stampElement } from "./clock.ts";
import { type Child, h } from "./dom.ts";
import type { ReplyItem } from "../../api/reply.ts";
import { explainReason } from "./reasons.ts";
import { type Done, replyActions } from "./reply-actions.ts";

/** Later than due by more than this, the pace is the reason, and is said. */
const PACED_MS = 1_500;

export function replyCard(reply: ReplyItem, nameOf: (id: string) => string, done: Done): HTMLElement {
  return h(
    "article",
    {
      class: `reply ${reply.state}`,
      // For the focus that has to go somewhere when a button of it goes.
      tabindex: -1,
      "data-id": reply.id,
      "aria-label": `${REPLY_LABELS[reply.kind]}, ${STATE_LABELS[reply.state]}`,
    },
    h(
      "header",
      {},
      h("span", { class: `state ${reply.state}` }, h("i", { class: `dot ${reply.state}` }), STATE_LABELS[reply.state]),
      h("span", { class: "muted" }, REPLY_LABELS[reply.kind], !besideItsEvent() && [" to ", target(reply)]),
      h(
        "span",
        { class: "muted by" },
        reply.automationId === null ? "requested through the API" : nameOf(reply.automationId),
      ),
      when(reply),
    ),
    asked(reply),
    h("p", { class: "message-text" }, reply.message.text ?? `[${reply.message.attachment?.type ?? "attachment"}]`),
    why(reply),
    h("footer", {}, replyActions(reply, done), links(reply)),
  );
}

/** In the feed the person and the event stand above the card. */
const besideItsEvent = (): boolean => document.body.dataset["page"] === "feed";

function target(reply: ReplyItem): Child {
  const { personId, username } = reply;
  if (personId !== null) {
    const props = { href: conversationPath(accountId(), personId), title: personId };
    return username === null
      ? h("a", { ...props, class: "mono" }, personId)
      : h("a", { ...props, class: "name" }, `@${username}`);
  }
  return h("span", { class: "mono" }, "commentId" in reply.to ? `comment ${reply.to.commentId}` : reply.to.recipientId);
}

/** What the person wrote: by it they are found again in the inbox. */
function asked({ eventText }: ReplyItem): Child {
  if (eventText === null || eventText === "" || besideItsEvent()) return null;
  return h("p", { class: "asked" }, h("span", { class: "visually-hidden" }, "Original message: "), eventText);
}

function when(reply: ReplyItem): HTMLElement {
  switch (reply.state) {
    case "pending": {
      const { dueAt, estimatedAt } = reply;
      const waits = waiting();
      if (waits !== null) return h("span", { class: "when waits" }, waits);
      if (estimatedAt === null) {
        // The account knows of something that this page has not heard of yet.
        factsChanged();
        return h("span", { class: "when waits" }, "waits");
      }
      const paced = estimatedAt > Math.max(dueAt, now()) + PACED_MS;
      return h(
        "span",
        { class: "when" },
        "due ",
        countdownElement(dueAt),
        paced && [", expected ", countdownElement(estimatedAt), " (rate limit)"],
      );
    }
    case "sending":
      return h(
        "span",
        { class: "when" },
        `attempt ${reply.attempts}`,
        reply.attemptAt !== null && [", ", agoElement(reply.attemptAt)],
      );
    case "sent":
      return h("span", { class: "when" }, reply.sentAt !== null && agoElement(reply.sentAt));
    default:
      return h("span", { class: "when" }, agoElement(reply.attemptAt ?? reply.createdAt));
  }
}

/** Meta's reason, or ours; and for what is uncertain, everything that is known. */
function why(reply: ReplyItem): Child {
  if (reply.state === "uncertain") return evidence(reply);
  if (reply.reason === null) return null;
  const { text, advice, code } = explainReason(reply.reason);
  return h(
    "p",
    { class: "why" },
    text,
    code !== null && code !== text && codeMark(code),
    advice !== null && h("span", { class: "muted" }, ` ${advice}`),
  );
}

const codeMark = (code: string): HTMLElement => h("span", { class: "code-mark" }, " Code ", h("code", {}, code), ".");

function evidence(reply: ReplyItem): HTMLElement {
  const reason = reply.reason === null ? null : explainReason(reply.reason);
  const lines: Child[] = [
    reply.attemptAt !== null &&
      h("li", {}, `Attempt ${reply.attempts} was sent at `, stampElement(reply.attemptAt), "."),
    reason !== null && h("li", {}, reason.text, reason.code !== null && codeMark(reason.code)),
    h("li", {}, reply.messageId === null ? "No echo has arrived." : `Meta's message id: ${reply.messageId}.`),
    h(
      "li",
      {},
      reply.kind === "private_reply"
        ? "Meta accepts one private reply per comment: a retry that Meta rejects confirms the delivery."
        : "A retry could deliver it twice, so it is on hold.",
    ),
    h(
      "li",
      {},
      now() < reply.expiresAt
        ? `Meta's reply window closes in ${span(reply.expiresAt - now())}.`
        : "Meta's reply window has closed.",
    ),
  ];
  return h("div", { class: "evidence" }, h("b", {}, "What is known"), h("ul", {}, lines));
}

function links(reply: ReplyItem): Child {
  if (reply.eventId === null || besideItsEvent()) return null;
  return h("a", { href: eventPath(accountId(), reply.eventId), class: "quiet-link" }, "Open event");
}
