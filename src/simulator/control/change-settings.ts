/** `PUT /__meta/settings`: changes how the simulator behaves. An invalid value changes nothing. */
import type { Rules } from "../graph/graph-call.ts";
import type { EchoPolicy, Settings } from "../simulator-settings.ts";
import type { Simulator } from "../simulator.ts";
import { atLeastZero, number, object, oneOf, onlyKnown, share, truth, whole, type Json } from "./control-json.ts";

/** Applies the changes, and returns all settings. */
export function changeSettings(simulator: Simulator, body: Json): object {
  const { settings } = simulator;
  onlyKnown(body, ["regime", "speed", "echoes", "rules"], SETTING);
  const change: Partial<Settings> = {
    rules: changedRules(settings.rules, object(body["rules"] ?? {}, "rules")),
    echoes: changedEchoes(settings.echoes, object(body["echoes"] ?? {}, "echoes")),
  };
  if (body["regime"] !== undefined) change.regime = oneOf(body["regime"], ["graph", "messenger"] as const, "regime");
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
  onlyKnown(change, Object.keys(echoes), SETTING, "echoes.");
  return {
    mode: oneOf(change["mode"] ?? echoes.mode, ["sent", "lost"] as const, "echoes.mode"),
    delayMs: change["delayMs"] === undefined ? echoes.delayMs : atLeastZero(change, "delayMs"),
    lostShare: change["lostShare"] === undefined ? echoes.lostShare : share(change, "lostShare"),
  };
}
