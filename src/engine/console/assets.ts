/** The console's script and style sheet. The hash in the name is the version, so a copy is good for ever. */
import { script, style } from "../../../dist/console/assets.js";

export const SCRIPT_NAME = script.name;
export const STYLE_NAME = style.name;

const YEAR_SECONDS = 31_536_000;

/** @returns null for a name that this version does not have */
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
