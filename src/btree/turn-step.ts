import { Step } from "../task/index.ts";

/**
 * The step of an operation that is carried out at once: before it, others may come between.
 *
 *     const { turn } = op;
 *     if (turn.pending) yield turn;
 *
 * As with a latch, it is pending under a driver that decides about every step, and never under one
 * that grants at once. It can always be taken, and keeps no state, so that it is asked for by
 * nothing and serves one operation after the other.
 */
export class TurnStep extends Step {
  override label = "look at pages at once";
  readonly pending: boolean;

  /** @param pending Whether the driver decides about every step. */
  constructor(pending: boolean) {
    super();
    this.pending = pending;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }
}
