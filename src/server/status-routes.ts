import { memoryUsage } from "node:process";
import { ROUTES } from "./counts.ts";
import type { Exchange } from "./exchange.ts";
import { openApiDocument } from "./openapi.ts";
import type { Shared } from "./shared.ts";

/** Answers `GET /tables`. */
export function answerTables(exchange: Exchange): void {
  exchange.json(200, { tables: [...exchange.shared.tables.keys()] });
}

/** Answers `GET /health`: whether the server takes requests on. */
export function answerHealth(exchange: Exchange): void {
  exchange.json(200, { status: exchange.shared.isStopping ? "stopping" : "ok" });
}

/** Answers `GET /openapi.json`. */
export function answerOpenApi(exchange: Exchange): void {
  exchange.json(200, openApiDocument());
}

/** Answers `GET /stats`. */
export function answerStats(exchange: Exchange): void {
  try {
    exchange.json(200, statsOf(exchange.shared));
  } catch (error) {
    exchange.fail(error);
  }
}

/** Figures of a server and its tables since they began, as a value that JSON can hold. */
export function statsOf(shared: Shared): object {
  const { connections, counts, isStopping, load, surplus, tables } = shared;
  const { rss, heapUsed, external, arrayBuffers } = memoryUsage();
  const answers = ROUTES.map((route) => {
    const { count, sumMs, statuses } = counts[route];
    return [route, { count, sumMs, statuses: Object.fromEntries(statuses) }] as const;
  });
  return {
    isStopping,
    inFlight: load.inFlight,
    scans: load.scans,
    inFlightBytes: load.bytes,
    connections: connections.size,
    surplusConnections: surplus.size,
    loopDelayMs: load.lateMs,
    memory: { rss, heapUsed, external, arrayBuffers },
    answers: Object.fromEntries(answers),
    tables: Object.fromEntries([...tables].map(([name, table]) => [name, table.stats()])),
  };
}
