/** Checks whether an account can be subscribed to webhook fields. An error suggests the right field. */
import { err, ok, type Result } from "../core/result.ts";
import { fieldsOf, isOtherPageField, NAMESAKES, type Setup, WEBHOOK_FIELDS } from "./fields.ts";
import type { Login, Platform } from "./graph/request.ts";

export interface BadField {
  field: string;
  message: string;
  /** The field to subscribe to instead; null if no field has these events. */
  use: string | null;
}

export type FieldsError =
  | { reason: "wrong_login"; message: string }
  | { reason: "no_fields"; message: string }
  | { reason: "bad_fields"; fields: BadField[] };

/** Maximum edit distance for a suggestion. */
const TYPO_DISTANCE = 2;
/** Longer than any field name. Longer input is not compared. */
const MAX_NAME_LENGTH = 64;

/**
 * Checks the fields of `POST /<id>/subscribed_apps`.
 *
 * With Instagram Login, the edge accepts Instagram's fields. With Facebook Login it is the Page's edge, also for a
 * linked Instagram account. It accepts any field of the Page. Instagram's own fields are turned on for the whole app in
 * the dashboard (https://developers.facebook.com/documentation/instagram-platform/webhooks).
 *
 * @returns the fields without repeats, in order; or the problem of each invalid field
 */
export function checkFields(
  login: Login,
  platform: Platform,
  fields: readonly string[],
): Result<string[], FieldsError> {
  if (login === "instagram" && platform === "page") {
    return err({ reason: "wrong_login", message: "A Page is connected with Facebook Login." });
  }
  const wanted = [...new Set(fields)];
  if (wanted.length === 0) {
    const use = login === "instagram" ? "comments" : "feed";
    return err({ reason: "no_fields", message: `Give at least one field, such as "${use}".` });
  }
  const bad = wanted.flatMap((field) => {
    const problem = login === "instagram" ? checkInstagramField(field) : checkPageField(field, platform);
    return problem ?? [];
  });
  return bad.length === 0 ? ok(wanted) : err({ reason: "bad_fields", fields: bad });
}

function checkInstagramField(field: string): BadField | null {
  const names = choosable("instagram_login");
  if (names.includes(field)) return null;
  const row = fieldsOf("instagram_login").find((candidate) => candidate.field === field);
  if (row?.includedIn != null) {
    return { field, use: row.includedIn, message: `"${field}" is included in "${row.includedIn}"; subscribe to that.` };
  }
  const namesake = NAMESAKES.find(([, page]) => page === field)?.[0];
  // `mention` is the Page's name of a field whose events are included in another field.
  if (namesake !== undefined) {
    const use = names.includes(namesake) ? namesake : "comments";
    return { field, use, message: `"${field}" is the name for Pages; on Instagram it is "${use}".` };
  }
  const elsewhere = WEBHOOK_FIELDS.find((candidate) => candidate.object === "instagram" && candidate.field === field);
  if (elsewhere !== undefined) {
    const message = `"${field}" does not exist with Instagram Login, only with ${SETUP_NAMES[elsewhere.setup]}.`;
    return { field, use: null, message };
  }
  return unknown(field, names);
}

function checkPageField(field: string, platform: Platform): BadField | null {
  const names = choosable("page");
  if (names.includes(field) || isOtherPageField(field)) return null;
  const isInstagrams = WEBHOOK_FIELDS.some((row) => row.object === "instagram" && row.field === field);
  if (isInstagrams && platform === "instagram") {
    const message =
      `"${field}" is turned on for the whole app: App Dashboard, Webhooks, Instagram. ` +
      'The subscription is for the linked Page and accepts any field of a Page, such as "feed".';
    return { field, use: "feed", message };
  }
  const namesake = NAMESAKES.find(([instagram]) => instagram === field)?.[1];
  if (namesake !== undefined) {
    const message = `"${field}" is the name on Instagram; for a Page it is "${namesake}".`;
    return { field, use: namesake, message };
  }
  if (isInstagrams) return { field, use: null, message: `"${field}" exists on Instagram only.` };
  return unknown(field, names);
}

const SETUP_NAMES: Readonly<Record<Setup, string>> = {
  instagram_login: "Instagram Login",
  facebook_login: "Facebook Login",
  messenger_instagram: "the Messenger Platform",
  page: "a Page",
  user: "the User object",
};

const choosable = (setup: Setup): string[] =>
  fieldsOf(setup).flatMap((row) => (row.includedIn === null ? row.field : []));

function unknown(field: string, names: readonly string[]): BadField {
  const plain = field
    .slice(0, MAX_NAME_LENGTH)
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  const near = names
    .map((name) => ({ name, distance: distance(plain, name) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (near !== undefined && near.distance <= TYPO_DISTANCE) {
    return { field, use: near.name, message: `There is no field "${field}"; did you mean "${near.name}"?` };
  }
  return { field, use: null, message: `There is no field "${field}". Available fields: ${names.join(", ")}.` };
}

/** Edit distance between two names (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
