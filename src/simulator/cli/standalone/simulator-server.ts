/**
 * The simulator alone, as an HTTP server in this process. It does not use `wrangler dev`, whose proxy sometimes loses a
 * connection under bursts of calls and then ends.
 */
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { handleRequest, isMetaPath } from "../../http/request-router.ts";
import type { Persist } from "../../graph/graph-state.ts";
import { CREATE_RECORDS, READ_RECORDS, REMOVE_RECORD, WRITE_RECORD, type StoredRecord } from "../../state-table.ts";
import { Simulator, type SimulatorConfig } from "../../simulator.ts";
import { nodeHost } from "./node-host.ts";

export interface MetaServer {
  url: string;
  stop: () => Promise<void>;
}

const STATE = "state.sqlite";

/** Longer than any client keeps an idle connection, so that the client closes it and no call is lost. */
const KEEP_ALIVE_MS = 90_000;

/** Starts the simulator on the loopback address, with its state in `directory`. Rejects if the port is in use. */
export async function startMeta(options: {
  port: number;
  directory: string;
  config: SimulatorConfig;
  /** Deletes the state of an earlier start first. */
  fresh?: boolean;
}): Promise<MetaServer> {
  let simulator: Simulator | null = null;
  const server = createServer((request, response) => void serve(request, response, simulator));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // The port comes first: of two processes that start together, only the one with the port may open the state.
  await listen(server, options.port);
  try {
    if (options.fresh === true) removeState(options.directory);
    const database = openState(options.directory);
    const wake = async (): Promise<void> => simulator?.wake();
    const { host, close } = nodeHost(wake, keeperOf(database));
    simulator = restored(new Simulator(host, options.config), database);
    return { url: `http://127.0.0.1:${options.port}`, stop: () => end(server, close, database) };
  } catch (error) {
    // Otherwise it would keep its port and never respond.
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const file = join(options.directory, STATE);
    const why = error instanceof Error ? error.message : "it cannot be opened";
    throw new Error(`cannot read ${file} (${why}). Delete it with --fresh.`, { cause: error });
  }
}

async function end(server: Server, close: () => void, database: DatabaseSync): Promise<void> {
  close();
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  database.close();
}

/** Removes the database and the files that SQLite keeps next to it. */
function removeState(directory: string): void {
  for (const kept of [STATE, `${STATE}-wal`, `${STATE}-shm`]) rmSync(join(directory, kept), { force: true });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

function openState(directory: string): DatabaseSync {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, STATE));
  // A power cut can lose the last moments of a simulation, which is acceptable. The end of this process loses nothing.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  database.exec(CREATE_RECORDS);
  return database;
}

function keeperOf(database: DatabaseSync): Persist {
  const write = database.prepare(WRITE_RECORD);
  const remove = database.prepare(REMOVE_RECORD);
  return (collection, id, value) => {
    if (value === null) remove.run(collection, id);
    else write.run(collection, id, JSON.stringify(value));
  };
}

function restored(simulator: Simulator, database: DatabaseSync): Simulator {
  for (const row of database.prepare(READ_RECORDS).all() as unknown as StoredRecord[]) {
    simulator.restore(row.collection, row.id, JSON.parse(row.value) as object);
  }
  simulator.resume();
  return simulator;
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, simulator: Simulator | null): Promise<void> {
  try {
    const request = await requestOf(incoming);
    const meta = simulator !== null && isMetaPath(new URL(request.url).pathname);
    const response = meta
      ? await handleRequest(simulator, request)
      : new Response("This is the Meta simulator. It only responds to Meta's paths and /__meta.\n", { status: 404 });
    const body = new Uint8Array(await response.arrayBuffer());
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(body);
  } catch {
    // A broken request, or a method that `Request` does not accept.
    outgoing.writeHead(400).end();
  }
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = "GET", url = "/", rawHeaders, headers } = incoming;
  const given = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    given.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  }
  const body = method === "GET" || method === "HEAD" ? null : new Uint8Array(Buffer.concat(chunks));
  return new Request(`http://${headers.host ?? "127.0.0.1"}${url}`, { method, headers: given, body });
}
