/** A kind of notification that can be asked for by name, with options in words. */
import type { Making } from "../comment-notifications.ts";
import type { Item } from "../delivery-body.ts";
import type { Platform, Thread } from "../message-notifications.ts";

export interface KindOption {
  type: "string" | "boolean";
  about: string;
  /** May be given several times. */
  multiple?: true;
}

export interface Kind {
  /** The command: `comment`, `story-mention` … */
  name: string;
  summary: string;
  /** After `npm run meta --`. */
  example: string;
  options: Readonly<Record<string, KindOption>>;
  /** Where it only exists on one platform. */
  platform?: Platform;
  make: (scene: Scene, given: Given) => Item;
}

/** Who and where, when nothing else is said. */
export interface Scene extends Thread, Making {
  username: string;
  mediaId: string;
  /** An app's id, for echoes and handovers. */
  appId: string;
}

/** A value that an option cannot have. The message names the option. */
export class OptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OptionError";
  }
}

type Value = string | boolean | readonly (string | boolean)[] | undefined;

/** Options as given, read by name. */
export class Given {
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

  list(name: string): string[] {
    const value = this.#values[name];
    const list = Array.isArray(value) ? (value as readonly (string | boolean)[]) : [value];
    return list.filter((item): item is string => typeof item === "string");
  }

  whole(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new OptionError(`--${name} must be a whole number, not "${text}"`);
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new OptionError(`--${name} must be one of ${choices.join(", ")}, not "${text}"`);
    return found;
  }
}

/** Leaves out what is undefined, for options that must be absent rather than undefined. */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

export const option = (about: string): KindOption => ({ type: "string", about });
export const flag = (about: string): KindOption => ({ type: "boolean", about });
export const options = (about: string): KindOption => ({ type: "string", about, multiple: true });
