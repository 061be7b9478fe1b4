/** Commands for what the App Dashboard and account owners do: the callback URL, accounts, tokens, subscriptions. */
import { OWN_COMMENT_FORMS } from "../../notifications/own-comment.ts";
import { flag, option, present, UsageError } from "../../notifications/kinds/notification-kind.ts";
import type { CliCommand } from "../cli-command.ts";
import { checkedUrl, META_OPTION as meta, needSimulator } from "../send/find-sender.ts";
import { count, duration, green, say, withProgress } from "../terminal.ts";

const callback: CliCommand = {
  name: "callback",
  argument: "<url>",
  summary: "set the callback URL, after the handshake",
  examples: ["callback http://127.0.0.1:3000/webhooks --verify-token <token>"],
  options: { "verify-token": option("the verify token (default: META_VERIFY_TOKEN in .dev.vars)"), meta },
  async run(values, argument) {
    const url = checkedUrl("the callback URL", argument);
    const simulator = await needSimulator(values);
    const { challenge, durationMs } = await withProgress(
      "Handshake",
      simulator.setCallback(url, values.text("verify-token")),
    );
    say(`${green("✓")} ${url} returned the challenge ${challenge} in ${duration(durationMs)}`);
    return 0;
  },
};

const account: CliCommand = {
  name: "account",
  argument: "<id>",
  summary: "create an account and an access token for it",
  examples: ["account 17841460928374651 --username northlight.studio", "account 104857392817465 --page"],
  options: {
    username: option("the account's name"),
    page: flag("the account is a Page", ["facebook-login", "page-id"]),
    "facebook-login": flag("an Instagram account that is used through Facebook Login"),
    "page-id": option("the Page that the Instagram account is linked to"),
    "own-comments": option(`how Meta names the author of its own comments: ${OWN_COMMENT_FORMS.join(", ")}`),
    meta,
  },
  async run(values, id) {
    if (!/^\d+$/.test(id)) throw new UsageError(`the account id must be a number, not "${id}"`);
    const simulator = await needSimulator(values);
    const made = await simulator.putAccount(id, {
      platform: values.flag("page") ? "page" : "instagram",
      login: values.flag("page") || values.flag("facebook-login") ? "facebook" : "instagram",
      ...present({
        username: values.text("username"),
        pageId: values.text("page-id"),
        ownComments: values.oneOf("own-comments", OWN_COMMENT_FORMS),
      }),
    });
    say(`${green("✓")} ${made.username} (${made.id})`);
    say(`  access token  ${made.accessToken}`);
    return 0;
  },
};

const token: CliCommand = {
  name: "token",
  argument: "<account-id>",
  summary: "create an access token, or invalidate all tokens of the account (--kill)",
  examples: ["token 17841460928374651", "token 17841460928374651 --kill --subcode 460"],
  options: {
    kill: flag("invalidate every token of the account", ["expires-in"]),
    subcode: option("the reason: 458 app removed, 460 password changed, 463 expired, 467 invalid", ["expires-in"]),
    "expires-in": option("lifetime of the new token in seconds"),
    meta,
  },
  async run(values, id) {
    if (values.has("subcode") && !values.has("kill")) throw new UsageError("use --subcode with --kill");
    const subcode = values.whole("subcode") ?? 463;
    const expiresInSeconds = values.whole("expires-in");
    const simulator = await needSimulator(values);
    if (values.flag("kill")) {
      const { killed } = await simulator.control<{ killed: number }>("DELETE", `/tokens/${id}`, { subcode });
      say(`${green("✓")} ${count(killed, "token")} invalidated; the Graph API returns 190/${subcode}`);
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

const subscribe: CliCommand = {
  name: "subscribe",
  argument: "<account-id>",
  summary: "turn an account's webhooks on again, as in the App Dashboard",
  examples: ["subscribe 17841460928374651"],
  options: { meta },
  async run(values, id) {
    const simulator = await needSimulator(values);
    const made = await simulator.control<{ subscribedFields: string[] }>("PUT", `/subscriptions/${id}`);
    say(`${green("✓")} ${id} is subscribed to ${count(made.subscribedFields.length, "field")}`);
    return 0;
  },
};

export const ACCOUNT_COMMANDS: readonly CliCommand[] = [callback, account, token, subscribe];
