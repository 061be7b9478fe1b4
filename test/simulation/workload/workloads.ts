/** Traffic patterns. Each finds bugs that the others hide (README.md). */
import { GUIDE, GUIDE_IN_PUBLIC, GUIDE_WITH_LINK, HELLO, LIVE, PLAIN_PRICE, PRICE } from "./automations.ts";
import type { AccountSpec } from "./stage.ts";
import { HOUR_MS, MINUTE_MS, type Workload } from "./workload.ts";

/** One comment per account, so that no later comment repairs a lost alarm. */
const singles: Workload = {
  name: "singles",
  what: "accounts with one comment each",
  stormMs: 2 * HOUR_MS,
  weather: { alarm_stuck: 0.15, rpc_lost_before: 0.04, rpc_lost_after: 0.02, object_crashed_at_await: 0.006 },
  watchdog: true,
  deployEveryMs: 20 * MINUTE_MS,
  plan(stage, prompts, from) {
    for (let count = 0; count < prompts; count++) {
      const account = stage.account({ platform: stage.prng.chance(0.3) ? "page" : "instagram", automations: [GUIDE] });
      const at = from + stage.prng.between(0, 100 * MINUTE_MS);
      stage.comment(account, at, { mediaId: stage.media(), personId: stage.person(), text: "guide please" });
    }
  },
};

/** The same without a watchdog. Alarms run unless their run has died, so they must be sufficient. */
const unwatched: Workload = {
  ...singles,
  name: "unwatched",
  what: "one comment each, and no watchdog",
  weather: { ...singles.weather, alarm_stuck: 0, alarm_lost_with_run: 1, object_crashed_at_await: 0.02 },
  watchdog: false,
  plan(stage, prompts, from) {
    singles.plan(stage, prompts, from);
    const { scheduler } = stage.world.sim;
    scheduler.at(from + 40 * MINUTE_MS, () => {
      stage.world.sender.awayUntil = scheduler.now + 6 * MINUTE_MS;
    });
  },
};

const busy: Workload = {
  name: "busy",
  what: "accounts with comments all day",
  stormMs: 3 * HOUR_MS,
  // Reading a comment before the send is slow, so that other events can happen in between.
  weather: { read_slow: 0.2, graph_reply_blocked: 0.0015 },
  watchdog: true,
  deployEveryMs: 30 * MINUTE_MS,
  plan(stage, prompts, from) {
    const specs: AccountSpec[] = [
      { platform: "instagram", automations: [GUIDE_IN_PUBLIC] },
      { platform: "instagram", automations: [GUIDE_WITH_LINK], settings: { recheckComments: true } },
      { platform: "page", automations: [GUIDE], settings: { recheckComments: true } },
    ];
    for (const spec of specs) {
      const account = stage.account(spec);
      const { prng } = stage;
      const media = Array.from({ length: 5 }, () => stage.media());
      const people = Array.from({ length: Math.ceil(prompts / 8) }, () => stage.person());
      stage.killToken(account, from + prng.between(0.5, 2) * HOUR_MS, prng.pick([500, 3_000, 20 * MINUTE_MS]));
      for (let count = 0; count < prompts / specs.length; count++) {
        const at = from + prng.between(0, 2.5 * HOUR_MS);
        const personId = prng.pick(people);
        const asks = prng.chance(0.85);
        const own = prng.chance(0.03);
        stage.comment(account, at, {
          mediaId: prng.pick(media),
          personId,
          text: asks ? "guide please" : "nice picture",
          own,
          ...(asks && prng.chance(0.07) ? { deletedAfterMs: prng.between(0, 25_000) } : {}),
          ...(!asks && !own && prng.chance(0.3) ? { answeredAfterMs: prng.between(0, 60_000) } : {}),
        });
        if (prng.chance(0.02)) stage.replay(account, at);
        if (prng.chance(0.04)) stage.human(account, at + prng.between(-5_000, 30_000), personId, "person");
      }
    }
  },
};

/** A viral post: hours of waiting, one reply every few seconds, while quiet posts are served in turn. */
const viral: Workload = {
  name: "viral",
  what: "thousands of comments on one post, a few on others",
  stormMs: 3 * HOUR_MS,
  // Shows rate-limit state that a restart loses. A batch of a thousand is not split.
  weather: { graph_throttled: 0.001, graph_throttled_timed: 0.0005, object_crashed_at_await: 0.004, delivery_recut: 0 },
  watchdog: true,
  deployEveryMs: 10 * MINUTE_MS,
  plan(stage, prompts, from) {
    const { prng } = stage;
    const account = stage.account({ platform: "instagram", automations: [GUIDE] });
    const viralPost = stage.media();
    const quietPosts = Array.from({ length: 4 }, () => stage.media());
    for (let count = 0; count < prompts; count++) {
      const quiet = prng.chance(0.04);
      stage.comment(account, from + (quiet ? prng.between(0, 2 * HOUR_MS) : prng.between(0, 15 * MINUTE_MS)), {
        mediaId: quiet ? prng.pick(quietPosts) : viralPost,
        personId: stage.person(),
        text: "guide please",
      });
    }
  },
};

