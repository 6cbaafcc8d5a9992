import type { Scenario } from "../../../hunt/index.ts";
import type { Schedule } from "../../../sim/index.ts";

/** What a visitor looks at: a run, as far as it is decided, and a stop of it. */
export interface Moment {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  /** The stop that is shown; one past the end is the last one. */
  readonly cursor: number;
}
