/** Notifications about the account's own replies: echoes of messages, and its public replies as comments. */
import type { Prng } from "../prng.ts";
import type { World } from "../world.ts";
import { commentItem, echoItem, OWN_AUTHOR_FORMS, type CommentFacts, type Item, type MessageFacts } from "./items.ts";
import type { Effect, MetaAccount, Prompt } from "./history.ts";

export class Echoes {
  readonly #world: World;
  readonly #prng: Prng;

  constructor(world: World) {
    this.#world = world;
    this.#prng = world.sim.prng.fork("echoes");
  }

  /** The echo of our own message or private reply. */
  message(account: MetaAccount, personId: string, effect: Effect, metadata: string | null): void {
    const { nemesis } = this.#world.sim;
    const { mid, text, at } = effect;
    const fault = nemesis.pick("meta.echo", ["echo_late", "echo_lost", "echo_twice"]);
    if (fault === "echo_lost") return;
    const facts: MessageFacts = { mid, accountId: account.id, platform: account.platform, personId, text, at };
    const delayMs = fault === "echo_late" ? this.#prng.between(10_000, 3 * 3_600_000) : this.#prng.latency(300);
    this.#registerAwake(effect, at + delayMs, () => echoItem(facts, "us", metadata, false));
    if (fault === "echo_twice") {
      this.#registerAwake(effect, at + delayMs + this.#prng.latency(300), () => echoItem(facts, "us", metadata, true));
    }
  }

  /** Our own public reply comes back as a comment of the account. */
  comment(account: MetaAccount, prompt: Prompt, effect: Effect): void {
    const { nemesis } = this.#world.sim;
    const fault = nemesis.pick("meta.echo", ["echo_lost", "own_comment_renamed"]);
    if (fault === "echo_lost") return;
    const renamed = fault === "own_comment_renamed";
    const facts: CommentFacts = {
      id: effect.mid,
      accountId: account.id,
      platform: account.platform,
      personId: account.id,
      mediaId: prompt.mediaId,
      parentId: prompt.id,
      text: effect.text,
      at: effect.at,
      live: prompt.kind === "live_comment",
      own: true,
      ad: false,
      ...(renamed ? { author: this.#prng.pick(OWN_AUTHOR_FORMS) } : {}),
    };
    this.#registerAwake(effect, effect.at + this.#prng.latency(300), () => {
      const item = commentItem(facts, effect.at);
      this.#world.history.tell(ownPrompt(facts, prompt, item));
      return item;
    });
  }

  #registerAwake(effect: Effect, at: number, write: () => Item): void {
    this.#world.plan(at, () => {
      const item = write();
      effect.echoes.push(item);
      this.#world.add(item);
      this.#world.deliveries.registerAwake(item);
    });
  }
}

/** An own comment is never answered, whatever it says. */
function ownPrompt({ id, accountId, personId, mediaId, text, at }: CommentFacts, parent: Prompt, item: Item): Prompt {
  return {
    id,
    kind: parent.kind,
    accountId,
    personId,
    mediaId,
    at,
    text,
    wanted: [],
    never: "own",
    items: [item],
    askedAt: null,
    goneAt: null,
    goneItem: null,
    windowEndsAt: parent.windowEndsAt,
    effects: [],
    calls: 0,
    refusals: 0,
    firstCallAt: null,
    poison: null,
  };
}
