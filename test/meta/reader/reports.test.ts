/** Bodies from captures and public bug reports: what each of them is read as, and which automations may see it. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  EXPECTED_CAPTURES,
  EXPECTED_REPORTS,
  type ExpectedReading,
  NO_BODIES,
} from "../../payloads/expected-reports.ts";
import { readSubject } from "../../../src/meta/subject.ts";
import { read } from "./deliveries.ts";

/** Some files have a note next to the body. */
function bodyOf(text: string): string {
  const parsed = JSON.parse(text) as { body?: unknown; echo?: unknown };
  const inner = parsed.body ?? parsed.echo;
  return inner === undefined ? text : JSON.stringify(inner);
}

describe.each<[folder: string, rows: Readonly<Record<string, readonly ExpectedReading[]>>]>([
  ["captures", EXPECTED_CAPTURES],
  ["reports", EXPECTED_REPORTS],
])("%s", (folder, rows) => {
  const at = new URL(`../../payloads/${folder}/`, import.meta.url);

  it("are all in the table", () => {
    const files = readdirSync(at).filter((name) => name.endsWith(".json") && !NO_BODIES.includes(name));
    expect(Object.keys(rows).toSorted()).toEqual(files.toSorted());
  });

  it.each(Object.keys(rows))("%s", (file) => {
    const { events, entriesWithoutEvents } = read(bodyOf(readFileSync(new URL(file, at), "utf8")));
    const found = events.map((event) => {
      const { on, blocked, username } = readSubject(event);
      return { kind: event.kind, on, blocked, username };
    });
    expect(found).toEqual(rows[file]?.map(({ today, ...right }) => ({ ...right, ...today })));
    expect(entriesWithoutEvents).toBe(0);
  });

  it("are marked as wrong only where they are", () => {
    for (const { today, ...right } of Object.values(rows).flat()) {
      for (const [name, value] of Object.entries(today ?? {})) {
        expect(right[name as keyof typeof right]).not.toEqual(value);
      }
    }
  });
});
