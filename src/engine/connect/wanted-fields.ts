/** Which webhook fields a new connection asks for. */
import { fieldsOf, subscribedFields } from "../../meta/fields.ts";
import type { Login, Platform } from "../../meta/graph/request.ts";

/**
 * Meta's table asks for the comments permission here, and not every app's dashboard lists it for Instagram Login: the
 * rest must not be lost with it.
 */
const DOUBTFUL = "message_echoes";

/**
 * Lists to try in turn; none: nothing can be asked for with these permissions.
 *
 * @param granted null: not known, so everything is tried
 */
export function wantedFields(login: Login, platform: Platform, granted: readonly string[] | null): string[][] {
  // Instagram's fields belong to the app there; any field of the Page switches them on (Setup Webhooks Subscriptions).
  if (login === "facebook" && platform === "instagram") return [["feed"]];
  const possible = fieldsOf(platform === "page" ? "page" : "instagram_login")
    .filter(({ includedIn }) => includedIn === null)
    .filter(({ permissions }) => granted === null || permissions.every((name) => granted.includes(name)))
    .map(({ field }) => field);
  const wanted = (essential: boolean) => {
    const names = subscribedFields(platform, essential);
    return possible.filter((field) => names.includes(field));
  };
  const certain = wanted(true).filter((field) => field !== DOUBTFUL);
  return [wanted(false), wanted(true), certain].filter(
    (fields, index, lists) => fields.length > 0 && fields.length !== lists[index - 1]?.length,
  );
}
