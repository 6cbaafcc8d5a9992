/**
 * The reduction: runs one schedule of each happens-before order of a program, and no other.
 *
 * Two schedules that differ only in the order of independent events come to the same, so it is
 * enough to run one of them. The search is *optimal dynamic partial-order reduction* with source
 * sets and wakeup trees: it runs a schedule, looks in it for races, pairs of events that could come
 * in the other order, and plans a schedule for each in which they do, unless what that would lead
 * to has been explored or is planned. What has been explored *sleeps*: it is not run again until
 * something that is not independent of it has been run.
 *
 * Events are segments: a step with the code up to the next one. What they touch is known once they
 * have run. So of the last event of a plan, which is to run where it never has, only a part is
 * certain: its step, and all that it did up to its first access of something that the events left
 * out have touched. Plans are compared by what is certain; where that is not enough, both are kept
 * and compared again when the first of them has been run.
 *
 * Invariants:
 * 1. No two runs that come to their end have the same happens-before order.
 * 2. If footprints are declared right, and no order fails, each order of the program is run, to its
 *    end; if some order fails, one that fails is run. Whoever goes on after a failure may not see
 *    all orders of the rest, as beside a deadlock. A search that repeats an event and finds it
 *    changed says so (`strayed`), and has proved nothing.
 * 3. What is planned nearly always leads to a new order. It may turn out to be impossible, where it
 *    is not known whether a task could have gone on earlier (`impossible`), or to lead to what has
 *    been run, where that could not be told before it ran (`asleep`). Such runs are given up and
 *    counted; no order is lost by it. In programs of mutexes only there are none.
 * 4. What is no choice between tasks is tried in full: each value that is drawn, each moment of a
 *    crash. A crash is independent of nothing.
 * 5. A failure ends the run, so the event that made it is dependent on all that it kept from going
 *    on; a deadlock is not for the tasks of its cycle.
 * 6. Time passes when nobody can go on, and comes after all before it. A run in which it had to
 *    pass earlier, or that was shared out fairly, is counted (`hurried`): then not everything was
 *    chosen.
 * 7. Of orders that are the same but for an exchange of tasks that are declared to be twins, one is
 *    run; more only if twins draw different values. A search in which twins are found to be none
 *    says so (`unlike`), and has proved nothing.
 * 8. Memory is that of one run: the path to it, with what sleeps and what is planned along it.
 *
 * With a bound on preemptions it is another search: see `BoundedReductionStrategy`. It is complete
 * within the bound, and not optimal.
 *
 * Left out: exchanges of twins within a bound.
 *
 * References: Abdulla, Aronis, Jonsson and Sagonas, "Optimal Dynamic Partial Order Reduction" (POPL
 * 2014) and "Source Sets" (J. ACM 64(4), 2017); Flanagan and Godefroid, "Dynamic Partial-Order
 * Reduction for Model Checking Software" (POPL 2005); Knuth, "Estimating the Efficiency of
 * Backtrack Programs" (Math. Comp. 29, 1975).
 */
export { type BoundedCounts, BoundedReductionStrategy } from "./bounded-strategy.ts";
export { type Estimate, Estimator } from "./estimate.ts";
export type { Action, Draw, Event } from "./event.ts";
export type { GivenUp, ReductionObserver, Refused } from "./observer.ts";
export type { Race } from "./races.ts";
export {
  type ReductionCounts,
  type ReductionOptions,
  ReductionStrategy,
  type SavedSearch,
} from "./reduction-strategy.ts";
