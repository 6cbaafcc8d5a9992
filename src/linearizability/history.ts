import { LatchworkError, printable } from "../task/index.ts";
import { jsonCopy } from "./json-value.ts";

/** What an event says about its operation; a `crash` is of the whole system. */
export type EventType = "invoke" | "ok" | "fail" | "info" | "crash";

/** Where an event was read: the name of a file or other source, and a line from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * One event of a history. Events are in the order in which they happened; `time` is for pictures.
 *
 * - `invoke`: a process begins operation `f` on `key`; `value` is its argument.
 * - `ok`: it returned; `value` is the answer. What a read found; `true` or `false` of an operation
 *   that may succeed or not (cas, insert, delete); ignored of one that answers nothing (write).
 * - `fail`: it certainly did not happen and never will.
 * - `info`: it is unknown whether it happened or will happen (a timeout, a lost connection).
 * - `crash`: power failure of the whole system. Cuts off every operation that is open; `process`,
 *   `f`, `key` and `value` mean nothing.
 *
 * Arguments and answers are JSON values; {@link HistoryBuilder} refuses others. A cas takes
 * `[from, to]`; a scan takes `[low, high]`, both inclusive, and answers a list of `[key, value]`.
 * null stands for "absent" and for "no argument".
 */
export interface HistoryEvent {
  readonly type: EventType;
  readonly process: string;
  readonly f: string;
  readonly key: string | null;
  readonly value: unknown;
  /** Any unit, from any origin; null if unknown. */
  readonly time: number | null;
  /**
   * Of an `ok`, the operation's place as the system itself reports it: see {@link
   * Operation.version}.
   */
  readonly version?: number | null;
  readonly place: Place;
}

/** How an operation ended; `pending` if no event says so. */
export type Outcome = "ok" | "fail" | "info" | "pending";

/** An operation, put together from its events. */
export interface Operation {
  /** Its index in {@link History.operations}: operations are in the order of invocation. */
  readonly id: number;
  readonly process: string;
  readonly f: string;
  readonly key: string | null;
  readonly input: unknown;
  /** The answer, if the outcome is `ok`; else null. */
  readonly output: unknown;
  readonly outcome: Outcome;
  /** Order number of its `invoke`, among all events of the history. */
  readonly invokedAt: number;
  /** Order number of its `ok`, `fail` or `info`; infinity if pending. */
  readonly returnedAt: number;
  /** Times of both events as the history gave them. */
  readonly invokedTime: number | null;
  readonly returnedTime: number | null;
  /**
   * The version that it made, or, if it changed nothing, that it saw: a revision, an LSN, a commit
   * index. Rises with the order of what changes a key. A hint only, never trusted; null if unknown.
   */
  readonly version: number | null;
  /** Where its `invoke` was read. */
  readonly place: Place;
}

/** A history of operations on one object. */
export interface History {
  readonly operations: readonly Operation[];
  /** Order numbers of the crashes, ascending. */
  readonly crashes: readonly number[];
  /** How many events it was put together from: order numbers are below this. */
  readonly events: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Puts a history together from its events, and refuses what cannot have happened.
 *
 * A process does one operation at a time. After `info` or a crash it may go on with another one,
 * while the first stays undecided.
 */
export class HistoryBuilder {
  readonly #operations: Mutable<Operation>[] = [];
  readonly #crashes: number[] = [];
  readonly #open = new Map<string, Mutable<Operation>>();
  readonly #isNormal: boolean;
  #events = 0;

  /**
   * @param options `isNormal` says that values of events are JSON in one form already, as readers
   *   and recorders make them: equal values have equal JSON. Else they are brought into that form.
   */
  constructor({ isNormal = false }: { readonly isNormal?: boolean } = {}) {
    this.#isNormal = isNormal;
  }

  /**
   * Adds the next event. O(1) and the size of its value; a crash costs O(open operations).
   *
   * @throws LatchworkError BAD_HISTORY if the event cannot follow the ones before it; the history
   *   is then as it was.
   */
  add(event: HistoryEvent): void {
    if (event.time !== null && !Number.isFinite(event.time)) {
      throw badHistory(event.place, `time ${event.time} is not a finite number`);
    }
    if (!Number.isFinite(event.version ?? 0)) {
      throw badHistory(event.place, `version ${event.version} is not a finite number`);
    }
    switch (event.type) {
      case "invoke":
        this.#invoke(event, this.#kept(event));
        break;
      case "ok":
        this.#return(event, event.type, this.#kept(event));
        break;
      case "fail":
      case "info":
        this.#return(event, event.type, null);
        break;
      case "crash":
        this.#open.clear();
        this.#crashes.push(this.#events);
        break;
    }
    this.#events++;
  }

  /** What has been added so far. Operations that are open are pending. */
  build(): History {
    return {
      operations: this.#operations.map((operation) => ({ ...operation })),
      crashes: [...this.#crashes],
      events: this.#events,
    };
  }

  #kept({ value, place }: HistoryEvent): unknown {
    if (this.#isNormal || typeof value === "string") return value;
    return jsonCopy(value, `${place.file}:${place.line}: the value`);
  }

  #invoke(event: HistoryEvent, value: unknown): void {
    const { process, f, key } = event;
    const other = this.#open.get(process);
    if (other !== undefined) {
      const was = `${other.f} of line ${other.place.line}`;
      throw badHistory(event.place, `process ${process} invokes ${f} while its ${was} is open`);
    }
    const operation: Mutable<Operation> = {
      id: this.#operations.length,
      process,
      f,
      key,
      input: value,
      output: null,
      outcome: "pending",
      invokedAt: this.#events,
      returnedAt: Number.POSITIVE_INFINITY,
      invokedTime: event.time,
      returnedTime: null,
      version: null,
      place: event.place,
    };
    this.#operations.push(operation);
    this.#open.set(process, operation);
  }

  #return(event: HistoryEvent, outcome: "ok" | "fail" | "info", value: unknown): void {
    const { process, f, key, place } = event;
    const operation = this.#open.get(process);
    if (operation === undefined) {
      throw badHistory(place, `${outcome} of ${f} by process ${process}, which invoked nothing`);
    }
    if (operation.f !== f) {
      const was = `${operation.f} of line ${operation.place.line}`;
      throw badHistory(place, `${outcome} of ${f} by process ${process} answers its ${was}`);
    }
    if (key !== null && operation.key !== key) {
      const was = `key ${operation.key ?? "none"} of line ${operation.place.line}`;
      throw badHistory(place, `${outcome} of ${f} on key ${key} answers an invocation on ${was}`);
    }
    this.#open.delete(process);
    operation.outcome = outcome;
    operation.returnedAt = this.#events;
    operation.returnedTime = event.time;
    if (outcome !== "ok") return;
    operation.output = value;
    operation.version = event.version ?? null;
  }
}

/** Names in a history may be of any length, and may hold line ends; messages may not. */
const MESSAGE_LENGTH_MAX = 300;

/** A fault of a history, named with the place where it was read. */
export function badHistory(place: Place, message: string): LatchworkError {
  const isLong = message.length > MESSAGE_LENGTH_MAX;
  const shown = isLong ? `${message.slice(0, MESSAGE_LENGTH_MAX)}...` : message;
  const where = `${printable(place.file)}:${place.line}`;
  return new LatchworkError("BAD_HISTORY", `${where}: ${printable(shown)}`);
}
