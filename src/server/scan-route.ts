import type { Exchange } from "./exchange.ts";
import { Problem } from "./problem.ts";
import { CLIENT_GONE } from "./read-body.ts";
import { readScanQuery, type RowEncoding, type ScanQuery } from "./scan-query.ts";
import type { Row, RowReader, ServedTable } from "./served-tables.ts";

const NDJSON_TYPE = "application/x-ndjson";

/** So many rows are read and written at a time: what a scan keeps in memory. */
const ROWS_AT_A_TIME = 64;

/** Answers `GET /tables/T/keys`, whose query is `query`: a row a line, as its client reads them. */
export function answerScan(exchange: Exchange, table: ServedTable, query: string): void {
  let asked: ScanQuery;
  try {
    asked = readScanQuery(query);
  } catch (error) {
    exchange.fail(error);
    return;
  }
  const { httpVersion, method } = exchange.request;
  if (httpVersion !== "1.1" && method !== "HEAD") {
    exchange.refuse(OLD_VERSION);
    return;
  }
  const { load } = exchange.shared;
  const refusal = load.enterScan();
  if (refusal !== null) {
    exchange.refuse(refusal);
    return;
  }
  const rows = table.rows(asked.range);
  void scan(exchange, rows, asked.encoding).finally(() => load.leaveScan());
}

/** Before HTTP/1.1 only the end of the connection ends a list, so one cut off would look whole. */
const OLD_VERSION = new Problem(400, "BAD_VERSION", "a list wants HTTP/1.1: it comes in chunks");

/** Never rejects: what goes wrong is answered, or ends the connection. */
async function scan(exchange: Exchange, rows: RowReader, encoding: RowEncoding): Promise<void> {
  const { response, shared } = exchange;
  try {
    // Until there is something to say, a fault can still have a status of its own.
    const first = exchange.request.method === "HEAD" ? [] : await rows.next(ROWS_AT_A_TIME);
    if (shared.isStopping) response.shouldKeepAlive = false;
    response.writeHead(200, ["Content-Type", NDJSON_TYPE]);
    await writeAll(exchange, rows, first, encoding);
    exchange.ended(hasGone(exchange) ? CLIENT_GONE : 200);
    response.end();
  } catch (error) {
    failed(exchange, error);
  } finally {
    await rows.close().catch((error: unknown) => shared.onFault(error));
  }
}

async function writeAll(
  exchange: Exchange,
  rows: RowReader,
  first: readonly Row[],
  encoding: RowEncoding,
): Promise<void> {
  for (let part = first; part.length > 0 && !hasGone(exchange);) {
    if (!exchange.response.write(linesOf(part, encoding))) {
      // oxlint-disable-next-line no-await-in-loop -- more is read once this has been sent
      await drained(exchange);
    }
    // oxlint-disable-next-line no-await-in-loop -- each part begins where the one before ended
    part = hasGone(exchange) ? [] : await rows.next(ROWS_AT_A_TIME);
  }
}

/** A list that is cut off must not pass for a whole one, so its connection is broken. */
function failed(exchange: Exchange, error: unknown): void {
  if (!exchange.response.headersSent) {
    exchange.fail(error);
    return;
  }
  exchange.shared.onFault(error);
  exchange.ended(CUT_OFF);
  exchange.response.destroy();
}

/** What a scan is counted as that failed after its first rows were sent. It is never sent. */
const CUT_OFF = 599;

/**
 * Whether nobody can read the answer any more. One that waits behind another has no connection yet
 * and never hears of its end, nor does its request if a CONNECT came behind it.
 */
function hasGone({ request, response }: Exchange): boolean {
  return response.destroyed || request.socket.destroyed;
}

/** A promise that is kept once more can be written, or nothing ever can. */
function drained({ request: { socket }, response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      socket.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
    socket.on("close", done);
  });
}

function linesOf(rows: readonly Row[], encoding: RowEncoding): string {
  let text = "";
  for (const [key, value] of rows) {
    text += `{${field("key", key, encoding)},${field("value", value, encoding)}}\n`;
  }
  return text;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A field with the bytes as text, or one whose name ends with 64 with the bytes in base 64. */
function field(name: string, bytes: Uint8Array, encoding: RowEncoding): string {
  if (encoding === "utf8") {
    try {
      return `"${name}":${JSON.stringify(UTF8.decode(bytes))}`;
    } catch {
      // They are no text.
    }
  }
  const { buffer, byteOffset, byteLength } = bytes;
  return `"${name}64":"${Buffer.from(buffer, byteOffset, byteLength).toString("base64")}"`;
}
