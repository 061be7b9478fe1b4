/** A kind of notification with its command name and options. */
import type { BuildContext, Item } from "../delivery-body.ts";
import type { Platform, Thread } from "../message-notifications.ts";

export interface KindOption {
  type: "string" | "boolean";
  about: string;
  /** May be given several times. */
  multiple?: true;
  /** Names of options that cannot be used with this one. */
  conflicts?: readonly string[];
}

export interface Kind {
  /** The command: `comment`, `story-mention` … */
  name: string;
  summary: string;
  /** After `npm run meta --`. */
  example: string;
  options: Readonly<Record<string, KindOption>>;
  /** Set if the kind exists on one platform only. */
  platform?: Platform;
  make: (context: NotificationContext, values: OptionValues) => Item;
}

/** The account, person and media that a notification is about, unless an option says otherwise. */
export interface NotificationContext extends Thread, BuildContext {
  username: string;
  mediaId: string;
  /** An app's id, for echoes and handovers. */
  appId: string;
}

/** A command line that cannot be carried out. The message names the option; the CLI adds an example. */
export class UsageError extends Error {
  /** A command line that helps more than the command's own examples. */
  readonly example: string | null;

  constructor(message: string, example: string | null = null) {
    super(message);
    this.name = "UsageError";
    this.example = example;
  }
}

type Value = string | boolean | readonly string[] | undefined;

/** The options of a command line, read by name. */
export class OptionValues {
  readonly #values: Readonly<Record<string, Value>>;

  constructor(values: Readonly<Record<string, Value>>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  /** The values of an option that may be given several times. */
  list(name: string): readonly string[] {
    const value = this.#values[name];
    return typeof value === "object" ? value : typeof value === "string" ? [value] : [];
  }

  number(name: string): number | undefined {
    return this.#parse(name, "a number", (text) => (text.trim() === "" ? Number.NaN : Number(text)));
  }

  positive(name: string): number | undefined {
    return this.#parse(name, "a number above 0", (text) => (Number(text) > 0 ? Number(text) : Number.NaN));
  }

  whole(name: string): number | undefined {
    return this.#parse(name, "a whole number", (text) => (/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN));
  }

  #parse(name: string, what: string, read: (text: string) => number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = read(text);
    if (Number.isFinite(value)) return value;
    throw new UsageError(`--${name} must be ${what}, not "${text}"`);
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new UsageError(`--${name} must be one of ${choices.join(", ")}, not "${text}"`);
    return found;
  }
}

/** Leaves out undefined values, for options that must be absent rather than undefined. */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** An option with a value. `conflicts`: names of options that cannot be used with it. */
export const option = (about: string, conflicts: readonly string[] = []): KindOption => ({
  type: "string",
  about,
  conflicts,
});

/** An option without a value. */
export const flag = (about: string, conflicts: readonly string[] = []): KindOption => ({
  type: "boolean",
  about,
  conflicts,
});

/** An option with a value that may be given several times. */
export const options = (about: string): KindOption => ({ type: "string", about, multiple: true });
