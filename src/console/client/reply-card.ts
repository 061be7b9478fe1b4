/** One reply: what it says, where it is, why, and what a person can do about it. */
import { span, stamp } from "../format.ts";
import { conversationPath, eventPath } from "../paths.ts";
import { REPLY_WORDS, STATE_WORDS } from "../words.ts";
import { accountApi, accountId, api, now } from "./api.ts";
import { agoElement, countdownElement } from "./clock.ts";
import { ask } from "./dialog.ts";
import { button, type Child, h } from "./dom.ts";
import type { ReplyItem } from "./model.ts";
import { reasonWords } from "./reasons.ts";
import { toast, toastError } from "./toast.ts";

/** Later than due by more than this, the pace is the reason, and is said. */
const PACED_MS = 1_500;

/** What a person has done to it: the reply as it is now; null: that did not work, so it should be read again. */
export type Done = (answer: ReplyItem | null) => Promise<void>;

export function replyCard(reply: ReplyItem, nameOf: (id: string) => string, done: Done): HTMLElement {
  return h(
    "article",
    {
      class: `reply ${reply.state}`,
      // For the focus that has to go somewhere when a button of it goes.
      tabindex: -1,
      "data-id": reply.id,
      "aria-label": `${REPLY_WORDS[reply.kind]}, ${STATE_WORDS[reply.state]}`,
    },
    h(
      "header",
      {},
      h("span", { class: `state ${reply.state}` }, h("i", { class: `dot ${reply.state}` }), STATE_WORDS[reply.state]),
      h("span", { class: "muted" }, REPLY_WORDS[reply.kind], !besideItsEvent() && [" to ", target(reply)]),
      h(
        "span",
        { class: "muted by" },
        reply.automationId === null ? "asked for through the API" : nameOf(reply.automationId),
      ),
      when(reply),
    ),
    h("p", { class: "words" }, reply.message.text ?? `[${reply.message.attachment?.type ?? "attachment"}]`),
    why(reply),
    h("footer", {}, actions(reply, done), links(reply)),
  );
}

/** In the feed the person and the event stand above the card. */
const besideItsEvent = (): boolean => document.body.dataset["page"] === "feed";

function target(reply: ReplyItem): Child {
  if (reply.personId !== null) {
    return h("a", { href: conversationPath(accountId(), reply.personId), class: "mono" }, reply.personId);
  }
  return h("span", { class: "mono" }, "commentId" in reply.to ? `comment ${reply.to.commentId}` : reply.to.recipientId);
}

function when(reply: ReplyItem): HTMLElement {
  switch (reply.state) {
    case "pending": {
      const { dueAt, estimatedAt } = reply;
      const paced = estimatedAt !== null && estimatedAt > Math.max(dueAt, now()) + PACED_MS;
      return h(
        "span",
        { class: "when" },
        "due ",
        countdownElement(dueAt),
        paced && [", paced: leaves ", countdownElement(estimatedAt), " or so"],
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
  const { words, advice, code } = reasonWords(reply.reason);
  return h(
    "p",
    { class: "why" },
    words,
    code !== null && code !== words && codeMark(code),
    advice !== null && h("span", { class: "muted" }, ` ${advice}`),
  );
}

const codeMark = (code: string): HTMLElement => h("span", { class: "code-mark" }, " Code ", h("code", {}, code), ".");

function evidence(reply: ReplyItem): HTMLElement {
  const reason = reply.reason === null ? null : reasonWords(reply.reason);
  const lines: Child[] = [
    reply.attemptAt !== null && h("li", {}, `Attempt ${reply.attempts} left at ${stamp(reply.attemptAt)}.`),
    reason !== null && h("li", {}, reason.words, reason.code !== null && codeMark(reason.code)),
    h("li", {}, reply.messageId === null ? "No echo of it has arrived." : `Meta named it ${reply.messageId}.`),
    h(
      "li",
      {},
      reply.kind === "private_reply"
        ? "Meta takes one private reply a comment: if it is tried again, a refusal proves that it arrived."
        : "Trying again may send it twice, so it is held.",
    ),
    h(
      "li",
      {},
      now() < reply.expiresAt
        ? `Meta's window is open for ${span(reply.expiresAt - now())} more.`
        : "Meta's window has closed.",
    ),
  ];
  return h("div", { class: "evidence" }, h("b", {}, "What is known"), h("ul", {}, lines));
}

function actions(reply: ReplyItem, done: Done): Child {
  const run = async (path: string, said: string, body?: unknown): Promise<void> => {
    let answer: ReplyItem | null = null;
    try {
      answer = await api<ReplyItem>("POST", accountApi(`/replies/${encodeURIComponent(reply.id)}/${path}`), body);
      toast(said);
    } catch (error) {
      toastError(error);
    }
    await done(answer);
  };
  switch (reply.state) {
    case "pending":
      return [
        button("Send now", () => run("send-now", "It leaves as soon as Meta's limits allow."), { class: "small" }),
        button("Cancel", () => run("cancel", "Cancelled."), { class: "small quiet danger" }),
      ];
    case "uncertain":
      return [
        button("It arrived", () => run("resolve", "Noted as sent.", { as: "sent" }), { class: "small primary" }),
        button(
          "It did not: send again",
          async () => {
            const sure = await ask({
              title: "Send it again?",
              text: "Look in the inbox first. If it did arrive, the person gets it twice.",
              action: "Send it again",
              danger: true,
            });
            if (sure !== null) await run("resolve", "It is sent again.", { as: "retry" });
          },
          { class: "small" },
        ),
        button("It did not: leave it", () => run("resolve", "Noted as not sent.", { as: "refused" }), {
          class: "small quiet",
        }),
      ];
    default:
      return null;
  }
}

function links(reply: ReplyItem): Child {
  if (reply.eventId === null || besideItsEvent()) return null;
  return h("a", { href: eventPath(accountId(), reply.eventId), class: "quiet-link" }, "The event");
}
