/**
 * Threads: hunts that use several cores. Node only.
 *
 * A crew (`crew.ts`) is some workers, which carry out one order at a time each (`carrying.ts`). A
 * hunt in one scenario is one order, and so is a proof. One in random scenarios is many
 * (`random-hunt.ts`): they run ahead, and what they find is added up in the order of the scenarios.
 *
 * Invariants:
 * 1. A hunt comes to the same result however many workers there are and whoever is done first:
 *    what an order comes to depends on the order alone, and results are taken in a fixed order.
 * 2. Orders and answers are plain data. Protocols of the user's own are loaded by each worker.
 * 3. All workers see a request to stop between two schedules, and answer with what they have.
 * 4. If a worker dies, all that is asked for fails, with a reason in one line.
 *
 * Another kind of work needs an entry in `Orders` and a case in `Carrying.out`.
 *
 * Left out: one scenario in several workers.
 */
export { Crew, type CrewOptions } from "./crew.ts";
export { huntInThreads } from "./hunt-in-threads.ts";
export type { ProofNews, ProtocolModule } from "./messages.ts";
export { WorkerDied } from "./worker-died.ts";
