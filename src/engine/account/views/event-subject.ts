import type { Subject } from "../../../core/automation/subject.ts";
import type { EventKind } from "../../../core/event.ts";
import { readSubject } from "../../../meta/subject.ts";
import { number, text, type Sql, type SqlRow } from "../../storage/sql.ts";
import { rawOf } from "../tables/events.ts";

/** Who and what a stored event is about. @param row with `id`, `kind`, `test` and `raw` */
export function subjectOfRow(sql: Sql, accountId: string, row: SqlRow): Subject {
  const test = number(row, "test") === 1;
  return readSubject({ kind: text(row, "kind") as EventKind, accountId, raw: rawOf(sql, row), test });
}
