/**
 * `npm run prove`: tries on one live account what Meta does not document, and prints which beliefs hold and what to set.
 * It needs one comment of a person. It sends one private reply, and posts and removes one public reply. The exit status
 * is 1 if a belief does not hold.
 */
import { randomInt, randomUUID } from "node:crypto";
import { Command, InvalidArgumentError } from "commander";
import type { AccountDetail } from "../src/api/account.ts";
import type { Backtest } from "../src/api/automation.ts";
import type { EventItem } from "../src/api/event.ts";
import { apiPath } from "../src/api/paths.ts";
import type { ProbeAnswer, ProbeRequest } from "../src/api/probe.ts";
import type { ReplyItem } from "../src/api/reply.ts";
import { explain } from "../src/meta/errors/lookup.ts";
import { ECHOES_METADATA } from "../src/meta/graph/request.ts";
import type { EchoView } from "../src/meta/views/echo.ts";
import type { Author } from "../src/meta/views/parts.ts";
import { readView } from "../src/meta/views/view.ts";
import { JsonClient } from "../src/simulator/cli/api-clients.ts";
import { bold, complain, dim, duration, liveLine, plain, red, say, table } from "../src/simulator/cli/terminal.ts";
import { adminTokenFor } from "./admin-token.ts";

const command = new Command("npm run prove --")
  .description("Show which unproven beliefs about Meta hold for one live account.")
  .argument("<url>", "the address of the deployment")
  .argument("<account>", "the id of a connected account")
  .option("--timeout <seconds>", "how long to wait for your comment", positive, 300);

/** The longest wait for an echo or an own comment to arrive. */
const FOLLOWS_MS = 60_000;
const POLL_MS = 1_000;
/** The refusal of a second private reply. */
const SECOND_REFUSED = { instagram: "2534023", page: "10900" } as const;

type Verdict = "holds" | "does not hold" | "not measured";
interface Finding {
  belief: string;
  verdict: Verdict;
  set: string;
}

interface SeenComment {
  event: EventItem;
  id: string;
  from: Author | null;
}

function positive(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError("It must be a number of seconds.");
  return seconds;
}

class Run {
  readonly findings: Finding[] = [];
  readonly word = `prove${randomInt(100_000, 1_000_000)}`;
  readonly #base: string;
  readonly #authorization: string;
  readonly #http: JsonClient;
  readonly #accountId: string;

  constructor(base: string, accountId: string, token: string) {
    this.#base = base;
    this.#accountId = accountId;
    this.#authorization = `Bearer ${token}`;
    this.#http = new JsonClient(base, { authorization: this.#authorization });
  }

  async start(timeoutMs: number): Promise<void> {
    const { platform, stamped } = await this.#account();
    step("1", "A comment");
    const comment = await this.#comment(timeoutMs);
    step("2", "A private reply");
    const sent = await this.#privateReply(comment);
    if (sent === null) return;
    step("3", "The same private reply again");
    await this.#secondReply(sent, platform);
    step("4", "The echo of the private reply");
    await this.#echo(sent, platform, stamped);
    step("5", "A public reply");
    await this.#publicReply(sent);
  }

