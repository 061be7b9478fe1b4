/** What every page has around it, read once per request. */
import type { Context } from "hono";
import type { Frame, Theme } from "../../console/model.ts";
import type { AppEnv } from "../api/app-env.ts";
import { objectsOf } from "../objects.ts";
import { SCRIPT_NAME, STYLE_NAME } from "./assets.ts";

export type BareFrame = Pick<Frame, "script" | "style" | "theme">;

/** Before anybody is known. */
export function bareFrame(c: Context<AppEnv>): BareFrame {
  return { script: SCRIPT_NAME, style: STYLE_NAME, theme: themeOf(c.req.header("Cookie") ?? "") };
}

/** Who is signed in, whether all sending is stopped, and what waits for a person. */
export async function frameOf(c: Context<AppEnv>): Promise<Frame> {
  const principal = c.get("principal");
  const [killSwitch, counts] = await objectsOf(c.env).directory((of) => Promise.all([of.killSwitch(), of.counts()]));
  return {
    ...bareFrame(c),
    via: principal.via,
    email: principal.via === "access" ? principal.email : null,
    stop: killSwitch.stop,
    failedEvents: { quarantined: counts.quarantined, deadLetters: counts.deadLetters },
    now: Date.now(),
  };
}

/** Chosen by hand and kept in a cookie, so that the first paint is right; null: as the system has it. */
function themeOf(cookies: string): Theme {
  const theme = /(?:^|;\s*)replyline-theme=(light|dark)(?:;|$)/.exec(cookies)?.[1];
  return theme === "light" || theme === "dark" ? theme : null;
}
