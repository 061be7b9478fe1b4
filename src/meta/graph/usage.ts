/**
 * Used part of the quota, from the headers X-App-Usage, X-Page-Usage and X-Business-Use-Case-Usage:
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
import { MINUTE_MS } from "../../core/time.ts";
import type { Usage } from "../../core/reply/outcome.ts";
import { isObject, type JsonObject, numberAt } from "../json.ts";

/** All three are percentages of the quota. */
const METERS = ["call_count", "total_time", "total_cputime"] as const;

/**
 * The highest percentage in all headers, and the longest time until access is restored.
 *
 * @returns null without a readable header. An invalid header is ignored, because the response is still valid
 */
export function readUsage(headers: Headers): Usage | null {
  const meters = [
    ...metersOf(parse(headers.get("x-app-usage"))),
    ...metersOf(parse(headers.get("x-page-usage"))),
    // Per business or account id: a list with one object per kind of call.
    ...Object.values(parse(headers.get("x-business-use-case-usage")) ?? {}).flatMap((list) =>
      Array.isArray(list) ? list.flatMap(metersOf) : [],
    ),
  ];
  if (meters.length === 0) return null;
  const minutes = Math.max(...meters.map((meter) => meter.regainMinutes));
  return {
    percent: Math.max(...meters.map((meter) => meter.percent)),
    regainMs: minutes > 0 ? minutes * MINUTE_MS : null,
  };
}

function metersOf(value: unknown): { percent: number; regainMinutes: number }[] {
  if (!isObject(value)) return [];
  const percents = METERS.flatMap((name) => numberAt(value, name) ?? []).filter((percent) => percent >= 0);
  if (percents.length === 0) return [];
  return [{ percent: Math.max(...percents), regainMinutes: numberAt(value, "estimated_time_to_regain_access") ?? 0 }];
}

function parse(header: string | null): JsonObject | null {
  if (header === null) return null;
  try {
    const value: unknown = JSON.parse(header);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