  /** The account, if it may send. */
  async #account(): Promise<{ platform: "instagram" | "page"; stamped: boolean }> {
    const account = await this.#get<AccountDetail>([]);
    const { profile, settings, stop, hold } = account.state;
    if (profile === null) throw new Error(`${account.id} is not connected. Connect it first: docs/deploy.md.`);
    if (stop !== null) throw new Error("sending is stopped for all accounts. Allow it: PUT /api/incident.");
    if (settings.sending !== "on") {
      throw new Error(
        `sending is ${settings.sending}. Set "sending" to "on": PUT ${apiPath("accounts", account.id, "settings")}.`,
      );
    }
    if (hold !== null) throw new Error(`the account is on hold (${hold.problem}). See npm run doctor.`);
    const name = profile.username === null ? "" : `${plain(profile.username)}, `;
    say(bold(`${name}${profile.id}, ${profile.platform}`));
    const { echoMetadata } = settings;
    const stamped = echoMetadata === "auto" ? ECHOES_METADATA[profile.platform] : echoMetadata === "on";
    return { platform: profile.platform, stamped };
  }

  async #comment(timeoutMs: number): Promise<SeenComment> {
    say(`Comment this word under one of the account's posts, from a SECOND account: ${bold(this.word)}`);
    const found = await until("Waiting for the comment", timeoutMs, () =>
      this.#findComment(({ event }) => (event.text ?? "").toLowerCase().includes(this.word)),
    );
    if (found === null) {
      throw new Error(
        `no comment with ${this.word} arrived within ${duration(timeoutMs)}. What is wrong: npm run doctor -- ${this.#base} --account ${this.#accountId}`,
      );
    }
    const { occurredAt, receivedAt, found: reconciled } = found.event;
    say(`It arrived ${duration(Math.max(0, receivedAt - occurredAt))} after Meta's time of it (whole seconds).`);
    if (reconciled) {
      this.#add("Meta delivers the comment", "does not hold", "leave `reconcile.enabled` on: it found this comment");
    } else this.#add("Meta delivers the comment", "holds", "nothing");
    return found;
  }

  async #privateReply({ event, id }: SeenComment): Promise<ReplyItem | null> {
    // An automation may have been faster. Its reply serves as well.
    const own = (await this.#replies(event.id)).find(({ kind }) => kind === "private_reply");
    let reply = own;
    if (reply === undefined) {
      const headers = { authorization: this.#authorization, "idempotency-key": randomUUID() };
      reply = await new JsonClient(this.#base, headers).request<ReplyItem>("POST", this.#path("replies"), {
        to: { commentId: id },
        message: { text: `Replyline test ${this.word}` },
        deferSeconds: 0,
      });
    } else say("An automation has answered the comment already; its private reply is used.");
    const settled = await this.#settled(reply.id, "Waiting until it is sent");
    const belief = "The private reply is sent";
    if (settled.state === "sent" && settled.messageId !== null) {
      say(`Sent, ${duration((settled.sentAt ?? settled.createdAt) - event.receivedAt)} after the comment arrived.`);
      this.#add(belief, "holds", "nothing");
      return settled;
    }
    say(red(`The reply is ${settled.state}: ${settled.reason ?? "no reason yet"}. ${advice(settled.reason)}`));
    this.#add(belief, settled.state === "refused" ? "does not hold" : "not measured", "see the reply's reason");
    return null;
  }

  async #secondReply({ id }: ReplyItem, platform: "instagram" | "page"): Promise<void> {
    const expected = SECOND_REFUSED[platform];
    const belief = `A second private reply is refused with ${expected}`;
    // Only once: after an accepted call whose response is lost, another one would be refused and hide it.
    const once = new JsonClient(this.#base, { authorization: this.#authorization }, 1);
    const request: ProbeRequest = { do: "repeat_private_reply", replyId: id };
    const { outcome, code } = await once.request<ProbeAnswer>("POST", this.#path("probe"), request);
    if (outcome === "accepted") {
      say(red(bold("META ACCEPTED A SECOND PRIVATE REPLY TO ONE COMMENT. The belief is wrong.")));
      say(red("A refusal then proves nothing, and an attempt in doubt can arrive twice. Tell the maintainers."));
      this.#add(belief, "does not hold", "nothing can be set: never resolve an uncertain private reply as `retry`");
      return;
    }
    say(`Meta's code: ${code ?? "none"}. Expected: ${expected}.`);
    if (outcome === "refused" && code?.split("/").includes(expected) === true) {
      return this.#add(belief, "holds", "nothing");
    }
    const action = explain(code ?? "")?.action.do;
    const passing = outcome !== "refused" || action === "throttle" || action === "hold" || action === "retry";
    const verdict = passing ? "not measured" : "does not hold";
    const set = passing ? "run it again later" : `nothing can be set: tell the maintainers about ${code ?? "it"}`;
    this.#add(belief, verdict, set);
  }

  async #echo(reply: ReplyItem, platform: "instagram" | "page", stamped: boolean): Promise<void> {
    const found = await until("Waiting for the echo", FOLLOWS_MS, async () => {
      const { items } = await this.#get<{ items: EventItem[] }>(["events"], "?kind=echo&limit=50");
      const echoes = items.flatMap((event) => {
        const view = readView(event);
        return view.kind === "echo" && event.receivedAt >= reply.createdAt ? [view] : [];
      });
      const byText = ({ text }: EchoView) => text !== null && text === reply.message.text;
      return echoes.find(({ mid }) => mid === reply.messageId) ?? echoes.find(byText) ?? null;
    });
    const metadataBelief = platform === "page" ? "Page echoes carry metadata" : "Instagram echoes carry no metadata";
    const appBelief = platform === "page" ? "Page echoes name the app" : "Instagram echoes name no app";
    const midBelief = "The echo's mid is the message_id of the send";
    if (found === null) {
      say("No echo arrived.");
      const set = "subscribe to the echoes: see npm run doctor";
      for (const belief of [midBelief, metadataBelief, appBelief]) this.#add(belief, "not measured", set);
      return;
    }
    const sameMid = found.mid === reply.messageId;
    say(`mid ${sameMid ? "equal to" : "different from"} the reply's messageId, ${found.appId ?? "no"} app_id.`);
    this.#add(midBelief, sameMid ? "holds" : "does not hold", sameMid ? "nothing" : "nothing: texts match the echoes");
    const carried = found.metadata === reply.id;
    if (!stamped) {
      say("The reply was sent without metadata.");
      this.#add(metadataBelief, "not measured", "`echoMetadata`: `on` for this account, then run this again");
    } else {
      say(`The reply was sent with metadata, and the echo ${carried ? "has it" : "does not have it"}.`);
      const holds = carried === (platform === "page");
      // `auto` is what the belief says.
      const otherwise = platform === "page" ? "off" : "on";
      const value = holds ? "auto" : otherwise;
      this.#add(metadataBelief, holds ? "holds" : "does not hold", `\`echoMetadata\`: \`${value}\``);
    }
    const named = found.appId !== null;
    const set = named ? "compare it with META_APP_ID and INSTAGRAM_APP_ID" : "nothing";
    this.#add(appBelief, named === (platform === "page") ? "holds" : "does not hold", set);
  }

  async #publicReply(reply: ReplyItem): Promise<void> {
    const belief = "An own comment is recognized";
    const text = `Thank you! ${this.word}`;
    const asked = await this.#probe({ do: "public_reply", replyId: reply.id, text });
    const posted = await this.#settled(asked.replyId, "Waiting until it is posted");
    if (posted.state !== "sent" || posted.messageId === null) {
      say(`The public reply is ${posted.state}: ${posted.reason ?? "no reason yet"}. ${advice(posted.reason)}`);
      if (posted.state === "pending") await this.#http.request("POST", this.#path("replies", posted.id, "cancel"));
      else say("If it appears, delete it in the app.");
      return this.#add(belief, "not measured", "see the reason of the public reply");
    }
    try {
      const own = await until("Waiting for its comment event", FOLLOWS_MS, () =>
        this.#findComment(({ id }) => id === posted.messageId),
      );
      if (own === null) {
        say("Meta sent no event about it.");
        this.#add(belief, "not measured", "nothing: without an event, there is nothing to recognize");
      } else await this.#ownComment(own, belief);
    } finally {
      const removed = await this.#probe({ do: "remove_public_reply", replyId: posted.id });
      say(
        removed.outcome === "removed"
          ? "Removed again."
          : red(`Not removed (${removed.code ?? removed.outcome}). Delete the comment in the app.`),
      );
    }
  }

  async #ownComment({ event, from }: SeenComment, belief: string): Promise<void> {
    const form = formOf(from, this.#accountId);
    say(`Meta names the author by ${form}.`);
    // A draft that would answer the word shows the decision also where no automation is saved.
    const draft = {
      id: "prove",
      name: "prove",
      enabled: true,
      trigger: { on: "comment", keywords: [this.word], match: "word", mediaIds: [] },
      actions: { privateReply: { text: "never sent" } },
    };
    const path = `${this.#path("automations", "backtest")}?limit=50`;
    const { rows } = await this.#http.request<Backtest>("POST", path, draft);
    const decision = rows.find(({ eventId }) => eventId === event.id)?.decision;
    const reason = event.blocked ?? (decision?.fired === false ? decision.reason : null);
    if (reason === "own_comment") {
      say("It was recognized as the account's own: own_comment.");
      return this.#add(belief, "holds", `nothing; Meta gives ${form}`);
    }
    say(red(`It was NOT recognized as the account's own (${reason ?? "an automation would answer it"}).`));
    const set =
      "lower `publicReplies.perThreadPerHour` and `publicReplies.perPersonPerHour`, or post no public replies";
    this.#add(belief, "does not hold", set);
  }

  async #findComment(wanted: (comment: SeenComment) => boolean): Promise<SeenComment | null> {
    const { items } = await this.#get<{ items: EventItem[] }>(["events"], "?limit=50");
    const comments = items.flatMap((event): SeenComment[] => {
      const view = readView(event);
      const isComment = view.kind === "comment" || (view.kind === "feed" && view.item === "comment");
      if (!isComment || view.commentId === null) return [];
      return [{ event, id: view.commentId, from: view.from }];
    });
    return comments.find(wanted) ?? null;
  }

  async #replies(eventId: string): Promise<ReplyItem[]> {
    const query = `?limit=50&eventId=${encodeURIComponent(eventId)}`;
    return (await this.#get<{ items: ReplyItem[] }>(["replies"], query)).items;
  }

  /** The reply in its last state, or as it is after a minute. */
  async #settled(replyId: string, what: string): Promise<ReplyItem> {
    const read = () => this.#get<ReplyItem>(["replies", replyId]);
    const open = new Set(["pending", "sending", "uncertain"]);
    const settled = await until(what, FOLLOWS_MS, async () => {
      const reply = await read();
      return open.has(reply.state) ? null : reply;
    });
    return settled ?? (await read());
  }

  #probe(request: ProbeRequest): Promise<ProbeAnswer> {
    return this.#http.request("POST", this.#path("probe"), request);
  }

  #get<T>(parts: readonly string[], query = ""): Promise<T> {
    return this.#http.request("GET", `${this.#path(...parts)}${query}`);
  }

  #path(...parts: readonly string[]): string {
    return apiPath("accounts", this.#accountId, ...parts);
  }

  #add(belief: string, verdict: Verdict, set: string): void {
    this.findings.push({ belief, verdict, set });
  }
}

