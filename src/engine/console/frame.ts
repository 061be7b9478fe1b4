/** What every page has around it, read once per request; and the script and style sheet that it names. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Frame, Theme } from "../../console/model.ts";
import type { AppEnv } from "../api/app-env.ts";
import { objectsOf } from "../objects.ts";
import { script, style } from "../../../dist/console/assets.js";

export type BareFrame = Pick<Frame, "script" | "style" | "theme">;

/** For pages before the sign-in. */
export function bareFrame(c: Context<AppEnv>): BareFrame {
  return { script: script.name, style: style.name, theme: themeOf(c) };
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
function themeOf(c: Context<AppEnv>): Theme {
  const theme = getCookie(c, "replyline-theme");
  return theme === "light" || theme === "dark" ? theme : null;
}

const YEAR_SECONDS = 31_536_000;

/**
 * The script or the style sheet. The hash in the name is the version, so that a browser may keep a copy for a year.
 *
 * @returns null for a name that this version does not have
 */
export function assetResponse(name: string): Response | null {
  const asset = [script, style].find((one) => one.name === name);
  if (asset === undefined) return null;
  return new Response(asset.content, {
    headers: {
      "Content-Type": asset.type,
      "Cache-Control": `public, max-age=${YEAR_SECONDS}, immutable`,
      "X-Content-Type-Options": "nosniff",
      "Cross-Origin-Resource-Policy": "same-origin",
    },
  });
}
