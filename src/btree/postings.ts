import type { PageId, SpaceMap } from "../storage/index.ts";
import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Fact,
  Monitor,
  Step,
  type TaskId,
} from "../task/index.ts";

/**
 * Which splits are on their way to the parent, where nobody holds a latch to say so.
 *
 * A page is noted here from before its split is shown to anybody until the parent knows and the
 * page's mark is off. One task at a time tells of a page's split, and whoever has to wait for that
 * holds nothing meanwhile. It is of this run only: after a crash none is on its way.
 */
export class Postings {
  readonly #space: SpaceMap;
  readonly #tellers: Map<PageId, TaskId> = new Map();
  readonly #parked: Set<TellStep> = new Set();
  #monitor: Monitor | null = null;

  /** @param space Knows who runs the tasks. */
  constructor(space: SpaceMap) {
    this.#space = space;
  }

  /** As {@link RetiredPages.declare}. */
  declare(): void {
    this.#monitor ??= new Monitor(this.#space.host, "the splits being told");
  }

  /** A task goes to tell of a split. Requires: it holds the page. */
  begin(page: PageId, task: TaskId): void {
    this.#declared.touch(ACCESS_WRITE);
    assert(!this.#tellers.has(page), "one task tells of a split");
    this.#tellers.set(page, task);
  }

  /** The parent knows, or the task has given up. Wakes who waits for that. */
  end(page: PageId): void {
    this.#declared.touch(ACCESS_WRITE);
    this.#tellers.delete(page);
    for (const step of this.#parked) {
      if (!step.isEnabled()) continue;
      this.#parked.delete(step);
      this.#space.host.wake(step);
    }
  }

  /** Whether somebody is on the way to tell of a page's split. O(1). */
  isUnderWay(page: PageId): boolean {
    this.#declared.touch(ACCESS_READ);
    return this.#tellers.has(page);
  }

  /** A step to wait on until nobody is. Requires: no latch is held. */
  whenTold(page: PageId): Step {
    return new TellStep(this, page, this.#declared.objectId);
  }

  /** For {@link TellStep}. */
  teller(page: PageId): TaskId | null {
    return this.#tellers.get(page) ?? null;
  }

  /** For {@link TellStep}. */
  join(step: TellStep): void {
    this.#parked.add(step);
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#tellers.clear();
    this.#parked.clear();
    this.#monitor = null;
  }

  get #declared(): Monitor {
    this.declare();
    assert(this.#monitor !== null, "it has just been made");
    return this.#monitor;
  }
}

/** Waits until the parent of a page knows of its split. */
class TellStep extends Step {
  readonly #postings: Postings;
  readonly #page: PageId;

  constructor(postings: Postings, page: PageId, objectId: number) {
    super();
    this.#postings = postings;
    this.#page = page;
    this.objectId = objectId;
    this.access = ACCESS_READ;
  }

  override isEnabled(): boolean {
    return this.#postings.teller(this.#page) === null;
  }

  override take(): boolean {
    return true;
  }

  override park(): void {
    this.#postings.join(this);
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    const teller = this.#postings.teller(this.#page);
    if (teller !== null) into.push(teller);
  }

  override fact(): Fact {
    return { kind: "custom", label: `wait until the parent of page ${this.#page} knows` };
  }
}