const live: Workload = {
  name: "live",
  what: "broadcasts: hundreds of comments a minute",
  stormMs: HOUR_MS,
  weather: { delivery_recut: 0.05 },
  watchdog: true,
  deployEveryMs: 8 * MINUTE_MS,
  plan(stage, prompts, from) {
    const { prng } = stage;
    for (let broadcast = 0; broadcast < 2; broadcast++) {
      // Reading each comment before its reply takes from a tenth of a second to several seconds.
      const settings = { recheckComments: broadcast === 1 };
      const account = stage.account({ platform: "instagram", automations: [LIVE, GUIDE], settings });
      const mediaId = stage.media();
      const post = stage.media();
      // A new token during the peak, while attempts with the old one are in flight.
      stage.killToken(account, from + 5 * MINUTE_MS + prng.between(5_000, 25_000), prng.pick([200, 1_000, 3_000]));
      for (let count = 0; count < prompts / 2; count++) {
        // Most of them within half a minute.
        const at =
          from + 5 * MINUTE_MS + (prng.chance(0.6) ? prng.between(0, 30_000) : prng.between(0, 40 * MINUTE_MS));
        const isLive = prng.chance(0.95);
        stage.comment(account, at, {
          mediaId: isLive ? mediaId : post,
          personId: stage.person(),
          text: isLive ? "live now" : "guide please",
          live: isLive,
        });
      }
    }
  },
};

/** Meta has no rule against a second message, so only the ledger prevents it. */
const conversations: Workload = {
  name: "conversations",
  what: "messages, unsent messages, human replies",
  stormMs: 3 * HOUR_MS,
  weather: { graph_timeout_after_effect: 0.02, graph_4xx_after_effect: 0.01 },
  watchdog: true,
  deployEveryMs: 25 * MINUTE_MS,
  plan(stage, prompts, from) {
    const specs: AccountSpec[] = [
      { platform: "instagram", automations: [PRICE, HELLO] },
      { platform: "page", automations: [PRICE, HELLO] },
      { platform: "instagram", automations: [PLAIN_PRICE] },
    ];
    for (const spec of specs) {
      const account = stage.account(spec);
      const { prng } = stage;
      const people = Array.from({ length: Math.ceil(prompts / 12) }, () => stage.person());
      const chatty = stage.person();
      stage.killToken(account, from + prng.between(0.5, 2) * HOUR_MS, prng.pick([500, 3_000, 20 * MINUTE_MS]));
      for (let count = 0; count < prompts / specs.length; count++) {
        const at = from + prng.between(0, 2.5 * HOUR_MS);
        const personId = prng.chance(0.03) ? chatty : prng.pick(people);
        stage.message(account, at, {
          personId,
          text: prng.pick(["price please", "hello there", "hello price", "thanks"]),
          standby: prng.chance(0.03),
          ...(prng.chance(0.1) ? { unsentAfterMs: prng.between(0, 20_000) } : {}),
        });
        if (prng.chance(0.02)) stage.replay(account, at);
        if (prng.chance(0.03)) {
          stage.human(account, at + prng.between(-5_000, 30_000), personId, prng.chance(0.7) ? "person" : "other_app");
        }
      }
    }
  },
};

/** Long outages: tokens dead for days, an object that cannot start, windows that close. */
const outages: Workload = {
  name: "outages",
  what: "tokens dead for days, an object that cannot start",
  stormMs: 6 * HOUR_MS,
  weather: {},
  watchdog: true,
  deployEveryMs: HOUR_MS,
  plan(stage, prompts, from) {
    const { prng } = stage;
    const specs: AccountSpec[] = [
      { platform: "instagram", automations: [GUIDE, PRICE] },
      { platform: "page", automations: [GUIDE, PRICE] },
      { platform: "instagram", automations: [GUIDE, LIVE] },
    ];
    const accounts = specs.map((spec) => stage.account(spec));
    const [day, week, bricked] = accounts;
    if (day === undefined || week === undefined || bricked === undefined) return;
    // Messages expire after a day, private replies after a week.
    stage.killToken(day, from + HOUR_MS, 30 * HOUR_MS);
    stage.killToken(week, from + 2 * HOUR_MS, 7.5 * 24 * HOUR_MS);
    // Longer than all retries of the queue and longer than its retention.
    stage.brick(bricked, from + HOUR_MS, 8 * 24 * HOUR_MS);
    for (let count = 0; count < prompts; count++) {
      const account = prng.pick(accounts);
      const at = from + prng.between(0, 5 * HOUR_MS);
      const personId = stage.person();
      if (account !== bricked && prng.chance(0.4)) stage.message(account, at, { personId, text: "price please" });
      else stage.comment(account, at, { mediaId: stage.media(), personId, text: "guide please" });
      if (prng.chance(0.05)) stage.test(at);
    }
  },
};

/** Each workload with its share of all comments and messages. */
export const WORKLOADS: readonly { workload: Workload; share: number }[] = [
  { workload: singles, share: 0.03 },
  { workload: unwatched, share: 0.02 },
  { workload: busy, share: 0.25 },
  { workload: viral, share: 0.25 },
  { workload: live, share: 0.22 },
  { workload: conversations, share: 0.22 },
  { workload: outages, share: 0.01 },
];

export function workloadNamed(name: string): Workload {
  const found = WORKLOADS.find(({ workload }) => workload.name === name);
  if (found === undefined) throw new RangeError(`unknown workload: ${name}`);
  return found.workload;
}
