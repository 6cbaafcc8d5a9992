import type { Operation, WriteKind } from "../btree/index.ts";
import { assert, LatchworkError, type Session, type Step, type Task } from "../task/index.ts";
import type { Effect } from "./engine-state.ts";

/** What a write asks of its engine. */
export interface Writing {
  /** An operation for a session, or a spare one if there is none. */
  take(session: Session | null): Operation;
  /** Gives a spare one back. */
  giveBack(op: Operation): void;
  /** Begins, and enters the gate; null if that was done at once. */
  begin(op: Operation): Task<void> | null;
  /** The change, if it can be made without a wait; null if not, and then nothing was done. */
  changeAtOnce(op: Operation, kind: WriteKind, key: Uint8Array, value: Uint8Array): boolean | null;
  change(op: Operation, kind: WriteKind, key: Uint8Array, value: Uint8Array): Task<boolean>;
  leaveGate(op: Operation): void;
  /** Waits until what was changed or seen is durable. */
  acknowledge(session: Session): Task<void>;
  /** The write is over, well or not. Only if it had begun. */
  ended(): void;
  breakDown(session: Session, reason: unknown): void;
}

const ADDED: IteratorReturnResult<boolean> = { done: true, value: true };
const NOT_ADDED: IteratorReturnResult<boolean> = { done: true, value: false };

/**
 * One write under the gate, and then its acknowledgement.
 *
 * As a generator it would read: enter the gate, change the tree, leave the gate, wait for the log.
 * Since it is what a database does most, it is an object instead: thousands wait for the log at the
 * same time, and an object is a third of what a generator keeps.
 *
 * Invariant: `#inner` is the task of the stage it is in, or null before the first and after the
 * last.
 */
export class WriteTask implements Task<boolean> {
  readonly #engine: Writing;
  readonly #session: Session | null;
  readonly #kind: WriteKind;
  readonly #key: Uint8Array;
  readonly #value: Uint8Array;
  readonly #effect: Effect | null;
  #stage: "new" | "begin" | "change" | "acknowledge" | "over" = "new";
  #inner: Task<unknown> | null = null;
  #op: Operation | null = null;
  #outcome = false;

  constructor(
    engine: Writing,
    session: Session | null,
    kind: WriteKind,
    key: Uint8Array,
    value: Uint8Array,
    effect: Effect | null,
  ) {
    this.#engine = engine;
    this.#session = session;
    this.#kind = kind;
    this.#key = key;
    this.#value = value;
    this.#effect = effect;
  }

  next(): IteratorResult<Step, boolean> {
    const inner = this.#inner;
    try {
      return inner === null ? this.#begin() : this.#went(inner.next());
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  throw(fault: unknown): IteratorResult<Step, boolean> {
    try {
      if (this.#inner === null) throw fault;
      return this.#went(this.#inner.throw(fault));
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  return(outcome: boolean): IteratorResult<Step, boolean> {
    this.#inner?.return(undefined);
    this.#inner = null;
    return outcome ? ADDED : NOT_ADDED;
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** The task of this stage waits, or is over. */
  #went(result: IteratorResult<Step, unknown>): IteratorResult<Step, boolean> {
    if (result.done !== true) return result;
    if (this.#stage === "acknowledge") return this.#end();
    return this.#stage === "change" ? this.#changed(result.value === true) : this.#change();
  }

  #begin(): IteratorResult<Step, boolean> {
    this.#op = this.#engine.take(this.#session);
    this.#stage = "begin";
    const delay = this.#engine.begin(this.#op);
    return delay === null ? this.#change() : this.#go(delay);
  }

  #change(): IteratorResult<Step, boolean> {
    this.#stage = "change";
    const engine = this.#engine;
    const op = this.#held;
    const outcome = engine.changeAtOnce(op, this.#kind, this.#key, this.#value);
    if (outcome !== null) return this.#changed(outcome);
    return this.#go(engine.change(op, this.#kind, this.#key, this.#value));
  }

  #changed(outcome: boolean): IteratorResult<Step, boolean> {
    const op = this.#held;
    const engine = this.#engine;
    op.leave();
    this.#stage = "acknowledge";
    engine.leaveGate(op);
    this.#outcome = outcome;
    this.#effect?.tookEffect();
    const acknowledgement = engine.acknowledge(op.session);
    this.#op = null;
    if (this.#session === null) engine.giveBack(op);
    return this.#go(acknowledgement);
  }

  #go(inner: Task<unknown>): IteratorResult<Step, boolean> {
    this.#inner = inner;
    return this.#went(inner.next());
  }

  #end(): IteratorResult<Step, boolean> {
    this.#inner = null;
    this.#stage = "over";
    this.#engine.ended();
    return this.#outcome ? ADDED : NOT_ADDED;
  }

  #fail(error: unknown): void {
    const op = this.#op;
    const stage = this.#stage;
    const isOurs = error instanceof LatchworkError;
    this.#inner = null;
    this.#stage = "over";
    if (stage === "change") {
      if (isOurs) op?.abort();
      if (op !== null) this.#engine.leaveGate(op);
    }
    if (op !== null && this.#session === null) {
      // One that a bug may have spoilt is not used again.
      if (isOurs) this.#engine.giveBack(op);
      else this.#engine.breakDown(op.session, error);
    }
    if (stage === "change" || stage === "acknowledge") this.#engine.ended();
  }

  get #held(): Operation {
    assert(this.#op !== null, "a write that changes the tree has an operation");
    return this.#op;
  }
}
