/** The metrics of a story, sent when it expires. */
import { idAt, type JsonObject, numberAt } from "../json.ts";

export interface StoryInsightsView {
  kind: "story_insights";
  mediaId: string | null;
  /** Counts by Meta's name; −1 means fewer than five. */
  counts: { name: string; count: number }[];
}

/** All numbers in `value`, under any name, because Meta sometimes adds metrics. */
export function readStoryInsights(value: JsonObject | null): StoryInsightsView {
  const counts: StoryInsightsView["counts"] = [];
  for (const name of Object.keys(value ?? {})) {
    const count = name === "media_id" ? null : numberAt(value, name);
    if (count !== null) counts.push({ name, count });
  }
  return { kind: "story_insights", mediaId: idAt(value, "media_id"), counts };
}
