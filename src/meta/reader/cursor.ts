/**
 * A cursor over JSON text that finds the start and end of values without parsing them into objects.
 *
 * The reader uses it to walk Meta's containers and passes each item to `JSON.parse` as the exact slice that Meta sent.
 * So `raw` is exact to the character, an item with invalid JSON does not affect other items, and the text is read only
 * once. The cursor validates the containers that it walks; `JSON.parse` validates the inside of skipped values.
 */
import { parseJson } from "../json.ts";

/** A value within the text: `text.slice(start, end)`; `depth` is how deep its brackets nest, 0 for a scalar. */
export interface Span {
  start: number;
  end: number;
  depth: number;
}

export class NotJson extends Error {
  override name = "NotJson";
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

export type ValueType = "object" | "array" | "scalar";

export class JsonCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The type of the next value, from its first character. */
  type(): ValueType {
    const code = this.#next();
    if (code === OPEN_OBJECT) return "object";
    return code === OPEN_ARRAY ? "array" : "scalar";
  }

  /** The start of the next value; after a value, the end of the white space that follows it. */
  start(): number {
    this.#next();
    return this.#at;
  }

  /** Walks the object at the cursor. `onMember` must consume the value of each key it is called with. */
  object(onMember: (key: string) => void): void {
    this.#expect(OPEN_OBJECT);
    if (this.#took(CLOSE_OBJECT)) return;
    do {
      const key = this.#key();
      this.#expect(COLON);
      onMember(key);
    } while (this.#took(COMMA));
    this.#expect(CLOSE_OBJECT);
  }

  /** Walks the array at the cursor. `onElement` must consume the value it is called for. */
  array(onElement: () => void): void {
    this.#expect(OPEN_ARRAY);
    if (this.#took(CLOSE_ARRAY)) return;
    do {
      onElement();
    } while (this.#took(COMMA));
    this.#expect(CLOSE_ARRAY);
  }

  /** Consumes one value of any type. Iterative, so deep nesting cannot exhaust the stack. */
  skip(): Span {
    const first = this.#next();
    const start = this.#at;
    if (first === QUOTE) return { start, end: (this.#at = this.#afterString(start)), depth: 0 };
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return this.#scalar(start);
    let at = start;
    let depth = 0;
    let deepest = 0;
    do {
      const code = this.#text.charCodeAt(at);
      if (code === QUOTE) {
        at = this.#afterString(at);
        continue;
      }
      if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        depth++;
        if (depth > deepest) deepest = depth;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        depth--;
      } else if (Number.isNaN(code)) {
        throw new NotJson("the text ends inside a value");
      }
      at++;
    } while (depth > 0);
    this.#at = at;
    return { start, end: at, depth: deepest };
  }

  /** Throws if anything but white space is left. */
  end(): void {
    if (!Number.isNaN(this.#next())) throw new NotJson("text after the end of the value");
  }

  #scalar(start: number): Span {
    const text = this.#text;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code) || code <= 0x20 || code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY) break;
      at++;
    }
    if (at === start) throw new NotJson("a value is missing");
    this.#at = at;
    return { start, end: at, depth: 0 };
  }

  #key(): string {
    if (this.#next() !== QUOTE) throw new NotJson("a key is missing");
    const start = this.#at;
    this.#at = this.#afterString(start);
    const quoted = this.#text.slice(start, this.#at);
    return quoted.includes("\\") ? String(parseJson(quoted)) : quoted.slice(1, -1);
  }

  /** The position after the closing quote of the string that opens at `start`. */
  #afterString(start: number): number {
    const text = this.#text;
    for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
      let slashes = 0;
      while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
      if (slashes % 2 === 0) return quote + 1;
    }
    throw new NotJson("the text ends inside a string");
  }

  /** The code of the next character that is not white space; NaN at the end. */
  #next(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at++;
    }
  }

  #took(code: number): boolean {
    if (this.#next() !== code) return false;
    this.#at++;
    return true;
  }

  #expect(code: number): void {
    if (!this.#took(code)) throw new NotJson(`expected ${String.fromCharCode(code)}`);
  }
}
