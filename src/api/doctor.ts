import * as v from "valibot";

const finding = v.object({
  id: v.pipe(v.string(), v.description("Stable name of the check.")),
  level: v.pipe(
    v.picklist(["ok", "info", "warn", "fail"]),
    v.description("`fail`: nothing works until it is fixed. `warn`: a part does not work."),
  ),
  title: v.string(),
  fix: v.pipe(v.nullable(v.string()), v.description("What to do, in one sentence.")),
  link: v.pipe(v.nullable(v.string()), v.description("Where to do it, or documentation.")),
});
export type Finding = v.InferOutput<typeof finding>;

export const doctorReport = v.object({
  checkedAt: v.number(),
  healthy: v.pipe(v.boolean(), v.description("No finding has the level `fail` or `warn`.")),
  findings: v.pipe(v.array(finding), v.description("Findings about the deployment.")),
  accounts: v.pipe(
    v.array(v.object({ id: v.string(), name: v.nullable(v.string()), findings: v.array(finding) })),
    v.description("Findings about the examined accounts: at most five, those with problems first."),
  ),
  notExamined: v.pipe(v.number(), v.description("Number of connected accounts that were not examined.")),
});
export type Report = v.InferOutput<typeof doctorReport>;
export type AccountReport = Report["accounts"][number];
