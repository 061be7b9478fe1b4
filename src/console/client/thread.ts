/** The conversation between the account and one person. */
import { eventPath } from "../paths.ts";
import { EVENT_LABELS, REPLY_LABELS, STATE_LABELS } from "../labels.ts";
import { factsChanged } from "./account-watch.ts";
import { accountApi, accountId, api, get, query } from "./api.ts";
import { agoElement, countdownElement, exactly } from "./clock.ts";
import { initial, statePills } from "./conversations.ts";
import { button, failure, fill, h, part } from "./dom.ts";
import { Live } from "./live.ts";
import type { LiveMessage } from "../../api/feed.ts";
import type { Thread } from "../../api/conversation.ts";
import { automationNames } from "./automation-names.ts";
import { update } from "./patch.ts";
import { learnReasons, explainReason } from "./reasons.ts";
import { toast, toastError } from "./toast.ts";

const PAGE = 50;
/** Kinds that say nothing in a thread. */
const SILENT = new Set(["seen", "delivery", "message_edit"]);

export function startThread(): void {
  const host = part("thread");
  const personId = document.body.dataset["person"] ?? "";
  const path = accountApi(`/conversations/${encodeURIComponent(personId)}`);
  let thread: Thread | null = null;
  let earlier: Thread["items"] = [];
  let cursor: string | null = null;
  let nameOf: (id: string) => string = (id) => id;

  const draw = (): void => {
    if (thread === null) return;
    const items = [...earlier, ...thread.items];
    update(
      host,
      head(thread),
      cursor !== null && button("Earlier messages", more, { class: "quiet" }),
      h(
        "ol",
        { class: "bubbles-thread", "data-key": "bubbles" },
        items.filter(({ kind }) => !SILENT.has(kind)).map((item) => bubble(item, nameOf)),
      ),
    );
  };
  const load = async (): Promise<void> => {
    try {
      const [page, names] = await Promise.all([get<Thread>(`${path}${query({ limit: PAGE })}`), automationNames()]);
      await learnReasons(page.items.map(({ reason }) => reason));
      if (thread === null) cursor = page.nextCursor;
      nameOf = names;
      const first = thread === null;
      thread = page;
      draw();
      if (first) scrollToEnd(host);
    } catch (error) {
      // What is there stays: the live indicator shows that the page is disconnected.
      if (thread === null) fill(host, failure(error, load));
    }
  };
  const more = async (): Promise<void> => {
    const page = await get<Thread>(`${path}${query({ limit: PAGE, cursor })}`);
    earlier = [...page.items, ...earlier];
    cursor = page.nextCursor;
    draw();
  };
  const head = ({ conversation }: Thread): HTMLElement => {
    const held = conversation.heldUntil !== null;
    return h(
      "header",
      { class: "thread-head" },
      h("span", { class: "avatar", "aria-hidden": "true" }, initial(conversation)),
      h(
        "div",
        {},
        h("h1", {}, conversation.username === null ? conversation.personId : `@${conversation.username}`),
        h("p", { class: "muted mono" }, conversation.personId),
      ),
      h("span", { class: "pills" }, statePills(conversation)),
      held &&
        h(
          "div",
          { class: "hand-back" },
          h("span", { class: "muted" }, "Automations resume ", countdownElement(conversation.heldUntil ?? 0)),
          button("Resume automations now", handBack, { class: "small primary", "data-act": "hand-back" }),
        ),
    );
  };
  const handBack = async (): Promise<void> => {
    try {
      await api("POST", `${path}/hand-back`);
      toast("Automations are on again for this person.");
      await load();
    } catch (error) {
      toastError(error);
    }
  };
  new Live<LiveMessage>({
    message: ({ events, replies, truncated }) => {
      factsChanged();
      const own =
        events.some((row) => row.personId === personId) || replies.some((reply) => reply.personId === personId);
      if (own || truncated) void load();
    },
    connected: () => {
      factsChanged();
      void load();
    },
  }).start();
  void load();
}

/** Not with `scrollIntoView()`, which moves the start of the Tab order in Chromium (tabs.ts). */
function scrollToEnd(host: HTMLElement): void {
  const last = host.querySelector("ol > :last-child");
  if (last !== null) scrollBy(0, Math.max(0, last.getBoundingClientRect().bottom - innerHeight));
}

const SIDES = { person: "in", replyline: "out", account: "out by-hand", proof: "proof" } as const;

function bubble(item: Thread["items"][number], nameOf: (id: string) => string): HTMLElement {
  const { by, at, kind, text, state, reason, automationId, sentAt, eventId, replyId } = item;
  // Those that are there already stay in their place when earlier ones are read.
  const key = `${by} ${replyId ?? eventId ?? at}`;
  if (by === "proof") return h("li", { class: "proof muted", "data-key": key }, "Delivery confirmed by an echo.");
  const said =
    state === null
      ? null
      : reason === null
        ? STATE_LABELS[state]
        : `${STATE_LABELS[state]}: ${explainReason(reason).text}`;
  const who =
    by === "account"
      ? "sent from the inbox or another app"
      : by === "replyline"
        ? automationId === null
          ? "requested through the API"
          : nameOf(automationId)
        : (EVENT_LABELS[kind as keyof typeof EVENT_LABELS] ?? kind);
  return h(
    "li",
    { class: SIDES[by], "data-key": key },
    h("p", { class: `bubble ${state ?? ""}`, title: exactly(sentAt ?? at) }, text ?? `[${kind.replaceAll("_", " ")}]`),
    h(
      "p",
      { class: "muted small" },
      who,
      by === "replyline" && `, ${REPLY_LABELS[kind as keyof typeof REPLY_LABELS] ?? kind}`.toLowerCase(),
      " · ",
      agoElement(sentAt ?? at),
      said !== null && h("span", { class: `state-label ${state ?? ""}` }, ` · ${said}`),
      eventId !== null && by === "person" && [" · ", h("a", { href: eventPath(accountId(), eventId) }, "event")],
    ),
  );
}
