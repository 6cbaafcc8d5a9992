import {
  type Host,
  labelOf,
  LatchworkError,
  Step,
  type Task,
  taskId,
} from "../../src/task/index.ts";

/** The shortest sleep: whatever else can go on does so first. */
const TURN_MS = 1e-6;

class Sleep extends Step {
  readonly #now: () => number;

  constructor(now: () => number, ms: number) {
    super();
    this.#now = now;
    this.dueAtMs = now() + Math.max(ms, TURN_MS);
  }

  cut(): void {
    this.dueAtMs = Math.min(this.dueAtMs, this.#now());
  }

  override isEnabled(): boolean {
    return this.#now() >= this.dueAtMs;
  }

  override take(): boolean {
    return true;
  }
}

interface Seat {
  readonly id: number;
  readonly task: Task<unknown>;
  step: Step | null;
  isParked: boolean;
}

/**
 * Runs tasks in an order drawn from `choose`, in virtual time. A step that is not enabled is parked
 * and not looked at again before it is woken or its time has come, so a wake that is missing ends
 * in a standstill, which is an error.
 */
export class ParkingDriver implements Host {
  /** Tasks' ids in the order in which they ended. */
  readonly ended: number[] = [];
  readonly faults: Map<number, LatchworkError> = new Map();
  readonly isTold = false;
  /** Called between any two steps. */
  afterStep: () => void = () => undefined;
  readonly #choose: (count: number) => number;
  readonly #seats: Seat[] = [];
  #now = 0;
  #objects = 0;

  constructor(choose: (count: number) => number = () => 0) {
    this.#choose = choose;
  }

  tell(): void {}

  nowMs(): number {
    return this.#now;
  }

  /** Lets virtual time pass, as a slow disk does. */
  advance(ms: number): void {
    this.#now += ms;
  }

  newObject(): number {
    return this.#objects++;
  }

  touch(): void {}

  sleep(ms: number): Sleep {
    return new Sleep(() => this.#now, ms);
  }

  pauseIfDue(): null {
    return null;
  }

  wake(step: Step): void {
    for (const seat of this.#seats) if (seat.step === step) seat.isParked = false;
  }

  released(): void {}

  add(task: Task<unknown>): number {
    const seat: Seat = { id: this.#seats.length, task, step: null, isParked: false };
    this.#seats.push(seat);
    this.#resume(seat, null);
    return seat.id;
  }

  /** Runs until all tasks have ended, or for so many steps: then the rest are cut off. */
  run(stepsMax: number = Number.POSITIVE_INFINITY): void {
    for (let steps = 0; steps < stepsMax; steps++) {
      const seat = this.#pick();
      if (seat === null) return;
      this.#take(seat);
      this.afterStep();
    }
  }

  /** Runs one task to its end, with whatever others there are, and gives its result. */
  result<T>(task: Task<T>): T {
    let value: { readonly of: T } | null = null;
    const id = this.add(
      (function* (): Task<void> {
        value = { of: yield* task };
      })(),
    );
    this.run();
    const fault = this.faults.get(id);
    if (fault !== undefined) throw fault;
    const found = value as { readonly of: T } | null;
    if (found === null) throw new Error("the task has not ended");
    return found.of;
  }

  #pick(): Seat | null {
    for (;;) {
      const waiting = this.#seats.filter(({ step }) => step !== null);
      if (waiting.length === 0) return null;
      const ready = waiting.filter((seat) => this.#isReady(seat));
      if (ready.length > 0) return ready[this.#choose(ready.length)] ?? null;
      const due = Math.min(...waiting.map(({ step }) => step?.dueAtMs ?? Infinity));
      if (due === Infinity || due <= this.#now) {
        throw new Error(`standstill: ${waiting.map(wishOfSeat).join(", ")}`);
      }
      this.#now = due;
    }
  }

  #isReady(seat: Seat): boolean {
    const { step } = seat;
    if (step === null) return false;
    if (seat.isParked && step.dueAtMs > this.#now) return false;
    if (step.isEnabled(taskId(seat.id))) return true;
    step.park(taskId(seat.id));
    seat.isParked = true;
    return false;
  }

  #take(seat: Seat): void {
    try {
      if (seat.step?.take(taskId(seat.id)) !== true) return;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.#resume(seat, error);
      return;
    }
    this.#resume(seat, null);
  }

  #resume(seat: Seat, fault: LatchworkError | null): void {
    seat.isParked = false;
    seat.step = null;
    try {
      const next = fault === null ? seat.task.next() : seat.task.throw(fault);
      if (next.done !== true) {
        seat.step = next.value;
        return;
      }
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      this.faults.set(seat.id, error);
    }
    this.ended.push(seat.id);
  }
}

function wishOfSeat({ step }: Seat): string {
  return step === null ? "" : labelOf(step.fact());
}
