/** The state of one scenario run: the people and media, the deliveries sent, and the Graph calls seen. */
import type { ExpectedReply, Call } from "../../scenario/report-types.ts";
import type { Scenario } from "../../scenario/scenario-file.ts";
import { comment } from "../../notifications/comment-notifications.ts";
import { instagramObjectId, personId, type Random } from "../../notifications/meta-ids.ts";
import { envelope, type BuildContext, type Item } from "../../notifications/delivery-body.ts";
import { toWire } from "../../notifications/wire-format.ts";
import { succeeded } from "../../delivery/delivery-attempt.ts";
import type { ReplylineClient, SimulatorClient } from "../api-clients.ts";

export type PlannedReply = Omit<ExpectedReply, "deliveredAt">;

export interface Block {
  accountId: string | null;
  from: number;
  to: number;
}

export class RunState {
  readonly scenario: Scenario;
  readonly meta: SimulatorClient;
  /** null: the receiver is not Replyline, and its owner sets it up. */
  readonly replyline: ReplylineClient | null;
  readonly random: Random;
  readonly speed: number;
  readonly blocked: Block[] = [];
  readonly calls: Call[] = [];
  /** Updates sent so far, whether accepted or waiting for a retry. */
  updatesSent = 0;
  readonly #sent: { deliveryId: string; about: PlannedReply[] }[] = [];
  readonly #people = new Map<string, string>();
  readonly #media = new Map<string, string>();
  readonly #accountIds: ReadonlySet<string>;
  #lastCall = 0;
  #fetching: Promise<void> | null = null;

  constructor(options: {
    scenario: Scenario;
    meta: SimulatorClient;
    replyline: ReplylineClient | null;
    random: Random;
    speed: number;
  }) {
    this.scenario = options.scenario;
    this.#accountIds = new Set(options.scenario.accounts.map(({ id }) => id));
    this.meta = options.meta;
    this.replyline = options.replyline;
    this.random = options.random;
    this.speed = options.speed;
  }

  buildContext(): BuildContext {
    return { now: Date.now(), random: this.random };
  }

  account(name: string): Scenario["accounts"][number] {
    const found = this.scenario.accounts.find((account) => account.name === name);
    if (found === undefined) throw new Error(`no account ${name}`);
    return found;
  }

  /** The same name is the same person, for each account. */
  person(account: string, name: string): string {
    return this.#named(this.#people, `${account} ${name}`, () => personId(this.random));
  }

  media(name: string): string {
    return this.#named(this.#media, name, () => instagramObjectId(this.random));
  }

  #named(names: Map<string, string>, key: string, make: () => string): string {
    const known = names.get(key);
    if (known !== undefined) return known;
    const made = make();
    names.set(key, made);
    return made;
  }

  /** Sends one delivery, `times` times, and records the replies that it must cause. */
  async deliver(items: readonly Item[], about: readonly PlannedReply[], label: string, times = 1): Promise<void> {
    const body = toWire(envelope(items));
    this.updatesSent += items.length;
    const bodies = Array.from({ length: times }, () => body);
    for (const { id } of await this.meta.deliver(bodies, { label })) {
      this.#sent.push({ deliveryId: id, about: [...about] });
    }
  }

  comment(account: string, options: { id: string; asking: boolean; media: string; live: boolean }): Item {
    const from = personId(this.random);
    return comment(
      {
        accountId: this.account(account).id,
        id: options.id,
        text: options.asking ? `${this.scenario.keyword} please 🙏` : "love this",
        from: { id: from, username: `reader.${from.slice(-5)}` },
        mediaId: this.media(options.media),
        live: options.live,
      },
      this.buildContext(),
    );
  }

  /** Calls made before the run do not count. Call this once, before the first step. */
  async begin(): Promise<void> {
    this.#lastCall = (await this.meta.status()).lastCall;
  }

  /** Fetches the Graph calls since the last time. Concurrent callers share one fetch, so no call counts twice. */
  fetchCalls(): Promise<void> {
    this.#fetching ??= this.#fetchNewCalls().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetchNewCalls(): Promise<void> {
    for (const call of await this.meta.calls(this.#lastCall)) {
      this.#lastCall = call.seq;
      // Other accounts may be in use at the same time.
      if (call.accountId === null || this.#accountIds.has(call.accountId)) this.calls.push(call);
    }
  }

  /** The expected replies, with the time at which the receiver accepted each event, and the number of deliveries it has not accepted. */
  async expected(): Promise<{ expected: ExpectedReply[]; notTaken: number }> {
    const attempts = new Map<string, number>();
    for (const delivery of await this.meta.deliveries()) {
      const taken = delivery.attempts.find(succeeded);
      if (taken !== undefined) attempts.set(delivery.id, taken.at);
    }
    const expected = new Map<string, ExpectedReply>();
    let notTaken = 0;
    for (const { deliveryId, about } of this.#sent) {
      const deliveredAt = attempts.get(deliveryId);
      if (deliveredAt === undefined) {
        notTaken += 1;
        continue;
      }
      for (const item of about) {
        const known = expected.get(item.id);
        if (known === undefined || deliveredAt < known.deliveredAt) expected.set(item.id, { ...item, deliveredAt });
      }
    }
    return { expected: [...expected.values()], notTaken };
  }
}
