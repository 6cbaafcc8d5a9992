import {
  type BugIdentity,
  identityOf,
  isSameBug,
  OWN_NAMES,
  type RoleNames,
} from "./bug-identity.ts";
import { hiddenFailure } from "./explore.ts";
import type { FailureKind } from "./failure.ts";
import type { Schedule } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Strategy } from "./strategy.ts";

/** A run that failed: how, along which schedule, and with how many preemptions. */
export interface FailedRun {
  readonly failureKind: FailureKind;
  /** What the failure says of which bug it is; where it is not known, its kind has to do. */
  readonly identity?: BugIdentity;
  /** What was really done, which may differ from what was asked for. */
  readonly schedule: Schedule;
  readonly preemptions: number;
}

/** Makes one run under a strategy whose run has begun; null if it did not fail. */
export type RunUnder = (strategy: Strategy) => FailedRun | null;

/** The run that a scheduler has just made, if it failed. */
export function failedRunOf(scheduler: Scheduler, names: RoleNames = OWN_NAMES): FailedRun | null {
  const shown = scheduler.failure ?? hiddenFailure(scheduler);
  if (shown === null) return null;
  const { schedule, preemptions } = scheduler;
  const identity = identityOf(shown, scheduler, names);
  return { failureKind: shown.kind, identity, schedule: [...schedule], preemptions };
}

/** Whether two runs fail in the same way, by what their failures say. */
export function isAlike(a: FailedRun, b: FailedRun): boolean {
  if (a.failureKind !== b.failureKind) return false;
  return a.identity === undefined || b.identity === undefined || isSameBug(a.identity, b.identity);
}
