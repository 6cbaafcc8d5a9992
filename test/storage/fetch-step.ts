import type { PageFetch } from "../../src/storage/index.ts";
import { Step, type TaskId } from "../../src/task/index.ts";

/** One waiter's own step over a fetch that it may share. */
export class FetchStep extends Step {
  readonly #fetch: PageFetch;

  constructor(fetch: PageFetch) {
    super();
    this.#fetch = fetch;
  }

  override isEnabled(task: TaskId): boolean {
    return this.#fetch.isEnabled(task);
  }

  override take(task: TaskId): boolean {
    return this.#fetch.take(task);
  }

  override park(): void {
    this.#fetch.join(this);
  }
}
