/** Notifications about the account's own replies: echoes of messages, and its public replies as comments. */
import type { Prng } from "../prng.ts";
import type { World } from "../world.ts";
import { commentItem, echoItem, type Item, type MessageFacts } from "./items.ts";
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
    if (nemesis.pick("meta.echo", ["echo_lost"]) !== null) return;
    const facts = {
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
    };
    this.#registerAwake(effect, effect.at + this.#prng.latency(300), () => commentItem(facts, effect.at));
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
