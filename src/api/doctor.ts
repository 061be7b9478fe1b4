import * as v from "valibot";

const finding = v.object({
  id: v.pipe(v.string(), v.description("Stable name of the check.")),
  level: v.pipe(
    v.picklist(["ok", "info", "warn", "fail"]),
    v.description("`fail`: nothing works until it is mended. `warn`: something does not."),
  ),
  title: v.string(),
  fix: v.pipe(v.nullable(v.string()), v.description("What to do, in one sentence.")),
  link: v.pipe(v.nullable(v.string()), v.description("Where it is done, or explained.")),
});
export type Finding = v.InferOutput<typeof finding>;

export const doctorReport = v.object({
  checkedAt: v.number(),
  healthy: v.pipe(v.boolean(), v.description("Nothing is at `fail` or `warn`.")),
  findings: v.pipe(v.array(finding), v.description("Of the deployment as a whole.")),
  accounts: v.pipe(
    v.array(v.object({ id: v.string(), name: v.nullable(v.string()), findings: v.array(finding) })),
    v.description("Of the accounts that were looked at closely: those in trouble first, five at most."),
  ),
  notExamined: v.pipe(v.number(), v.description("Connected accounts beyond those.")),
});
export type Report = v.InferOutput<typeof doctorReport>;
export type AccountReport = Report["accounts"][number];
