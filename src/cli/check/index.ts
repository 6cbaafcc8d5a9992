/**
 * The verb `check`: histories in, verdicts out, as text, JSON, pages and pictures.
 *
 * The checking itself runs in a thread of its own (`check-worker.ts`), so that a signal or a budget
 * ends it at any moment. The thread is sent a request and answers with reports, which are plain
 * data; the main thread prints them.
 *
 * Invariants:
 * 1. A verdict is the checker's, and nothing here changes it.
 * 2. A report says all that is printed of a history, as text and as JSON.
 * 3. A checker that runs out of memory or time is "unknown" in the report; the verb goes on.
 *
 * Left out: any logic of checking, which is the room linearizability's.
 */
export { addCheck } from "./command.ts";