/** What this run cannot see, and where to see it. */
const ELSEWHERE: readonly Finding[] = [
  ["Graph checks `appsecret_proof` before the call has any effect", "App Dashboard, Require App Secret"],
  ["Token calls work with their secrets in the body or a header", "docs/connect.md: log in at /connect"],
  ["A private reply next to an own public reply is refused", "replies with 2534023; `publicReplies.gapSeconds`"],
].map(([belief = "", set = ""]) => ({ belief, verdict: "not measured", set: `see ${set}` }));

const step = (number: string, title: string): void => say(`\n${bold(`${number}. ${title}`)}`);

function advice(reason: string | null): string {
  const row = explain(reason ?? "");
  return row === null ? "" : `${row.meaning} ${row.advice}`;
}

function formOf(from: Author | null, accountId: string): string {
  if (from === null) return "nothing at all";
  if (from.id === null) return "the name only";
  if (from.id !== accountId) return `another id (${plain(from.id)})${from.username === null ? "" : " and the name"}`;
  return from.selfScopedId === null ? "the account's id" : "the account's id, with self_ig_scoped_id";
}

/** Asks again until there is an answer. Null: the time is over. */
async function until<T>(what: string, timeoutMs: number, look: () => Promise<T | null>): Promise<T | null> {
  const line = liveLine();
  const startedAt = performance.now();
  try {
    for (;;) {
      const found = await look();
      const elapsed = performance.now() - startedAt;
      if (found !== null || elapsed >= timeoutMs) return found;
      line.show(`${what} … ${dim(duration(elapsed))}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    line.done();
  }
}

async function main(): Promise<number> {
  command.parse();
  const { timeout } = command.opts<{ timeout: number }>();
  const url = String(command.processedArgs[0]).replace(/\/+$/, "");
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError(`${url} is not an address. An address begins with https:// or http://.`);
  }
  const run = new Run(url, String(command.processedArgs[1]), adminTokenFor(url, process.env));
  let failure: Error | null = null;
  try {
    await run.start(timeout * 1_000);
  } catch (error) {
    // What was found before is worth showing.
    if (run.findings.length === 0) throw error;
    failure = error as Error;
  }
  say();
  const rows = [...run.findings, ...ELSEWHERE];
  const shown = (verdict: Verdict): string => (verdict === "does not hold" ? red(verdict) : verdict);
  say(
    table(
      ["belief", "result", "what to set"],
      rows.map(({ belief, verdict, set }) => [belief, shown(verdict), set]),
    ),
  );
  if (failure !== null) throw failure;
  return rows.some(({ verdict }) => verdict === "does not hold") ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const message =
    error instanceof SyntaxError
      ? "the response is not one of Replyline's API. Use Replyline's own address, and let requests to /api pass any proxy in front of it."
      : (error as Error).message;
  complain(`${plain(message)}\nOptions: npm run prove -- --help`);
  process.exitCode = 1;
}
