/**
 * Counts the events of a body without the receiver's reader: which texts must become events, and for which account. It
 * is written only from the description of the containers, so that a mistake in one of the two is found.
 */

/** A part that must become exactly one event. */
export interface Announced {
  /** The exact text in the body; if members of an object are stored together, an object with only these members. */
  text: string;
  accountId: string;
}

/** The events of a body; null if its containers are unreadable, so that the whole body is stored. */
export function census(text: string): Announced[] | null {
  try {
    return new Census(text).take();
  } catch {
    return null;
  }
}

const CONTAINERS: ReadonlySet<string> = new Set(["changes", "messaging", "standby", "changed_fields"]);
const ACCOUNT_ID = /^[A-Za-z0-9._-]{1,64}$/;

interface Part {
  name: string;
  text: string;
  nested: boolean;
}

class Census {
  readonly #text: string;
  readonly #found: Announced[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(): Announced[] {
    this.#each(() => this.#notification());
    if (this.#peek() !== "") throw new Error("more text");
    return this.#found;
  }

  #notification(): void {
    const start = this.#skipSpace();
    if (this.#peek() !== "{") return this.#announce(this.#value().text, "");
    const rest: Part[] = [];
    let hasEntry = false;
    this.#members((name) => {
      if (name === "entry" && (this.#peek() === "[" || this.#peek() === "{")) {
        hasEntry = true;
        this.#each(() => this.#entry());
      } else {
        const part = this.#value();
        if (name !== "object") rest.push({ name, ...part });
      }
    });
    if (!hasEntry) return this.#announce(this.#text.slice(start, this.#at), "");
    const nested = rest.filter((part) => part.nested);
    if (nested.length > 0) this.#announce(compose(nested), "");
  }

  #entry(): void {
    const start = this.#skipSpace();
    if (this.#peek() !== "{") return this.#announce(this.#value().text, "");
    const items: string[] = [];
    const rest: Part[] = [];
    let id: Part | null = null;
    this.#members((name) => {
      if (CONTAINERS.has(name) && this.#peek() === "[") return this.#each(() => items.push(this.#value().text));
      const part = { name, ...this.#value() };
      if (name === "id") id = part;
      else if (name !== "time" && name !== "uid") rest.push(part);
    });
    const accountId = id === null ? "" : idText(id);
    if (id !== null && !ACCOUNT_ID.test(accountId)) return this.#announce(this.#text.slice(start, this.#at), "");
    for (const item of items) this.#announce(item, accountId);
    const isFlat = rest.some(({ name }) => name === "field" || name === "value");
    const isNested = rest.some(({ nested }) => nested);
    if (isFlat || isNested || (items.length === 0 && rest.length > 0)) this.#announce(compose(rest), accountId);
  }

  #announce(text: string, accountId: string): void {
    this.#found.push({ text, accountId });
  }

  /** Each element of an array, or a single value in place of the array. */
  #each(one: () => void): void {
    if (this.#peek() !== "[") return one();
    this.#at++;
    if (this.#took("]")) return;
    do one();
    while (this.#took(","));
    this.#must("]");
  }

  #members(one: (name: string) => void): void {
    this.#must("{");
    if (this.#took("}")) return;
    do {
      this.#skipSpace();
      const key = this.#string();
      this.#must(":");
      one(key.includes("\\") ? String(JSON.parse(key)) : key.slice(1, -1));
    } while (this.#took(","));
    this.#must("}");
  }

  /** Any value, delimited only by its brackets and quotes. */
  #value(): { text: string; nested: boolean } {
    const start = this.#skipSpace();
    const first = this.#peek();
    if (first === "{" || first === "[") {
      let open = 0;
      do {
        const char = this.#text.charAt(this.#at);
        if (char === "") throw new Error("a bracket is not closed");
        if (char === '"') {
          this.#string();
          continue;
        }
        if (char === "{" || char === "[") open++;
        else if (char === "}" || char === "]") open--;
        this.#at++;
      } while (open > 0);
      return { text: this.#text.slice(start, this.#at), nested: true };
    }
    if (first === '"') return { text: this.#string(), nested: false };
    SCALAR.lastIndex = start;
    const scalar = SCALAR.exec(this.#text)?.[0] ?? "";
    if (scalar === "") throw new Error("a value is missing");
    this.#at += scalar.length;
    return { text: scalar, nested: false };
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[start] !== '"') throw new Error("a string is missing");
    for (this.#at++; ; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (char === "") throw new Error("a string is not closed");
      if (char === "\\") this.#at++;
      else if (char === '"') return this.#text.slice(start, ++this.#at);
    }
  }

  #skipSpace(): number {
    while (" \n\r\t".includes(this.#text[this.#at] ?? "x")) this.#at++;
    return this.#at;
  }

  #peek(): string {
    return this.#text.charAt(this.#skipSpace());
  }

  #took(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  #must(char: string): void {
    if (!this.#took(char)) throw new Error(`expected ${char}`);
  }
}

/** A scalar ends at white space (including control characters) or at a character that can follow a value. */
const SCALAR = /[^\u0000-\u0020,\]}]*/y; // oxlint-disable-line no-control-regex

const compose = (parts: readonly Part[]): string =>
  `{${parts.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(",")}}`;

/** An id as text, with all its digits; "" if it is not an id. */
function idText({ text }: Part): string {
  if (/^-?(?:0|[1-9]\d{15,})$/.test(text)) return text === "-0" ? "0" : text;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "";
  }
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : "";
}
