/** The Account as a Durable Object: wiring only. What it does stands in account.ts. */
import { DurableObject } from "cloudflare:workers";
import type { Automation } from "../../core/automation/automation.ts";
import type { MetaEvent } from "../../core/event.ts";
import type { SettingsPart } from "../../core/settings.ts";
import { readAccountConfig } from "../config.ts";
import { DIRECTORY_NAME } from "../directory/name.ts";
import type { EngineEnv } from "../env.ts";
import { LiveFeed } from "../console/live-feed.ts";
import { log } from "../log.ts";
import { durableSql } from "../storage/durable-sql.ts";
import { AccountCore } from "./account.ts";
import type { AccountRpc } from "./contract.ts";
import type { Connection } from "./contract/connection.ts";
import type { ConversationQuery } from "./contract/conversation.ts";
import type { EventQuery } from "./contract/event.ts";
import type { FeedQuery } from "./contract/feed.ts";
import type { NewReply, ReplyQuery } from "./contract/reply.ts";
import type { Stop } from "./contract/state.ts";
import type { SubscribedAppsRequest } from "./contract/subscription.ts";
import { createTokenEncryption } from "./connection/token-encryption.ts";

export class Account extends DurableObject<EngineEnv> implements AccountRpc {
  readonly #core: AccountCore;
  readonly #live: LiveFeed;

  constructor(ctx: DurableObjectState, env: EngineEnv) {
    super(ctx, env);
    const config = readAccountConfig(env);
    if (!config.ok) throw new Error(config.error.map((problem) => problem.message).join(" "));
    const { tokenEncryptionKeys, replyDeferSeconds, metaAppId, instagramAppId } = config.value;
    const { storage } = ctx;
    // A fresh stub for each call: one that has failed once fails for ever.
    const directory = () => env.DIRECTORY.getByName(DIRECTORY_NAME);
    const sender = () => ctx.exports.Sender;
    this.#live = new LiveFeed(ctx, {
      read: (eventIds, replyIds) => this.#core.shown(eventIds, replyIds),
      now: () => Date.now(),
      later: (delayMs, run) => void setTimeout(run, delayMs),
    });
    this.#core = new AccountCore({
      changed: (change) => this.#live.changed(change),
      sql: durableSql(storage),
      now: () => Date.now(),
      sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
      random: () => Math.random(),
      newId: () => `r_${crypto.randomUUID().replaceAll("-", "")}`,
      setAlarm: (at) => void storage.setAlarm(at),
      deleteAlarm: () => void storage.deleteAlarm(),
      wipe: () => storage.deleteAll(),
      sync: () => storage.sync(),
      send: (order) => sender().send(order),
      readComment: (order) => sender().readComment(order),
      recentMedia: (profile, token, limit) => sender().recentMedia(profile, token, limit),
      mediaComments: (profile, token, mediaId, limit, after) =>
        sender().mediaComments(profile, token, mediaId, limit, after),
      subscriptions: (profile, token, request) => sender().subscriptions(profile, token, request),
      tokens: {
        refresh: (token) => sender().refreshToken(token),
        check: (profile, token, wantsFacts) => sender().checkToken(profile, token, wantsFacts),
      },
      tokenEncryption: createTokenEncryption(tokenEncryptionKeys),
      directory: {
        registerAwake: (accountId, generation, summary) => directory().registerAwake(accountId, generation, summary),
        syncSummary: (accountId, summary) => directory().syncSummary(accountId, summary),
        forget: (accountId, leaves) => directory().forget(accountId, leaves),
        own: (accountId, ownerIds) => directory().own(accountId, ownerIds, true),
      },
      log,
      config: { deferSeconds: replyDeferSeconds, appIds: [metaAppId, instagramAppId] },
    });
  }

  /** The live feed. Only the console passes requests on to here, and has asked who is there. */
  override fetch(request: Request): Response {
    const until = request.headers.get("Replyline-Session-Until");
    return this.#live.watch(until === null ? null : Number(until));
  }
  /** Watchers have nothing to say; `ping` is answered without waking the object. */
  override webSocketMessage(): void {}
  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  ingest(accountId: string, events: MetaEvent[]) {
    return this.#core.ingest(accountId, events);
  }
  override alarm() {
    return this.#core.alarm();
  }
  wake(accountId: string) {
    return this.#core.wake(accountId);
  }
  link(accountId: string, connection: Connection) {
    return this.#core.link(accountId, connection);
  }
  unlink(accountId: string) {
    return this.#core.unlink(accountId);
  }
  erase(accountId: string, everything: boolean) {
    return this.#core.erase(accountId, everything);
  }
  erasePerson(accountId: string, personId: string) {
    return this.#core.erasePerson(accountId, personId);
  }
  examine(accountId: string) {
    return this.#core.examine(accountId);
  }
  async auditSubscription(_accountId: string) {
    this.#core.auditSubscription();
  }
  async state(_accountId: string) {
    return this.#core.state();
  }
  async automations(_accountId: string) {
    return this.#core.automations();
  }
  async putAutomations(accountId: string, items: Automation[], expectedVersion: number | null) {
    return this.#core.putAutomations(accountId, items, expectedVersion);
  }
  async automationVersions(_accountId: string) {
    return this.#core.automationVersions();
  }
  async setStop(accountId: string, stop: Stop | null) {
    this.#core.setStop(accountId, stop);
  }
  async feed(accountId: string, query: FeedQuery) {
    return this.#core.feed(accountId, query);
  }
  async day(_accountId: string) {
    return this.#core.day();
  }
  async conversations(_accountId: string, query: ConversationQuery) {
    return this.#core.conversations(query);
  }
  async thread(accountId: string, personId: string, query: { cursor?: string; limit: number }) {
    return this.#core.thread(accountId, personId, query);
  }
  async handBack(_accountId: string, personId: string) {
    return this.#core.handBack(personId);
  }
  async backtest(accountId: string, draft: Automation, limit: number) {
    return this.#core.backtest(accountId, draft, limit);
  }
  subscribedApps(accountId: string, request: SubscribedAppsRequest) {
    return this.#core.subscribedApps(accountId, request);
  }
  async settings(_accountId: string) {
    return this.#core.settings();
  }
  changeSettings(accountId: string, part: SettingsPart) {
    return this.#core.changeSettings(accountId, part);
  }
  async events(accountId: string, query: EventQuery) {
    return this.#core.events(accountId, query);
  }
  async event(accountId: string, eventId: string) {
    return this.#core.event(accountId, eventId);
  }
  replay(accountId: string, eventId: string) {
    return this.#core.replay(accountId, eventId);
  }
  async replies(_accountId: string, query: ReplyQuery) {
    return this.#core.replies(query);
  }
  async reply(_accountId: string, replyId: string) {
    return this.#core.reply(replyId);
  }
  createReply(accountId: string, reply: NewReply) {
    return this.#core.createReply(accountId, reply);
  }
  async cancelReply(accountId: string, replyId: string) {
    return this.#core.cancelReply(accountId, replyId);
  }
  async sendReplyNow(accountId: string, replyId: string) {
    return this.#core.sendReplyNow(accountId, replyId);
  }
  async resolveReply(accountId: string, replyId: string, as: "sent" | "refused" | "retry") {
    return this.#core.resolveReply(accountId, replyId, as);
  }
}
