/**
 * The server: HTTP before tables that are open.
 *
 * It is the door of `latchwork/server`. `startServer` takes tables, whatever database they are of,
 * and answers requests; `LevelTable` makes one of a level of ours, and `openServed` opens those of
 * a directory. Signals, and texts for people, are the business of whoever starts it, as the verb
 * `serve` does.
 * The router is fastify's, the metrics are written by prom-client; both are loaded when a server is
 * started, and only then. docs/server.md has every route, status and limit.
 *
 * Invariants:
 * 1. A write is answered as done once it is durable, and only then; see {@link ServedTable}.
 * 2. What is taken on is bounded, in requests, scans, bytes and connections, and what is over the
 *    bound is refused before anything is done; see `Load`.
 * 3. Every request that can be read is answered once, and counted once, or its connection has
 *    gone; see `Exchange`. What cannot be read is answered with 4xx, and ends its connection.
 * 4. A status from 500 on means a fault of the disk, or a bug of ours. No request alone causes one.
 * 5. A list that was cut off never passes for a whole one.
 * 6. A stop ends once nothing is under way any more; see {@link LatchworkServer.stop}.
 *
 * Left out: TLS and HTTP/2, which a proxy before it does better; CORS; making and dropping tables;
 * transactions over several requests.
 */
export { type BytesLevel, LevelTable } from "./level-table.ts";
export { SERVER_LIMITS, type ServerLimits } from "./limits.ts";
export { openServed, type OpenTables } from "./open-served.ts";
export type {
  Row,
  RowRange,
  RowReader,
  ServedTable,
  ServedTables,
  TableWrite,
} from "./served-tables.ts";
export {
  isLoopback,
  LatchworkServer,
  type ServerOptions,
  startServer,
  type StopReport,
} from "./server.ts";
