import type { CheckReport, Operation, ScanRange } from "../btree/index.ts";
import { LatchworkError, type Task } from "../task/index.ts";
import type { BatchWrite } from "./engine.ts";
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

export function* getTask(engine: Engine, key: Uint8Array): Task<Uint8Array | undefined> {
  return yield* withOperation(engine, function* get(op) {
    return (yield* engine.get(op, key)) ? op.copyValue() : undefined;
  });
}

export function* getManyTask(
  engine: Engine,
  keys: readonly Uint8Array[],
): Task<(Uint8Array | undefined)[]> {
  return yield* withOperation(engine, function* getMany(op) {
    const values: (Uint8Array | undefined)[] = [];
    for (const key of keys) {
      values.push((yield* engine.get(op, key)) ? op.copyValue() : undefined);
    }
    return values;
  });
}

export function hasTask(engine: Engine, key: Uint8Array): Task<boolean> {
  return withOperation(engine, (op) => engine.get(op, key));
}

export function hasManyTask(engine: Engine, keys: readonly Uint8Array[]): Task<boolean[]> {
  return withOperation(engine, function* hasMany(op) {
    const found: boolean[] = [];
    for (const key of keys) found.push(yield* engine.get(op, key));
    return found;
  });
}

export function putTask(engine: Engine, key: Uint8Array, value: Uint8Array): Task<boolean> {
  return engine.put(null, key, value);
}

export function insertTask(engine: Engine, key: Uint8Array, value: Uint8Array): Task<boolean> {
  return engine.insert(null, key, value);
}

export function deleteTask(engine: Engine, key: Uint8Array): Task<boolean> {
  return engine.delete(null, key);
}

export function batchTask(engine: Engine, writes: readonly BatchWrite[]): Task<void> {
  return withOperation(engine, (op) => engine.batch(op, writes));
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

/** Removes the keys of a range, at most `limit` of them, some at a time. */
export function clearTask(engine: Engine, range: ScanRange, limit: number): Task<void> {
  return withOperation(engine, function* clear(op) {
    let rest = range;
    for (let left = limit; left > 0;) {
      const wanted = Math.min(left, CLEAR_ROWS);
      const { keys } = yield* scanKeys(engine, op, rest, wanted);
      if (keys.length > 0) {
        yield* engine.batch(
          op,
          keys.map((key) => ({ kind: "delete", key })),
        );
      }
      const last = keys.at(-1);
      if (last === undefined || keys.length < wanted) return;
      rest = rangeBehind(rest, last);
      left -= keys.length;
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
