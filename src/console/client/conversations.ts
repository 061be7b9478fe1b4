/** The people who have contacted the account, most recent first. */
import { span } from "../format.ts";
import { conversationPath } from "../paths.ts";
import { accountApi, accountId, get, type Page, query } from "./api.ts";
import { now } from "./server-time.ts";
import { agoElement } from "./clock.ts";
import { button, empty, failure, fill, form, h, part } from "./dom.ts";
import type { ConversationItem } from "../../api/conversation.ts";
import { emptyPeople } from "./empty-people.ts";

const PAGE = 50;
const MAX_ROWS = 500;

export function startConversations(): void {
  const host = part("people");
  const filter = form("filter");
  let items: ConversationItem[] = [];
  let cursor: string | null = null;
  let generation = 0;
  let typing: ReturnType<typeof setTimeout> | undefined;

  /** What is asked for; the answer is drawn with what was asked then. */
  let asked = { search: "", held: false };

  const read = (from: string | null): Promise<Page<ConversationItem>> => {
    const data = new FormData(filter);
    const search = data.get("search");
    asked = { search: typeof search === "string" ? search.trim() : "", held: data.get("held") === "on" };
    return get(accountApi(`/conversations${query({ ...asked, limit: PAGE, cursor: from })}`));
  };
  const draw = (): void => {
    const { title, text } = emptyPeople(asked);
    fill(
      host,
      items.length === 0 ? empty(title, text) : h("ul", { class: "people-list" }, items.map(personRow)),
      cursor !== null && items.length < MAX_ROWS && button("Load more", () => load(cursor)),
    );
  };
  const load = async (from: string | null): Promise<void> => {
    const own = ++generation;
    try {
      const page = await read(from);
      if (own !== generation) return;
      items = from === null ? page.items : [...items, ...page.items];
      cursor = page.nextCursor;
      draw();
    } catch (error) {
      if (own !== generation) return;
      // What is there stays; that there is no more for now is said by the button.
      if (from !== null) throw error;
      fill(
        host,
        failure(error, () => load(null)),
      );
    }
  };
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => void load(null), 200);
  });
  void load(null);
}

function personRow(person: ConversationItem): HTMLElement {
  return h(
    "li",
    {},
    h(
      "a",
      { href: conversationPath(accountId(), person.personId) },
      h("span", { class: "avatar", "aria-hidden": "true" }, initial(person)),
      h(
        "span",
        { class: "person" },
        h("b", {}, person.username === null ? person.personId : `@${person.username}`),
        person.username !== null && h("span", { class: "muted mono" }, person.personId),
      ),
      h("span", { class: "pills" }, statePills(person)),
      agoElement(person.updatedAt),
    ),
  );
}

export const initial = ({ username, personId }: ConversationItem): string =>
  (username ?? personId).slice(0, 1).toUpperCase();

export function statePills({ windowClosesAt, heldUntil, heldBy }: ConversationItem): HTMLElement[] {
  const pills: HTMLElement[] = [];
  if (heldUntil !== null) {
    const who = heldBy === "person" || heldBy === null ? "human handover" : `app ${heldBy} has taken over`;
    pills.push(h("span", { class: "pill warn" }, `Automations paused: ${who}`));
  }
  if (windowClosesAt !== null) {
    const left = windowClosesAt - now();
    pills.push(
      left > 0
        ? h("span", { class: "pill good" }, `Reply window: ${span(left)} left`)
        : h("span", { class: "pill" }, "Reply window closed"),
    );
  }
  return pills;
}
