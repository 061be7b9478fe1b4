/** Replyline's API, with the session cookie. */
import { apiPath } from "../../api/paths.ts";
import { noteServerDate } from "./server-time.ts";

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: { field: string; message: string }[];

  constructor(status: number, code: string, message: string, fields: { field: string; message: string }[] = []) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string; fields?: { field: string; message: string }[] };
}

/** `unasked`: the page asks in the background. A reader who stays on the page is sent to the sign-in only once. */
export type Asker = "person" | "unasked";

export async function api<T>(
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  asker: Asker = "person",
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, "unreachable", "Replyline cannot be reached. Check your network connection.");
  }
  noteServerDate(response.headers.get("Date"));
  if (response.status === 401) {
    signInAgain(asker);
    throw new ApiError(401, "unauthorized", "Your session has ended. Sign in again.");
  }
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  const { error } = (answer ?? {}) as ErrorBody;
  throw new ApiError(
    response.status,
    error?.code ?? "unknown",
    error?.message ?? `Replyline returned HTTP ${response.status}.`,
    error?.fields,
  );
}

export const get = <T>(path: string, asker?: Asker): Promise<T> => api<T>("GET", path, undefined, asker);

/** `?a=1&b=2` of what is there; empty values are left out. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "" && value !== false) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

let sentToSignIn = false;

export function signInAgain(asker: Asker): void {
  if (asker === "unasked" && sentToSignIn) return;
  sentToSignIn = true;
  const to = `${location.pathname}${location.search}${location.hash}`;
  location.assign(`/console/sign-in?to=${encodeURIComponent(to)}`);
}

/** A refused WebSocket says nothing of the reason: the session is asked after. */
export async function signInIfOver(): Promise<void> {
  try {
    const response = await fetch("/console/session", { credentials: "same-origin" });
    const { open } = (await response.json()) as { open: boolean };
    if (!open) signInAgain("unasked");
  } catch {
    // Replyline cannot be reached, which is why the connection failed.
  }
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** The account of this page. */
export const accountId = (): string => document.body.dataset["account"] ?? "";
export const accountApi = (rest = ""): string => `${apiPath("accounts", accountId())}${rest}`;
