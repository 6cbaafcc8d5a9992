import { Crabbing } from "../../btree/index.ts";
import { BufferPool, type PageFetch, type PageId } from "../../storage/index.ts";
import type { TaskId } from "../../task/index.ts";
import type { Bug } from "./bug.ts";

/** A fetch that somebody else has begun. */
class FetchOfAnother implements PageFetch {
  readonly #fetch: PageFetch;

  constructor(fetch: PageFetch) {
    this.#fetch = fetch;
  }

  get dueAtMs(): number {
    return this.#fetch.dueAtMs;
  }

  isEnabled(task: TaskId): boolean {
    return this.#fetch.isEnabled(task);
  }

  take(task: TaskId): boolean {
    return this.#fetch.take(task);
  }

  // The bug: the disk knows only of the task that has asked for the page first.
  join(): void {}
}

class OnlyTheFirstIsWoken extends BufferPool {
  readonly #underWay: WeakSet<PageFetch> = new WeakSet();

  override fetch(id: PageId): PageFetch {
    const fetch = super.fetch(id);
    if (this.#underWay.has(fetch)) return new FetchOfAnother(fetch);
    this.#underWay.add(fetch);
    return fetch;
  }
}

export const W37: Bug = {
  id: "W37",
  kind: "bug",
  protocol: "crabbing",
  title: "a page that two tasks wait for wakes only the one that asked first",
  explanation:
    "A page is being read for one task when a second one asks for it, and is rightly given the " +
    "same read to wait for. But only the first is on the list of that read. The page comes, the" +
    " first task goes on, and the second sleeps beside a page that is in memory.",
  provenance: "plausible: the sharing of reads is added to a pool that had none",
  preemptions: 0,
  scenario: "capacity 2\ntree [10]\ntask get 10\ntask get 10\ncrashes 0\nfaults slow\n",
  make: () => new Crabbing(),
  parts: () => ({ makePool: (options) => new OnlyTheFirstIsWoken(options) }),
};
