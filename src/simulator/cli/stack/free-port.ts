/** Ports of the loopback address. */
import { createServer } from "node:net";
import { UsageError } from "../../notifications/kinds/notification-kind.ts";

const MAX_PORT = 65_535;

/** `wanted` if it is free, otherwise any free port. */
export async function freePort(wanted = 0): Promise<number> {
  const listen = (port: number): Promise<number | null> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(null));
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        const found = typeof address === "object" && address !== null ? address.port : null;
        server.close(() => resolve(found));
      });
    });
  const port = (await listen(wanted)) ?? (await listen(0));
  if (port === null) throw new Error("no free port on 127.0.0.1");
  return port;
}

/** The port that `text` names. @throws a UsageError if it is not a port, or if it is in use */
export async function namedPort(text: string): Promise<number> {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > MAX_PORT) {
    throw new UsageError(`--port must be from 1 to ${MAX_PORT}, not "${text}"`);
  }
  if ((await freePort(port)) !== port) throw portInUse(port);
  return port;
}

export const portInUse = (port: number): UsageError =>
  new UsageError(`port ${port} is in use: choose another one with --port`);
