/** A problem in a part of a message that has Meta's own format, and how such parts are looked at. */

export interface PartProblem {
  /** Within the content: `quick_replies[1].title`, `attachment.payload.url`. */
  path: (string | number)[];
  /** What the value must be. Shown after the name of the field. */
  message: string;
}

export const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
