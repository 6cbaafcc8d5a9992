import { availableParallelism } from "node:os";
import { LatchworkError, optionNames } from "../../task/index.ts";
import { askParts, checkHistory, settingOf } from "../check.ts";
import type { CheckOptions } from "../check-options.ts";
import { refuseUnknownCheckOptions } from "../check-options.ts";
import type { History } from "../history.ts";
import type { Model } from "../models/index.ts";
import type { Verdict } from "../verdict.ts";
import { DEFAULT_TERMS, Team, type Terms } from "./team.ts";

const THREADS_MAX = 64;
const THREADS_DEFAULT_MAX = 8;

/** How many threads to take. */
export interface ThreadOptions {
  /** This thread and its workers, 1 to 64; one for each core, up to 8, if left out. */
  readonly threads?: number;
  /** Other terms on which workers start: tests make them easy. */
  readonly terms?: Partial<Terms>;
}

const OPTION_NAMES = optionNames<ThreadOptions>({ threads: true, terms: true });

/**
 * Decides whether a history is linearizable, as `checkHistory` does and with the same verdict, in
 * several threads where that saves time: several keys, with much to search on each. One of them is
 * the calling thread, which is as busy meanwhile as with `checkHistory`; the promise is for the
 * end, when only others are still at work. `memoryBytes` and `timeMs` are for all threads together.
 *
 * @throws LatchworkError BAD_HISTORY if the model cannot read an operation, BAD_ARGUMENT for a
 *   number of threads of no use; what a worker throws, which is a bug of ours.
 */
export async function checkHistoryInThreads(
  history: History,
  model: Model,
  options: CheckOptions & ThreadOptions = {},
): Promise<Verdict> {
  refuseUnknownCheckOptions("checkHistoryInThreads", options, OPTION_NAMES);
  const threads = options.threads ?? Math.min(THREADS_DEFAULT_MAX, availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > THREADS_MAX) {
    const message = `threads is ${threads}; expected a whole number from 1 to ${THREADS_MAX}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
  }
  const { threads: _, terms: given, ...checking } = options;
  if (threads === 1) return checkHistory(history, model, checking);
  const terms = { ...DEFAULT_TERMS, ...given };
  const team = new Team(threads, options, settingOf(history, options), terms);
  try {
    const asking = askParts(history, model, options, team.budget);
    let asked = asking.next();
    while (asked.done !== true) {
      asked = asking.next(team.decideAtOnce(asked.value) ?? (await team.decide()));
    }
    return asked.value;
  } finally {
    await team.close();
  }
}
