/** A port that somebody has named: whether it is one, and whether it is to be had. */
import { OptionError } from "../../notifications/kinds/notification-kind.ts";
import { freePort } from "./wrangler-process.ts";

const MAX_PORT = 65_535;

/** The port that `text` names. Throws an OptionError where it names none, or one that is taken. */
export async function namedPort(text: string): Promise<number> {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > MAX_PORT) {
    throw new OptionError(`--port must be from 1 to ${MAX_PORT}, not "${text}"`);
  }
  if ((await freePort(port)) !== port) throw portTaken(port);
  return port;
}

export const portTaken = (port: number): OptionError =>
  new OptionError(`port ${port} is taken: --port chooses another one`);
