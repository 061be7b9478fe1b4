/** Makes the doctor's findings, one function a level. */
import type { Finding } from "../../api/doctor.ts";

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
