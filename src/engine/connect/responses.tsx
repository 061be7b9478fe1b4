/** Pages as responses, with the headers that isolate them. */
import { type ConnectFailure, FAILURE_STATUS } from "./login-result.ts";
import { FailurePage } from "./pages/failure.tsx";

/**
 * No script at all, styles from here, forms to here. `same-origin`: the callback's address holds the code, and must not
 * leak as a Referer; with `no-referrer` the form's Origin would be lost too.
 */
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
};

/** @param element the page from `<html>` on */
export const page = (element: { toString(): string | Promise<string> }, status = 200): Response =>
  new Response(`<!doctype html>${String(element)}`, { status, headers: HEADERS });

/**
 * The page that says why a login failed.
 *
 * @param again where to start again; null: nowhere
 * @param guest not the owner of the deployment, who alone can correct its setup
 */
export const failed = (failure: ConnectFailure, again: string | null, guest: boolean): Response =>
  page(<FailurePage failure={failure} again={again} guest={guest} />, FAILURE_STATUS[failure.reason]);
