import type { CheckReport, ScanRange } from "../btree/index.ts";
import { type Host, LatchworkError, type Session, type Task } from "../task/index.ts";
import type { BatchWrite, Effect } from "../engine/index.ts";
import type { LevelEngine } from "./level-engine.ts";
import { contradiction } from "./level-error.ts";
import { rangeBehind, RowCopies } from "./range.ts";

type Engine = LevelEngine<unknown>;

/** How many keys a clear removes in one batch. */
const CLEAR_ROWS = 256;

/**
 * Runs a task with a session of its own, which goes back unless a bug may have spoilt it.
 *
 * `body` gives the task and is no generator itself: each closure that is one gets a prototype and a
 * hidden class of its own, which only a full collection frees, with all that the closure holds.
 *
 * @throws LatchworkError only: see {@link contradiction} for errors of another kind.
 */
export function* withSession<T>(engine: Engine, body: (session: Session) => Task<T>): Task<T> {
  const session = engine.borrow();
  try {
    const result = yield* body(session);
    engine.giveBack(session);
    return result;
  } catch (error) {
    if (!(error instanceof LatchworkError)) {
      engine.breakDown(session, error);
      throw contradiction(error);
    }
    engine.giveBack(session);
    throw error;
  }
}

export function getTask(
  engine: Engine,
  key: Uint8Array,
  effect: Effect,
): Task<Uint8Array | undefined> {
  return withSession(engine, (session) => getValue(engine, session, key, effect));
}

function* getValue(
  engine: Engine,
  session: Session,
  key: Uint8Array,
  effect: Effect | null,
): Task<Uint8Array | undefined> {
  return (yield* engine.get(session, key, effect)) ? session.copyValue() : undefined;
}

export function getManyTask(
  engine: Engine,
  keys: readonly Uint8Array[],
  host: Host,
): Task<(Uint8Array | undefined)[]> {
  return withSession(engine, (session) => getValues(engine, session, keys, host));
}

function* getValues(
  engine: Engine,
  session: Session,
  keys: readonly Uint8Array[],
  host: Host,
): Task<(Uint8Array | undefined)[]> {
  const values: (Uint8Array | undefined)[] = [];
  for (const key of keys) {
    values.push(yield* getValue(engine, session, key, null));
    const pause = host.pauseIfDue();
    if (pause !== null) yield pause;
  }
  return values;
}

export function hasTask(engine: Engine, key: Uint8Array, effect: Effect): Task<boolean> {
  return withSession(engine, (session) => engine.get(session, key, effect));
}

export function hasManyTask(
  engine: Engine,
  keys: readonly Uint8Array[],
  host: Host,
): Task<boolean[]> {
  return withSession(engine, (session) => findKeys(engine, session, keys, host));
}

function* findKeys(
  engine: Engine,
  session: Session,
  keys: readonly Uint8Array[],
  host: Host,
): Task<boolean[]> {
  const found: boolean[] = [];
  for (const key of keys) {
    found.push(yield* engine.get(session, key, null));
    const pause = host.pauseIfDue();
    if (pause !== null) yield pause;
  }
  return found;
}

export function putTask(
  engine: Engine,
  key: Uint8Array,
  value: Uint8Array,
  effect: Effect,
): Task<boolean> {
  return engine.put(null, key, value, effect);
}

export function insertTask(
  engine: Engine,
  key: Uint8Array,
  value: Uint8Array,
  effect: Effect,
): Task<boolean> {
  return engine.insert(null, key, value, effect);
}

export function deleteTask(engine: Engine, key: Uint8Array, effect: Effect): Task<boolean> {
  return engine.delete(null, key, effect);
}

export function batchTask(
  engine: Engine,
  writes: readonly BatchWrite[],
  effect: Effect,
): Task<void> {
  return withSession(engine, (session) => engine.batch(session, writes, effect));
}

/** Reads up to `limit` rows of a range. */
export function readTask(
  engine: Engine,
  range: ScanRange,
  limit: number,
  wantsValues: boolean,
): Task<RowCopies> {
  return withSession(engine, (session) =>
    scanRows(engine, session, { ...range, limit }, wantsValues),
  );
}

/** As {@link readTask}, all rows at one moment: writers wait meanwhile. */
export function readAtOneMomentTask(
  engine: Engine,
  range: ScanRange,
  limit: number,
  wantsValues: boolean,
): Task<RowCopies> {
  return withSession(engine, function* (session) {
    const rows = new RowCopies(wantsValues);
    yield* engine.scanAtOneMoment(session, { ...range, limit }, rows);
    return rows;
  });
}

/**
 * Removes the keys of a range, at most `limit` of them, some at a time. No other call writes keys
 * of the range meanwhile: the order of calls ensures that.
 */
export function clearTask(
  engine: Engine,
  range: ScanRange,
  limit: number,
  effect: Effect,
): Task<void> {
  return withSession(engine, (session) => clearRange(engine, session, { range, limit, effect }));
}

interface Clearing {
  readonly range: ScanRange;
  readonly limit: number;
  readonly effect: Effect;
}

function* clearRange(
  engine: Engine,
  session: Session,
  { range, limit, effect }: Clearing,
): Task<void> {
  let rest = range;
  for (let left = limit; left > 0;) {
    const wanted = Math.min(left, CLEAR_ROWS);
    const { keys } = yield* scanRows(engine, session, { ...rest, limit: wanted }, false);
    const last = keys.at(-1);
    if (last === undefined) {
      // That there is none is also something that a crash must not take back.
      effect.tookEffect();
      yield* engine.acknowledge(session);
      return;
    }
    left -= keys.length;
    const isLast = keys.length < wanted || left === 0;
    const deletes = keys.map((key): BatchWrite => ({ kind: "delete", key }));
    yield* engine.batch(session, deletes, isLast ? effect : null);
    if (isLast) return;
    rest = rangeBehind(rest, last);
  }
}

function* scanRows(
  engine: Engine,
  session: Session,
  range: ScanRange,
  wantsValues: boolean,
): Task<RowCopies> {
  const rows = new RowCopies(wantsValues);
  yield* engine.scan(session, range, rows);
  return rows;
}

export function checkpointTask(engine: Engine): Task<unknown> {
  return withSession(engine, (session) => engine.checkpoint(session));
}

export function checkTask(engine: Engine): Task<CheckReport> {
  return withSession(engine, (session) => engine.check(session));
}

export function closeTask(engine: Engine): Task<void> {
  return withSession(engine, (session) => engine.close(session));
}
