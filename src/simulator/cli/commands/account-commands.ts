/** Commands for what the App Dashboard and the accounts' owners do: the callback URL, accounts, tokens, subscriptions. */
import { flag, option, present } from "../../notifications/kinds/notification-kind.ts";
import { exclusive, onlyPositional, UsageError } from "../command-options.ts";
import type { Command } from "../command-options.ts";
import { META_OPTION as meta, needSimulator } from "../send/find-sender.ts";
import { count, duration, green, say, withProgress } from "../terminal.ts";

const callback: Command = {
  name: "callback",
  takes: "<url>",
  summary: "sets the callback URL, after the handshake",
  examples: ["callback http://127.0.0.1:3000/webhooks --verify-token <token>"],
  options: { "verify-token": option("the verify token (default: META_VERIFY_TOKEN of .dev.vars)"), meta },
  async run(given, positionals) {
    const url = onlyPositional(callback, positionals);
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new UsageError(`the callback URL must be an address, not "${url}"`);
    const simulator = await needSimulator(given);
    const { challenge, durationMs } = await withProgress(
      "The handshake",
      simulator.setCallback(url, given.text("verify-token")),
    );
    say(`${green("✓")} ${url} answered the challenge ${challenge} in ${duration(durationMs)}`);
    return 0;
  },
};

const account: Command = {
  name: "account",
  takes: "<id>",
  summary: "makes an account and an access token for it",
  examples: ["account 17841460928374651 --username northlight.studio", "account 104857392817465 --page"],
  options: {
    username: option("its name"),
    page: flag("a Page"),
    "facebook-login": flag("an Instagram account used through Facebook Login"),
    "page-id": option("the Page that it is linked to"),
    meta,
  },
  async run(given, positionals) {
    exclusive(given, { page: [], "facebook-login": ["page-id"], "page-id": ["facebook-login"] });
    const id = onlyPositional(account, positionals);
    if (!/^\d+$/.test(id)) throw new UsageError(`an account's id is a number, not "${id}"`);
    const simulator = await needSimulator(given);
    const made = await simulator.putAccount(id, {
      platform: given.flag("page") ? "page" : "instagram",
      login: given.flag("page") || given.flag("facebook-login") ? "facebook" : "instagram",
      ...present({ username: given.text("username"), pageId: given.text("page-id") }),
    });
    say(`${green("✓")} ${made.username} (${made.id})`);
    say(`  access token  ${made.accessToken}`);
    return 0;
  },
};

const token: Command = {
  name: "token",
  takes: "<account id>",
  summary: "gives a new access token, or ends all there are (--kill)",
  examples: ["token 17841460928374651", "token 17841460928374651 --kill --subcode 460"],
  options: {
    kill: flag("every token of the account dies"),
    subcode: option("why: 458 app removed, 460 password changed, 463 expired, 467 invalid"),
    "expires-in": option("seconds that the new one lives"),
    meta,
  },
  async run(given, positionals) {
    const id = onlyPositional(token, positionals);
    exclusive(given, { kill: ["subcode"], "expires-in": [] });
    if (given.has("subcode") && !given.has("kill")) throw new UsageError("--subcode says why tokens die: with --kill");
    const subcode = given.whole("subcode") ?? 463;
    const expiresInSeconds = given.whole("expires-in");
    const simulator = await needSimulator(given);
    if (given.flag("kill")) {
      const { killed } = await simulator.control<{ killed: number }>("DELETE", `/tokens/${id}`, { subcode });
      say(`${green("✓")} ${count(killed, "token")} dead; the Graph API answers 190/${subcode}`);
      return 0;
    }
    const made = await simulator.control<{ accessToken: string }>("POST", "/tokens", {
      accountId: id,
      ...present({ expiresInSeconds }),
    });
    say(made.accessToken);
    return 0;
  },
};

const subscribe: Command = {
  name: "subscribe",
  takes: "<account id>",
  summary: "switches an account's webhooks on again, as in the App Dashboard",
  examples: ["subscribe 17841460928374651"],
  options: { meta },
  async run(given, positionals) {
    const id = onlyPositional(subscribe, positionals);
    const simulator = await needSimulator(given);
    const made = await simulator.control<{ subscribedFields: string[] }>("PUT", `/subscriptions/${id}`);
    say(`${green("✓")} ${id} is subscribed to ${count(made.subscribedFields.length, "field")}`);
    return 0;
  },
};

export const ACCOUNT_COMMANDS: readonly Command[] = [callback, account, token, subscribe];
