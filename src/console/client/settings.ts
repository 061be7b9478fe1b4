/** The account's settings. Only changed fields are sent, so that two people do not overwrite each other. */
import { onFacts, readNow } from "./account-watch.ts";
import { accountApi, api, ApiError } from "./api.ts";
import { busyWhile, form, part } from "./dom.ts";

type Json = { [key: string]: string | number | boolean | Json };

export function startSettings(): void {
  const element = form("settings");
  const saved = part("saved");
  let before = valuesOf(element);
  const changed = (): boolean => JSON.stringify(valuesOf(element)) !== JSON.stringify(before);
  element.addEventListener("input", () => {
    saved.textContent = changed() ? "Unsaved changes." : "";
  });
  // Also on the way to the sign-in, when the session is over.
  addEventListener("beforeunload", (event) => {
    if (changed()) event.preventDefault();
  });
  // Changed in the header, or by another person: a field that was not edited here follows.
  onFacts(({ settings: { sending } }) => {
    const chosen = element.querySelector<HTMLInputElement>(`[name=sending][value=${sending}]`);
    if (valuesOf(element)["sending"] === before["sending"] && chosen !== null) chosen.checked = true;
    before = { ...before, sending };
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const submit = element.querySelector<HTMLButtonElement>("button[type=submit]");
    if (submit !== null) void busyWhile(submit, save);
  });
  const save = async (): Promise<void> => {
    for (const problem of element.querySelectorAll("[data-problem]")) problem.textContent = "";
    const values = valuesOf(element);
    const entries = Object.entries(values).filter(([name, value]) => before[name] !== value);
    if (entries.length === 0) {
      saved.textContent = "No changes to save.";
      return;
    }
    const sending = entries.some(([name]) => name === "sending");
    try {
      await api("PUT", accountApi("/settings"), nested(entries));
      before = values;
      saved.textContent = "Saved. The new settings apply now.";
      if (sending) await readNow(true);
    } catch (error) {
      if (!(error instanceof ApiError) || error.fields.length === 0) throw error;
      showProblems(element, error);
    }
  };
}

function showProblems(element: HTMLElement, { fields }: ApiError): void {
  for (const { field, message } of fields) {
    const place = element.querySelector(`[data-problem="${CSS.escape(field)}"]`);
    if (place !== null) place.textContent = `It ${message}.`;
    const control = element.querySelector<HTMLElement>(`[name="${CSS.escape(field)}"]`);
    control?.setAttribute("aria-invalid", "true");
    control?.focus();
  }
}

function valuesOf(element: HTMLFormElement): Record<string, string | number | boolean> {
  const values: Record<string, string | number | boolean> = {};
  for (const control of element.elements) {
    if (control instanceof HTMLSelectElement) values[control.name] = control.value;
    if (!(control instanceof HTMLInputElement)) continue;
    control.removeAttribute("aria-invalid");
    if (control.type === "checkbox") values[control.name] = control.checked;
    else if (control.type === "number") values[control.name] = control.value === "" ? "" : Number(control.value);
    else if (control.type === "radio" && control.checked) values[control.name] = control.value;
  }
  return values;
}

/** `pacing.messagesPerSecond` into `{ pacing: { messagesPerSecond } }`. */
function nested(entries: readonly (readonly [string, string | number | boolean])[]): Json {
  const result: Json = {};
  for (const [name, value] of entries) {
    const [group, key] = name.split(".");
    if (group === undefined) continue;
    if (key === undefined) result[group] = value;
    else result[group] = { ...(result[group] as Json | undefined), [key]: value };
  }
  return result;
}
