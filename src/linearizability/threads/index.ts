/**
 * Threads: a check whose parts are decided in several threads at once. Node only.
 *
 *     import { checkHistoryInThreads } from "latchwork/linearizability/threads";
 *     const verdict = await checkHistoryInThreads(history, kvMap(), { threads: 4 });
 *
 * `check.ts` asks for the decisions of its parts one after the other. `team.ts` answers: the thread
 * that checks decides parts itself, and once that has taken long enough and enough is left (`Terms`
 * says how much), workers (`worker.ts`) are started and take parts too, the next ones first.
 *
 * Invariants:
 * 1. The verdict is that of `checkHistory`, field by field, however many threads there are and
 *    whichever is done first: decisions are taken in the order of the parts, and each depends only
 *    on its part. Only how far an unknown verdict got is a matter of time, as without threads.
 * 2. A short check starts no worker, and no worker outlives the check.
 * 3. What is sent are columns: copies of a part, the order that explains it. Histories, models and
 *    functions stay; so do parts that are no register (`plain-register.ts`).
 *
 * Left out: parts made of keys that scans tie together, and one part in several threads.
 */
export { checkHistoryInThreads, type ThreadOptions } from "./check-in-threads.ts";
