/** `PUT /__meta/settings`: changes how the simulator behaves. An invalid value changes nothing. */
import type { ErrorCode, Rules } from "../graph/graph-call.ts";
import type { EchoPolicy, Settings } from "../simulator-settings.ts";
import type { Simulator } from "../simulator.ts";
import { OWN_COMMENT_FORMS } from "../notifications/own-comment.ts";
import { LOWEST_CODE } from "./fault-orders.ts";
import {
  atLeastZero,
  number,
  object,
  oneOf,
  onlyKnown,
  share,
  text,
  texts,
  truth,
  whole,
  type Json,
} from "./control-json.ts";

/** Applies the changes, and returns all settings. */
export function changeSettings(simulator: Simulator, body: Json): object {
  const { settings } = simulator;
  onlyKnown(body, ["regime", "speed", "echoes", "rules", "ownComments", "automaticReply"], SETTING);
  const change: Partial<Settings> = {
    rules: changedRules(settings.rules, object(body["rules"] ?? {}, "rules")),
    echoes: changedEchoes(settings.echoes, object(body["echoes"] ?? {}, "echoes")),
  };
  if (body["regime"] !== undefined) change.regime = oneOf(body["regime"], ["graph", "messenger"] as const, "regime");
  if (body["ownComments"] !== undefined) {
    change.ownComments = oneOf(body["ownComments"], [...OWN_COMMENT_FORMS, "in-turn"] as const, "ownComments");
  }
  if (body["automaticReply"] !== undefined) change.automaticReply = automaticReply(body["automaticReply"]);
  if (body["speed"] !== undefined) {
    change.speed = number(body, "speed");
    if (change.speed <= 0) throw new TypeError("speed must be greater than 0");
  }
  const changed = simulator.set(change);
  // Waiting deliveries were scheduled with the old policy or speed.
  if (changed.regime !== settings.regime || changed.speed !== settings.speed) simulator.dispatcher.reschedule();
  return { ...changed, callback: null };
}

const SETTING = "setting";

function changedRules(rules: Rules, change: Json): Rules {
  onlyKnown(change, Object.keys(rules), SETTING, "rules.");
  const changed = { ...rules };
  const second = change["secondPrivateReply"];
  if (second !== undefined) {
    changed.secondPrivateReply = second === null ? null : errorCode(object(second, "secondPrivateReply"));
  }
  for (const name of ["acceptUnknownComments", "humanAgent", "requireAppSecret"] as const) {
    if (change[name] !== undefined) changed[name] = truth(change, name);
  }
  if (change["refusedLinks"] !== undefined) changed.refusedLinks = texts(change["refusedLinks"], "refusedLinks");
  if (change["publicReplyBlocksMs"] !== undefined) {
    changed.publicReplyBlocksMs = atLeastZero(change, "publicReplyBlocksMs");
  }
  if (change["afterTap"] !== undefined) {
    const afterTap = object(change["afterTap"], "afterTap");
    onlyKnown(afterTap, ["ms", "error"], SETTING, "rules.afterTap.");
    changed.afterTap = {
      ms: atLeastZero(afterTap, "ms"),
      error: afterTap["error"] === undefined ? rules.afterTap.error : errorCode(object(afterTap["error"], "error")),
    };
  }
  return changed;
}

/** `null` turns it off. */
function automaticReply(value: unknown): Settings["automaticReply"] {
  if (value === null) return null;
  const given = object(value, "automaticReply");
  onlyKnown(given, ["text", "delayMs"], SETTING, "automaticReply.");
  const late = given["delayMs"] !== undefined && given["delayMs"] !== null;
  return { text: text(given["text"], "automaticReply.text"), delayMs: late ? atLeastZero(given, "delayMs") : null };
}

const errorCode = (code: Json): ErrorCode => ({
  code: whole(code, "code", LOWEST_CODE),
  subcode: code["subcode"] === null || code["subcode"] === undefined ? null : whole(code, "subcode", 0),
});

function changedEchoes(echoes: EchoPolicy, change: Json): EchoPolicy {
  onlyKnown(change, Object.keys(echoes), SETTING, "echoes.");
  return {
    mode: oneOf(change["mode"] ?? echoes.mode, ["sent", "lost"] as const, "echoes.mode"),
    delayMs: change["delayMs"] === undefined ? echoes.delayMs : atLeastZero(change, "delayMs"),
    lostShare: change["lostShare"] === undefined ? echoes.lostShare : share(change, "lostShare"),
  };
}
