import { Crabbing } from "../../btree/index.ts";
import { BufferPool, type PageWrite } from "../../storage/index.ts";
import type { Bug } from "./bug.ts";

class OnlyGoodWritesWake extends BufferPool {
  #isOk = true;

  override endWrite(write: PageWrite, ok: boolean): void {
    this.#isOk = ok;
    super.endWrite(write, ok);
  }

  protected override wakeWaiters(): void {
    // The bug: a write that failed has ended as well, and its page is dirty again.
    if (this.#isOk) super.wakeWaiters();
  }
}

export const W35: Bug = {
  id: "W35",
  kind: "bug",
  protocol: "crabbing",
  title: "a page write that fails wakes nobody who waits for it",
  explanation:
    "A checkpoint waits for a page that the cleaner is writing. The disk refuses the write. The" +
    " page is dirty again, so the checkpoint could write it itself, but it was not woken and " +
    "waits for a write that is over.",
  provenance: "plausible: W34 on the path that no test takes",
  preemptions: 1,
  scenario:
    "capacity 2\ntree [10]\ntask put 10 then clean\ntask checkpoint\ncrashes 0\n" +
    "faults write\n",
  make: () => new Crabbing(),
  parts: () => ({ makePool: (options) => new OnlyGoodWritesWake(options) }),
};
