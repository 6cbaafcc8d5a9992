import { batchFormatOf, readBatch } from "./batch-body.ts";
import { refusesCondition } from "./conditions.ts";
import type { Exchange } from "./exchange.ts";
import { Problem } from "./problem.ts";
import { readBody } from "./read-body.ts";
import type { ServedTable } from "./served-tables.ts";

/** Answers `POST /tables/T/batch`: all of the writes in its body are made, or none. */
export function answerBatch(exchange: Exchange, table: ServedTable): void {
  if (refusesCondition(exchange)) return;
  const { request, shared } = exchange;
  const format = batchFormatOf(request.headers["content-type"]);
  if (format === null) {
    const message = "the Content-Type must be application/json or application/x-ndjson";
    exchange.refuse(new Problem(415, "BAD_CONTENT_TYPE", message));
    return;
  }
  const { batchBytes, batchWrites } = shared.limits;
  readBody(exchange, batchBytes, "a batch", (body) => {
    void run();
    async function run(): Promise<void> {
      try {
        const writes = readBatch(body, format ?? "json", batchWrites);
        await table.batch(writes);
        exchange.json(200, { writes: writes.length });
      } catch (error) {
        exchange.fail(error);
      }
    }
  });
}
