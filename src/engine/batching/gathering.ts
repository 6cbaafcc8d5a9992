import type { WriteKind } from "../../btree/index.ts";
import {
  ACCESS_WRITE,
  assert,
  type Host,
  type Sleep,
  type Task,
  type TaskId,
  WaitQueue,
} from "../../task/index.ts";
import type { Effect } from "../engine-state.ts";
import { type GatheredWith, GatheredWrite } from "./gathered-write.ts";
import type { WriteBatching } from "./write-batching.ts";

const NAME = "the gathered writes";

/**
 * The writes that wait to go down together, and who leads.
 *
 * The first in line leads, as in a group commit: it waits for the others, takes them with it, and
 * hands the lead on to whoever is first by then once its batch is made. Nobody waits for a task
 * whose only business this is.
 *
 * Invariants: (1) at most one task leads, and the write of one that gathers is the first in line;
 * (2) a batch is a front part of the line; (3) whenever nobody leads, the first in line has been
 * woken since it could.
 */
export class Gathering implements GatheredWith {
  readonly objectId: number;
  readonly settings: WriteBatching;
  readonly #host: Host;
  readonly #isEager: boolean;
  readonly #line = new WaitQueue<GatheredWrite>();
  readonly #spare: GatheredWrite[] = [];
  #bytes = 0;
  #isLed = false;
  /** Who leads, where that is known: one that led at once took no step. */
  #leader: TaskId | null = null;
  /** When the first in line came, or moved up. Of use only with a window. */
  #beganMs = 0;
  /** The leader's wait for others. */
  #window: Sleep | null = null;

  /** @param isEager Whether a write that can lead at once does so without a step. */
  constructor(host: Host, isEager: boolean, settings: WriteBatching) {
    this.#host = host;
    this.#isEager = isEager;
    this.settings = settings;
    this.objectId = host.newObject(NAME);
  }

  /** A write comes; its step is to be yielded, unless it leads already. O(1). */
  join(kind: WriteKind, key: Uint8Array, value: Uint8Array, effect: Effect | null): GatheredWrite {
    const write = this.#spare.pop() ?? new GatheredWrite(this);
    write.prepare(kind, key, value, effect);
    if (this.#isEager) this.arrive(write);
    return write;
  }

  arrive(write: GatheredWrite): void {
    this.#touch();
    const isFirst = this.#line.length === 0;
    if (isFirst) this.#lineBegins();
    this.#line.push(write);
    this.#bytes += write.bytes;
    write.joined();
    write.cameFirst = isFirst && !this.#isLed;
    if (write.cameFirst) this.lead(write);
    else if (this.#window !== null && this.#isFull) this.#window.cut();
  }

  /** Gives what came of a write, and takes back its step. */
  leave(write: GatheredWrite): boolean {
    const { fault, outcome } = write;
    assert(write.isSettled, "a write that ends is settled");
    write.clear();
    this.#spare.push(write);
    if (fault !== null) throw fault;
    return outcome;
  }

  mayLead(write: GatheredWrite): boolean {
    return !this.#isLed && this.#line.first === write;
  }

  lead(write: GatheredWrite): void {
    assert(this.mayLead(write), "the first in line leads, and one at a time");
    this.#isLed = true;
    this.#leader = write.task;
    write.leads();
  }

  collectLeader(into: TaskId[]): void {
    if (this.#leader !== null) into.push(this.#leader);
  }

  /** The leader waits for others, until its window ends or there are as many as go together. */
  *gather({ cameFirst }: GatheredWrite): Task<void> {
    const { windowMs } = this.settings;
    if (this.#isFull || (windowMs === 0 && !cameFirst)) return;
    const waitedMs = windowMs === 0 ? 0 : this.#host.nowMs() - this.#beganMs;
    if (!cameFirst && waitedMs >= windowMs) return;
    const window = this.#host.sleep(Math.max(0, windowMs - waitedMs));
    this.#window = window;
    yield window;
    this.#touch();
    this.#window = null;
  }

  /** Takes the writes that go together: the leader's, and those behind it. */
  take(): GatheredWrite[] {
    this.#touch();
    const batch: GatheredWrite[] = [];
    let bytes = 0;
    for (;;) {
      const first = this.#line.first;
      if (first === undefined || batch.length === this.settings.operationsMax) break;
      if (batch.length > 0 && bytes + first.bytes > this.settings.bytesMax) break;
      this.#line.shift();
      first.carriedBy(this.#leader);
      bytes += first.bytes;
      batch.push(first);
    }
    this.#bytes -= bytes;
    if (this.#line.length > 0) this.#lineBegins();
    if (this.#host.isTold) this.#host.tell({ kind: "writes-gathered", writes: batch.length });
    return batch;
  }

  /** The batch is made, or given up: whoever is first in line leads the next. */
  handOn(): void {
    this.#touch();
    this.#isLed = false;
    this.#leader = null;
    this.wakeLeader();
  }

  /** Ends the writes of a batch, each with what came of it. */
  settle(batch: readonly GatheredWrite[]): void {
    this.#touch();
    for (const write of batch) {
      write.settle();
      this.#host.wake(write);
    }
  }

  /** Wakes the next leader, if there is one. */
  protected wakeLeader(): void {
    const first = this.#line.first;
    if (first !== undefined) this.#host.wake(first);
  }

  get #isFull(): boolean {
    const { operationsMax, bytesMax } = this.settings;
    return this.#line.length >= operationsMax || this.#bytes >= bytesMax;
  }

  #lineBegins(): void {
    if (this.settings.windowMs > 0) this.#beganMs = this.#host.nowMs();
  }

  /** The line is a monitor, under the same object as the steps that wait in it. */
  #touch(): void {
    this.#host.touch(this.objectId, ACCESS_WRITE);
  }
}
