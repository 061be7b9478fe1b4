/** The `fields` parameter: names, with nested lists in braces. A nested list counts as its outer name. */
import { err, ok, type Result } from "../../core/result.ts";
import {
  errorResponse,
  success,
  textParam,
  type GraphCall,
  type GraphContext,
  type GraphResponse,
} from "./graph-call.ts";
import { badParameter, type GraphError } from "./graph-error.ts";

/** `from,media{id,permalink},messages.limit(10){id}` → `["from", "media", "messages"]`. */
export function fieldNames(fields: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let name = "";
  for (const character of `${fields},`) {
    if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    else if (depth === 0 && character === ",") {
      const [bare = ""] = name.trim().split(".");
      if (bare !== "") names.push(bare);
      name = "";
    } else if (depth === 0) name += character;
  }
  return names;
}

/** The requested fields of a record. `id` is always included, and an unknown name is an error. */
export function pickFields(
  record: Readonly<Record<string, unknown>>,
  fields: string | null,
  defaults: string,
): Result<Record<string, unknown>, GraphError> {
  const picked: Record<string, unknown> = {};
  for (const name of fieldNames(fields ?? defaults)) {
    if (!(name in record)) return err(badParameter(`Tried accessing nonexisting field (${name})`));
    if (record[name] !== undefined) picked[name] = record[name];
  }
  if (!("id" in picked) && record["id"] !== undefined) picked["id"] = record["id"];
  return ok(picked);
}

type GraphRecord = Readonly<Record<string, unknown>>;

/** Responds with the requested fields of a record. */
export function respondWithFields(
  call: GraphCall,
  record: GraphRecord,
  defaults: string,
  { random }: GraphContext,
): GraphResponse {
  const picked = pickFields(record, textParam(call, "fields"), defaults);
  return picked.ok ? success(picked.value) : errorResponse(picked.error, random);
}

/** Responds with a list of records. `rest`: what the body has next to `data`. */
export function respondWithList(
  call: GraphCall,
  records: Iterable<GraphRecord>,
  defaults: string,
  { random }: GraphContext,
  rest: object = {},
): GraphResponse {
  const data: unknown[] = [];
  for (const record of records) {
    const picked = pickFields(record, textParam(call, "fields"), defaults);
    if (!picked.ok) return errorResponse(picked.error, random);
    data.push(picked.value);
  }
  return success({ data, ...rest });
}

/** ISO 8601 with a numeric offset, as the Graph API writes times. */
export const graphTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "+0000");
