import { ACCESS_WRITE, type Fact, LatchworkError, type Step } from "../../task/index.ts";
import { AskedStep } from "./asked-step.ts";
import type { StepHome } from "./awaited.ts";
import { CallStep } from "./call-step.ts";
import type { BlockHome } from "./home.ts";
import { ValueStep } from "./value-step.ts";

/**
 * A counting semaphore. Anyone may release a permit, so nobody is its holder: a task that waits for
 * ever is reported as stuck, not as part of a deadlock's cycle.
 */
export class Semaphore {
  readonly name: string;
  readonly #permits: Permits;
  readonly #acquire: Step;
  readonly #tryAcquire: ValueStep<boolean>;

  /** @throws LatchworkError BAD_ARGUMENT unless `permits` is a whole number from 0 up. */
  constructor(home: BlockHome, name: string, permits: number) {
    mustCount(name, permits);
    this.name = name;
    this.#permits = { objectId: home.nameObject(name), home, free: permits };
    this.#acquire = new AcquireStep(this.#permits);
    this.#tryAcquire = new TryAcquireStep(this.#permits);
  }

  /** Waits for a permit and takes it. */
  acquire(): Step {
    return this.#acquire;
  }

  /** Takes a permit if there is one, and says whether there was. */
  tryAcquire(): ValueStep<boolean> {
    return this.#tryAcquire;
  }

  /** Gives permits, as a step: `yield s.release()`. */
  release(count: number = 1): Step {
    mustCount(this.name, count);
    const { objectId, home } = this.#permits;
    const release = (): void => {
      if (this.#permits.free === 0) home.scheduler.declared.opened(objectId);
      this.#permits.free += count;
    };
    const fact: Fact = { kind: "semaphore-release", count };
    return new CallStep(objectId, fact, ACCESS_WRITE, release, home);
  }

  /** Looks without a step how many permits are free, for final checks. */
  peek(): number {
    return this.#permits.free;
  }
}

interface Permits {
  readonly objectId: number;
  readonly home: BlockHome;
  free: number;
}

function mustCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new LatchworkError(
    "BAD_ARGUMENT",
    `semaphore ${name}: ${count} permits, expected 0 or more`,
  );
}

class AcquireStep extends AskedStep {
  readonly #permits: Permits;

  constructor(permits: Permits) {
    super();
    this.#permits = permits;
    this.objectId = permits.objectId;
    this.access = ACCESS_WRITE;
  }

  override get home(): StepHome {
    return this.#permits.home;
  }

  override isEnabled(): boolean {
    return this.#permits.free > 0;
  }

  override get waitsWhileHeld(): boolean {
    return true;
  }

  override take(): boolean {
    this.#permits.free--;
    return true;
  }

  override fact(): Fact {
    return { kind: "semaphore-acquire" };
  }
}

class TryAcquireStep extends ValueStep<boolean> {
  readonly #permits: Permits;
  #isGot = false;

  constructor(permits: Permits) {
    super();
    this.#permits = permits;
    this.objectId = permits.objectId;
    this.access = ACCESS_WRITE;
  }

  override get home(): StepHome {
    return this.#permits.home;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    this.#isGot = this.#permits.free > 0;
    if (this.#isGot) this.#permits.free--;
    return true;
  }

  override result(): boolean {
    return this.#isGot;
  }

  override fact(): Fact {
    return { kind: "semaphore-try-acquire", isGot: this.#isGot };
  }
}
