import type { RowSink, ScanRange } from "../../btree/index.ts";
import type { Session, Task } from "../../task/index.ts";
import type { EngineState } from "../engine-state.ts";
import { MergedScan } from "./merged-scan.ts";
import { type ReadRows, ROWS_AHEAD } from "./partition-cursor.ts";

/** An engine whose writers can be kept out. */
export interface Closable {
  readonly state: EngineState;
  enterAlone(session: Session): Task<void>;
  leaveAlone(session: Session): void;
  scanInside(session: Session, range: ScanRange, sink: RowSink): Task<number>;
}

/**
 * Scans several engines at one moment: writers of all of them wait until the last row was visited.
 * Gives how many rows there were.
 *
 * Readers go on, and what they see does not change meanwhile. With durable reads it is waited for
 * the logs after the gates were left.
 *
 * @param merged Merges what {@link Closable.scanInside} of each gives.
 */
export function* scanAtOneMoment(
  engines: readonly Closable[],
  merged: MergedScan,
  session: Session,
  range: ScanRange,
  sink: RowSink,
): Task<number> {
  const { count, ends } = yield* aloneInAll(engines, session, function* () {
    const visited = yield* merged.run(session, range, sink);
    return { count: visited, ends: engines.map(({ state }) => state.log.endLsn) };
  });
  for (const [index, { state }] of engines.entries()) {
    const end = ends[index];
    const waits = state.reads === "durable" && end !== undefined;
    if (waits) yield* state.log.waitDurable(end, "sight");
  }
  return count;
}

/** As {@link scanAtOneMoment}, of one engine: some rows at a time, so that others get turns. */
export function scanOneAtOneMoment(
  engine: Closable,
  session: Session,
  range: ScanRange,
  sink: RowSink,
): Task<number> {
  const read: ReadRows = (...given) => engine.scanInside(...given);
  const merged = new MergedScan([read], engine.state.host, ROWS_AHEAD);
  return scanAtOneMoment([engine], merged, session, range, sink);
}

/** Does something while nobody writes in any of several engines, entered in their order. */
export function* aloneInAll<T>(
  engines: readonly Closable[],
  session: Session,
  work: () => Task<T>,
): Task<T> {
  const entered: Closable[] = [];
  try {
    for (const engine of engines) {
      yield* engine.enterAlone(session);
      entered.push(engine);
    }
    return yield* work();
  } finally {
    for (const engine of entered.toReversed()) engine.leaveAlone(session);
  }
}
