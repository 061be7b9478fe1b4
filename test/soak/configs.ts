/**
 * The configurations of the soak: the shipping ones, with the queues replaced by the queue Worker of the soak. They are
 * generated at every run, so that they are never outdated, and are never deployed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SOAK = import.meta.dirname;

/** A table of a configuration: its head (`[[services]]`; empty for the top) and its text, head included. */
export interface Table {
  head: string;
  text: string;
}

/**
 * Splits a configuration into its tables. Sufficient for these files, because no value has a line that starts with `[`.
 */
export function tablesOf(toml: string): Table[] {
  const tables: Table[] = [{ head: "", text: "" }];
  for (const line of toml.split("\n")) {
    const head = /^\[\[?[^\]]+\]\]?/.exec(line)?.[0];
    if (head !== undefined) tables.push({ head, text: "" });
    const table = tables.at(-1);
    if (table !== undefined) table.text += `${line}\n`;
  }
  return tables;
}

const isQueue = ({ head }: Table): boolean => head.startsWith("[[queues.");

/** Paths in the shipping files are relative to the root, but these files are in another folder. */
function withMain(toml: string, main: string): string {
  return toml.replace(/^main = ".*"$/m, `main = ${JSON.stringify(main)}`);
}

/** The receiver with `EVENTS` bound to the replacement queue. */
export function receiverConfig(shipping: string): string {
  const kept = tablesOf(withMain(shipping, join(ROOT, "src/receiver/index.ts"))).filter((table) => !isQueue(table));
  const producers = tablesOf(shipping).filter(isQueue);
  const binding = /^binding = .*$/m.exec(producers[0]?.text ?? "")?.[0];
  if (producers.length !== 1 || binding === undefined) throw new Error("wrangler.toml has not one queue producer");
  const service = `[[services]]\n${binding}\nservice = "replyline-soak-queue"\nentrypoint = "EventsQueue"\n`;
  return [...kept.map(({ text }) => text), service].join("");
}

/** The engine with an entrypoint for the replacement queue. */
export function engineConfig(shipping: string): string {
  const kept = tablesOf(withMain(shipping, join(SOAK, "workers/engine.ts"))).filter((table) => !isQueue(table));
  const service = '[[services]]\nbinding = "QUEUE"\nservice = "replyline-soak-queue"\nentrypoint = "EventsQueue"\n';
  return [...kept.map(({ text }) => text), service].join("");
}

export interface QueueOptions {
  seed: number;
  /** Confirms a message half a second before it stores it: a planted bug that the soak must find. */
  forgetful: boolean;
}

/** The replacement queue with the settings of the shipping consumer. */
export function queueConfig(own: string, engine: string, { seed, forgetful }: QueueOptions): string {
  const consumer = tablesOf(engine).find((table) => isQueue(table) && table.text.includes("dead_letter_queue"));
  const figure = (name: string): string => {
    const value = new RegExp(`^${name} = "?([^"\n]+)"?$`, "m").exec(consumer?.text ?? "")?.[1];
    if (value === undefined) throw new Error(`wrangler.engine.toml has no consumer with ${name}`);
    return JSON.stringify(value);
  };
  const vars = [
    "[vars]",
    `SOAK_SEED = "${seed}"`,
    `FORGETFUL = "${forgetful ? "on" : "off"}"`,
    `QUEUE = ${figure("queue")}`,
    `DEAD_LETTER_QUEUE = ${figure("dead_letter_queue")}`,
    `MAX_BATCH_SIZE = ${figure("max_batch_size")}`,
    `MAX_RETRIES = ${figure("max_retries")}`,
  ];
  return `${withMain(own, join(SOAK, "workers/queue.ts"))}\n${vars.join("\n")}\n`;
}

/**
 * The same for a bundled Worker: `wrangler dev` then starts in half the time, and runs the same code from the first
 * kill to the last, even if the sources change during the run.
 */
export function bundledConfig(config: string, main: string): string {
  const kept = tablesOf(config).filter(({ head }) => head !== "[build]");
  return withMain(kept.map(({ text }) => text).join(""), main).replace(/^main = .*$/m, "$&\nno_bundle = true");
}

export interface ConfigFile {
  /** From the sources. */
  path: string;
  /** The folder of its bundle. */
  outdir: string;
  /** From the bundle. */
  bundledPath: string;
}

/** Writes the configurations to a folder. The receiver's is first, because its Worker has the port. */
export function writeConfigs(folder: string, options: QueueOptions): ConfigFile[] {
  const read = (path: string): string => readFileSync(path, "utf8");
  const engine = read(join(ROOT, "wrangler.engine.toml"));
  const configs = [
    { name: "receiver", script: "index.js", text: receiverConfig(read(join(ROOT, "wrangler.toml"))) },
    { name: "engine", script: "engine.js", text: engineConfig(engine) },
    { name: "queue", script: "queue.js", text: queueConfig(read(join(SOAK, "queue.toml")), engine, options) },
  ];
  return configs.map(({ name, script, text }) => {
    const path = join(folder, `${name}.toml`);
    const bundledPath = join(folder, `${name}.bundled.toml`);
    const outdir = join(folder, "bundle", name);
    writeFileSync(path, text);
    writeFileSync(bundledPath, bundledConfig(text, join(outdir, script)));
    return { path, outdir, bundledPath };
  });
}
