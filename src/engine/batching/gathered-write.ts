import type { RunWrite, WriteKind } from "../../btree/index.ts";
import { lsn, type Lsn } from "../../storage/index.ts";
import {
  ACCESS_READ,
  ACCESS_WRITE,
  type Fact,
  type LatchworkError,
  Step,
  type TaskId,
} from "../../task/index.ts";
import type { Effect } from "../engine-state.ts";

/** What a {@link GatheredWrite} asks of those it is gathered with. */
export interface GatheredWith {
  readonly objectId: number;
  /** The write joins the line, and its task leads if it can. */
  arrive(write: GatheredWrite): void;
  mayLead(write: GatheredWrite): boolean;
  lead(write: GatheredWrite): void;
  /** Appends whoever leads, if that is known. */
  collectLeader(into: TaskId[]): void;
}

/**
 * - `wanted`: it has not joined the line.
 * - `waiting`: for a batch, or to lead one.
 * - `leading`: its task leads the batch that it will be in.
 * - `carried`: it is in the batch of another task.
 * - `settled`: it is over, well or with a fault.
 */
type GatheredState = "wanted" | "waiting" | "leading" | "carried" | "settled";

/** The same for whoever looks at a run. */
const STATES = {
  wanted: "wanted",
  waiting: "joined",
  carried: "joined",
  leading: "leads",
  settled: "over",
} as const;

const NO_BYTES = new Uint8Array(0);
const NO_LSN = lsn(0);

/**
 * One write that goes down with others, and the step by which it joins them and on which its task
 * waits. Taken, the write is over, or its task leads the next batch: see {@link isLeading}.
 */
export class GatheredWrite extends Step implements RunWrite {
  kind: WriteKind = "put";
  key: Uint8Array = NO_BYTES;
  value: Uint8Array = NO_BYTES;
  outcome = false;
  effect: Effect | null = null;
  /** Why it failed, or null. */
  fault: LatchworkError | null = null;
  /** Up to where the log must be durable before it is acknowledged. */
  position: Lsn = NO_LSN;
  /** Whether something was changed for it or for another write of its leaf. */
  hasChanged = false;
  /** Whose it is, once its step was asked for: a task that need not wait is not known. */
  task: TaskId | null = null;
  /** Whether it came when nobody was there, and so has not waited for anybody. */
  cameFirst = false;
  #state: GatheredState = "wanted";
  /** The task that makes it, if it is in a batch of another task's and that is known. */
  #carrier: TaskId | null = null;
  readonly #with: GatheredWith;

  constructor(others: GatheredWith) {
    super();
    this.#with = others;
    this.objectId = others.objectId;
  }

  /** Whether its task leads a batch. Valid once the step is taken. */
  get isLeading(): boolean {
    return this.#state === "leading";
  }

  get isSettled(): boolean {
    return this.#state === "settled";
  }

  /** Bytes of key and value. */
  get bytes(): number {
    return this.key.length + this.value.length;
  }

  /** Makes it a write that has not joined the others. */
  prepare(kind: WriteKind, key: Uint8Array, value: Uint8Array, effect: Effect | null): void {
    this.kind = kind;
    this.key = key;
    this.value = value;
    this.effect = effect;
    this.outcome = false;
    this.fault = null;
    this.position = NO_LSN;
    this.hasChanged = false;
    this.task = null;
    this.#state = "wanted";
  }

  /** It is in the line from now on. */
  joined(): void {
    this.#state = "waiting";
  }

  /** Its task leads from now on. */
  leads(): void {
    this.#state = "leading";
  }

  /** It is in a batch from now on. */
  carriedBy(carrier: TaskId | null): void {
    if (this.isLeading) return;
    this.#state = "carried";
    this.#carrier = carrier;
  }

  /** It has taken effect, in a group up to this position. */
  made(position: Lsn, hasChanged: boolean): void {
    this.position = position;
    this.hasChanged = hasChanged;
    this.effect?.tookEffect();
  }

  settle(): void {
    this.#state = "settled";
  }

  /** Forgets the write, whose bytes are its caller's. */
  clear(): void {
    this.key = NO_BYTES;
    this.value = NO_BYTES;
    this.effect = null;
    this.fault = null;
    this.#carrier = null;
  }

  override isEnabled(): boolean {
    this.access = this.isSettled ? ACCESS_READ : ACCESS_WRITE;
    if (this.#state === "waiting") return this.#with.mayLead(this);
    return this.#state === "wanted" || this.isSettled;
  }

  override take(task: TaskId): boolean {
    this.task = task;
    if (this.#state === "wanted") this.#with.arrive(this);
    else if (!this.isSettled) this.#with.lead(this);
    return this.isLeading || this.isSettled;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    if (this.#state === "waiting") this.#with.collectLeader(into);
    else if (this.#state === "carried" && this.#carrier !== null) into.push(this.#carrier);
  }

  override fact(): Fact {
    return { kind: "write-gather", state: STATES[this.#state] };
  }
}
