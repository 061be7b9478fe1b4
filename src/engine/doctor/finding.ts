/** One thing that the doctor looked at. */
export interface Finding {
  /** Stable, for machines: `callback_handshake`, `token`. */
  id: string;
  /** `fail`: nothing works until this is mended. `warn`: something does not. `info`: worth knowing. */
  level: "ok" | "info" | "warn" | "fail";
  title: string;
  /** What to do, in one sentence; null where there is nothing to do. */
  fix: string | null;
  /** The page where it is done, or explained. */
  link: string | null;
}

export interface AccountReport {
  id: string;
  name: string | null;
  findings: Finding[];
}

export interface Report {
  checkedAt: number;
  /** Nothing is at `fail` or `warn`. */
  healthy: boolean;
  /** Of the deployment as a whole. */
  findings: Finding[];
  /** Of the accounts that were looked at closely. */
  accounts: AccountReport[];
  /** Connected accounts beyond those; ask for one with `?account=`. */
  notExamined: number;
}

export const good = (id: string, title: string): Finding => ({ id, level: "ok", title, fix: null, link: null });

export const note = (id: string, title: string, fix: string | null = null, link: string | null = null): Finding => ({
  id,
  level: "info",
  title,
  fix,
  link,
});

export const warn = (id: string, title: string, fix: string, link: string | null): Finding => ({
  id,
  level: "warn",
  title,
  fix,
  link,
});

export const fail = (id: string, title: string, fix: string, link: string | null): Finding => ({
  id,
  level: "fail",
  title,
  fix,
  link,
});
