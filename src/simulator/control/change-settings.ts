/** `PUT /__meta/settings`: how Meta behaves where it can be chosen. Nothing is changed unless all of it is right. */
import type { Rules } from "../graph/graph-call.ts";
import type { EchoPolicy, Settings } from "../simulator-settings.ts";
import type { Simulator } from "../simulator.ts";
import { atLeastZero, number, object, oneOf, onlyKnown, share, truth, whole } from "./control-json.ts";
import type { Json } from "./control-json.ts";

/** Takes what is to change, and gives all settings. */
export function changeSettings(simulator: Simulator, body: Json): object {
  const { settings } = simulator;
  onlyKnown(body, ["regime", "speed", "echoes", "rules"], NO_SETTING);
  const change: Partial<Settings> = {
    rules: changedRules(settings.rules, object(body["rules"] ?? {}, "rules")),
    echoes: changedEchoes(settings.echoes, object(body["echoes"] ?? {}, "echoes")),
  };
  if (body["regime"] !== undefined) change.regime = oneOf(body["regime"], ["graph", "messenger"] as const, "regime");
  if (body["speed"] !== undefined) {
    change.speed = number(body, "speed");
    if (change.speed <= 0) throw new TypeError("speed must be more than 0");
  }
  const changed = simulator.set(change);
  // What waits was planned for another ladder or another speed.
  if (changed.regime !== settings.regime || changed.speed !== settings.speed) simulator.dispatcher.replan();
  return { ...changed, callback: null };
}

const NO_SETTING = "there is no setting";

function changedRules(rules: Rules, change: Json): Rules {
  onlyKnown(change, Object.keys(rules), NO_SETTING, "rules.");
  const second = change["secondPrivateReply"];
  return {
    secondPrivateReply:
      second === undefined ? rules.secondPrivateReply : errorCode(object(second, "secondPrivateReply")),
    acceptUnknownComments:
      change["acceptUnknownComments"] === undefined
        ? rules.acceptUnknownComments
        : truth(change, "acceptUnknownComments"),
    humanAgent: change["humanAgent"] === undefined ? rules.humanAgent : truth(change, "humanAgent"),
  };
}

const errorCode = (code: Json): Rules["secondPrivateReply"] => ({
  code: whole(code, "code", 0),
  subcode: code["subcode"] === null || code["subcode"] === undefined ? null : whole(code, "subcode", 0),
});

function changedEchoes(echoes: EchoPolicy, change: Json): EchoPolicy {
  onlyKnown(change, Object.keys(echoes), NO_SETTING, "echoes.");
  return {
    mode: oneOf(change["mode"] ?? echoes.mode, ["sent", "lost"] as const, "echoes.mode"),
    delayMs: change["delayMs"] === undefined ? echoes.delayMs : atLeastZero(change, "delayMs"),
    lostShare: change["lostShare"] === undefined ? echoes.lostShare : share(change, "lostShare"),
  };
}
