import type { CheckReport, Operation, ScanRange } from "../btree/index.ts";
import { type Host, LatchworkError, type Task } from "../task/index.ts";
import type { BatchWrite, Effect } from "./engine.ts";
import type { LevelEngine } from "./level-engine.ts";
import { contradiction } from "./level-errors.ts";
import { rangeBehind, RowCopies } from "./level-range.ts";

type Engine = LevelEngine<unknown>;

/** How many keys a clear removes at one stroke. */
const CLEAR_ROWS = 256;

/**
 * Runs a task with an operation of its own, which goes back unless a bug may have spoilt it.
 *
 * @throws LatchworkError only: see {@link contradiction} for errors of another kind.
 */
export function* withOperation<T>(engine: Engine, body: (op: Operation) => Task<T>): Task<T> {
  const op = engine.borrow();
  try {
    const result = yield* body(op);
    engine.giveBack(op);
    return result;
  } catch (error) {
    if (!(error instanceof LatchworkError)) {
      engine.breakDown(op, error);
      throw contradiction(error);
    }
    engine.giveBack(op);
    throw error;
  }
}

export function* getTask(
  engine: Engine,
  key: Uint8Array,
  effect: Effect,
): Task<Uint8Array | undefined> {
  return yield* withOperation(engine, function* get(op) {
    return (yield* engine.get(op, key, effect)) ? op.copyValue() : undefined;
  });
}

export function* getManyTask(
  engine: Engine,
  keys: readonly Uint8Array[],
  host: Host,
): Task<(Uint8Array | undefined)[]> {
  return yield* withOperation(engine, function* getMany(op) {
    const values: (Uint8Array | undefined)[] = [];
    for (const key of keys) {
      values.push((yield* engine.get(op, key, null)) ? op.copyValue() : undefined);
      const pause = host.pauseIfDue();
      if (pause !== null) yield pause;
    }
    return values;
  });
}

export function hasTask(engine: Engine, key: Uint8Array, effect: Effect): Task<boolean> {
  return withOperation(engine, (op) => engine.get(op, key, effect));
}

export function hasManyTask(
  engine: Engine,
  keys: readonly Uint8Array[],
  host: Host,
): Task<boolean[]> {
  return withOperation(engine, function* hasMany(op) {
    const found: boolean[] = [];
    for (const key of keys) {
      found.push(yield* engine.get(op, key, null));
      const pause = host.pauseIfDue();
      if (pause !== null) yield pause;
    }
    return found;
  });
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
  return withOperation(engine, (op) => engine.batch(op, writes, effect));
}

/** Reads up to `limit` rows of a range. */
export function readTask(
  engine: Engine,
  range: ScanRange,
  limit: number,
  wantsValues: boolean,
): Task<RowCopies> {
  return withOperation(engine, function* read(op) {
    const rows = new RowCopies(wantsValues);
    yield* engine.scan(op, { ...range, limit }, rows);
    return rows;
  });
}

/**
 * Removes the keys of a range, at most `limit` of them, some at a time. Nobody else may write keys
 * of the range meanwhile, as the order of calls sees to.
 */
export function clearTask(
  engine: Engine,
  range: ScanRange,
  limit: number,
  effect: Effect,
): Task<void> {
  return withOperation(engine, function* clear(op) {
    let rest = range;
    for (let left = limit; left > 0;) {
      const wanted = Math.min(left, CLEAR_ROWS);
      const { keys } = yield* scanKeys(engine, op, rest, wanted);
      const last = keys.at(-1);
      if (last === undefined) return;
      left -= keys.length;
      const isLast = keys.length < wanted || left === 0;
      const deletes = keys.map((key): BatchWrite => ({ kind: "delete", key }));
      yield* engine.batch(op, deletes, isLast ? effect : null);
      if (isLast) return;
      rest = rangeBehind(rest, last);
    }
  });
}

function* scanKeys(
  engine: Engine,
  op: Operation,
  range: ScanRange,
  limit: number,
): Task<RowCopies> {
  const rows = new RowCopies(false);
  yield* engine.scan(op, { ...range, limit }, rows);
  return rows;
}

export function checkpointTask(engine: Engine): Task<unknown> {
  return withOperation(engine, (op) => engine.checkpoint(op));
}

export function checkTask(engine: Engine): Task<CheckReport> {
  return withOperation(engine, (op) => engine.check(op));
}

export function closeTask(engine: Engine): Task<void> {
  return withOperation(engine, (op) => engine.close(op));
}
