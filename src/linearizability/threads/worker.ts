/**
 * A thread that decides parts of a check, one after the other, as they are sent to it. What goes
 * wrong here is a bug of ours: it is thrown, and the thread that checks hears of it.
 */
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../../task/index.ts";
import { decidePart } from "../check.ts";
import { Budget, type GivenUp, problemOfPlain } from "../search/index.ts";
import type { PartAnswer, PartOrder, WorkerStart } from "./messages.ts";
import { Tally } from "./tally.ts";

assert(parentPort !== null, "this file runs in a thread of its own");
const start = workerData as WorkerStart;
const tally = new Tally(start.threads, start.shared);

/** Time is the business of the thread that checks; memory is what nobody else uses. */
class WorkerBudget extends Budget {
  /** The part that is decided. */
  at = 0;
  /** Whether memory ran out over it, which other threads may have used. */
  isShort = false;

  override spent(bytes: number, event: number): GivenUp | null {
    tally.note(start.thread, event, bytes);
    if (tally.isStopped || tally.isBeaten(this.at)) return "interrupted";
    if (tally.bytes <= start.memoryBytes) return null;
    this.isShort = true;
    return "memory";
  }
}

const budget = new WorkerBudget({});

parentPort.on("message", ({ at, plain }: PartOrder) => {
  budget.at = at;
  budget.isShort = false;
  const problem = problemOfPlain(plain, start.setting.reductions.deadValues);
  const { found, explored } = decidePart(problem, start.setting, budget);
  const { isShort } = budget;
  tally.note(start.thread, plain.part.events.length, 0);
  if (found.kind === "no" && !isShort) tally.noteNo(at);
  const order = Int32Array.from(found.kind === "yes" ? found.order : []);
  const answered = found.kind === "yes" ? { ...found, order: [] } : found;
  const answer: PartAnswer = { at, found: answered, order, explored, isShort };
  start.port.postMessage(answer, [order.buffer]);
});
