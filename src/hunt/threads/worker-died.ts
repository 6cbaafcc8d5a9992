/** A worker ended before its work was done: what was asked for is not complete. */
export class WorkerDied extends Error {
  override readonly name: string = "WorkerDied";

  /** @param reason Why, as far as it is known: `it ran out of memory`. */
  constructor(reason: string) {
    super(`a worker died before all was done: ${reason.split("\n", 1)[0] ?? ""}`);
  }
}
