import {
  Crabbing,
  find,
  type Operation,
  type PageHandle,
  type Protocol,
  removeEntry,
  type RowSink,
  type ScanRange,
  TreeReadWrite,
} from "../../src/btree/index.ts";
import type { LatchOrder } from "../../src/latch/index.ts";
import type { FailureKind } from "../../src/sim/index.ts";
import { META_PAGE, pageId, rightOf } from "../../src/storage/index.ts";
import { LatchworkError, type Task } from "../../src/task/index.ts";

/** What somebody gets wrong who writes a first protocol, and what the hunt says of it. */
export interface Mistake {
  readonly name: string;
  readonly get?: (this: Crabbing, op: Operation, key: Uint8Array) => unknown;
  readonly protocol?: Protocol;
  readonly kind: FailureKind;
  readonly message: string;
  /** How many steps there are until it shows. */
  readonly steps: number;
  /** Whether code of the user is running then, so that there is a place. */
  readonly hasPlace: boolean;
}

const YIELD_IT = 'after asking for it write "if (page.pending) yield page;"';

class ForgetsToYield extends Crabbing {
  override readonly name: string = "forgets-to-yield";

  protected override *stepRight(op: Operation, leaf: PageHandle): Task<PageHandle> {
    const next = op.shared(rightOf(leaf), "right sibling");
    leaf.release();
    return next;
  }
}

class GivesNoCount extends TreeReadWrite {
  override readonly name: string = "gives-no-count";

  override *scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    yield* super.scan(op, range, sink);
    return undefined as never;
  }
}

class GivesNoRule extends Crabbing {
  override readonly name: string = "gives-no-rule";

  override latchOrder(): LatchOrder {
    return { name: "mine", brokenRule: () => undefined as never };
  }
}

/** In the trees of the scenarios below. */
export const FIRST_LEAF = pageId(2);

export const mistakes: readonly Mistake[] = [
  {
    name: "throws at once",
    *get() {
      throw new Error("not written yet");
    },
    kind: "exception",
    message: "Error: not written yet",
    steps: 0,
    hasPlace: true,
  },
  {
    name: "touches a page that it has not waited for",
    *get(op) {
      const page = op.shared(META_PAGE, "tree");
      rightOf(page);
      if (page.pending) yield page;
      page.release();
      return false;
    },
    kind: "latch-misuse",
    message: `page 0 (tree) was used before its latch was held; ${YIELD_IT}`,
    steps: 0,
    hasPlace: true,
  },
  {
    name: "passes on a page that it has not waited for",
    protocol: new ForgetsToYield(),
    kind: "latch-misuse",
    message: `page 3 (right sibling) was used before its latch was held; ${YIELD_IT}`,
    steps: 3,
    hasPlace: false,
  },
  {
    name: "asks for a latch and forgets it",
    *get(op) {
      op.shared(META_PAGE, "tree");
      return false;
    },
    kind: "latch-misuse",
    message: `an operation asked for page 0 (tree) and ended before its latch was held; ${YIELD_IT}`,
    steps: 0,
    hasPlace: false,
  },
  {
    name: "releases what it has not waited for",
    *get(op) {
      op.shared(META_PAGE, "tree").release();
      return false;
    },
    kind: "latch-misuse",
    message: `latch 0 (tree) was released before its latch was held; ${YIELD_IT}`,
    steps: 0,
    hasPlace: true,
  },
  {
    name: "yields nothing",
    *get() {
      yield;
      return false;
    },
    kind: "exception",
    message: "a (get 20) yields what is no step, before its first step: undefined",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "yields what release gives",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      yield page.release();
      return false;
    },
    kind: "exception",
    message:
      "a (get 20) yields what is no step, after its step 1 (latch S): undefined; " +
      "what releases (unlock, release) is a plain call, without yield",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "forgets the star of yield*",
    *get(op, key): Generator<unknown, unknown, unknown> {
      return yield Crabbing.prototype.get.call(this, op, key);
    },
    kind: "exception",
    message: "yields what is no step, before its first step: a generator; it needs yield*",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "forgets yield*",
    *get(op, key) {
      return Crabbing.prototype.get.call(this, op, key);
    },
    kind: "exception",
    message:
      "a (get 20) returns a generator that has not run; write return yield* in place of return",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "is no generator function",
    get() {
      return false;
    },
    kind: "exception",
    message:
      "a (get 20): its function gives false, expected a generator; " +
      "write function* in place of function, or * before the name of a method",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "is an async function",
    async get() {
      return false;
    },
    kind: "exception",
    message: "a (get 20): its function gives a promise, expected a generator; write function*",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "is an async generator function",
    async *get() {},
    kind: "exception",
    message: "a (get 20): its function is an async generator; write function* without async",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "releases twice",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      page.release();
      page.release();
      return false;
    },
    kind: "double-release",
    message: "latch 0 (meta) was released twice; release each guard once, and let one place do it",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "uses what it has released",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      page.release();
      return rightOf(page) === META_PAGE;
    },
    kind: "latch-misuse",
    message: "page 0 (meta) was used after its latch was released; release it after its last use",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "uses what it was refused",
    *get(op) {
      const held = op.exclusive(META_PAGE, "meta");
      if (held.pending) yield held;
      const page = op.tryShared(META_PAGE, "again");
      if (page.pending) yield page;
      rightOf(page);
      return false;
    },
    kind: "latch-misuse",
    message: "page 0 (again) was used though its try-latch was refused; look at isHeld first",
    steps: 2,
    hasPlace: true,
  },
  {
    name: "returns without releasing",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      return false;
    },
    kind: "latch-held",
    message:
      "an operation ended with the latch of page 0 (meta) still held; release it on every way out",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "changes what it only shares",
    *get(op) {
      const page = op.shared(META_PAGE, "meta");
      if (page.pending) yield page;
      op.change().edit(page as never);
      return false;
    },
    kind: "latch-misuse",
    message: "page 0 (meta) was changed under a shared latch; ask for it with op.exclusive",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "does not commit",
    *get(op) {
      op.change();
      return false;
    },
    kind: "exception",
    message: "an operation that ends has called commit() on its change group",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "opens a change group and then another",
    *get(op) {
      op.change();
      op.change();
      return false;
    },
    kind: "exception",
    message:
      "expected that op.change() opens one group after the other; " +
      "found one open that was not committed",
    steps: 0,
    hasPlace: true,
  },
  {
    name: "commits twice",
    *get(op) {
      const change = op.change();
      change.commit();
      change.commit();
      return false;
    },
    kind: "exception",
    message:
      "expected that each group of op.change() is committed once; found none open to be committed",
    steps: 0,
    hasPlace: true,
  },
  {
    name: "changes a page after the commit",
    *get(op) {
      const page = op.exclusive(META_PAGE, "meta");
      if (page.pending) yield page;
      const change = op.change();
      change.commit();
      change.edit(page);
      return false;
    },
    kind: "exception",
    message:
      "expected that pages are changed in an open change group; " +
      "found none open to change page 0 in; call op.change() before",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "changes what is no page",
    *get(op) {
      op.change().edit(META_PAGE as never);
      return false;
    },
    kind: "exception",
    message: "change.edit was given 0, expected the guard of a page",
    steps: 0,
    hasPlace: true,
  },
  {
    name: "removes an entry that it did not find",
    *get(op, key) {
      const page = op.exclusive(FIRST_LEAF, "leaf");
      if (page.pending) yield page;
      const change = op.change();
      const missing = Uint8Array.from(key, () => 7);
      removeEntry(change.edit(page), find(page, missing));
      return false;
    },
    kind: "exception",
    message: "expected that the entry exists; found entry -",
    steps: 1,
    hasPlace: true,
  },
  {
    name: "asks for a page that there never was",
    *get(op) {
      const page = op.shared(undefined as never, "child");
      if (page.pending) yield page;
      return false;
    },
    kind: "exception",
    message: "page undefined was asked for (child), expected one that exists",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "says that it found a value and keeps none",
    *get() {
      return true;
    },
    kind: "exception",
    message:
      "expected that a get that gives true has called op.keepValue(leaf, index); " +
      "found 0 bytes kept, of a scenario's 4",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "never goes on to the child that it latches",
    *get(op) {
      for (;;) {
        const page = op.shared(META_PAGE, "child");
        if (page.pending) yield page;
      }
    },
    kind: "latch-held",
    message: "an operation holds 64 latches at once",
    steps: 64,
    hasPlace: true,
  },
  {
    name: "gives no rule where it breaks one",
    protocol: new GivesNoRule(),
    kind: "exception",
    message:
      "brokenRule of the latch order mine gave undefined, expected the rule that is broken, " +
      "in words, or null",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "gives no answer",
    *get() {},
    kind: "exception",
    message: "a (get 20) returns undefined, expected true or false",
    steps: 0,
    hasPlace: false,
  },
  {
    name: "gives no number of rows",
    protocol: new GivesNoCount(),
    kind: "exception",
    message: "returns undefined, expected how many rows there were",
    steps: 1,
    hasPlace: false,
  },
  {
    name: "meets a fault that no disk made",
    *get() {
      throw new LatchworkError("BAD_ARGUMENT", "the key is odd");
    },
    kind: "exception",
    message: "LatchworkError: the key is odd",
    steps: 0,
    hasPlace: true,
  },
];

export class Mistaken extends Crabbing {
  override readonly name: string = "mistaken";

  constructor(get: NonNullable<Mistake["get"]>) {
    super();
    this.get = get as Crabbing["get"];
  }
}

export function protocolOf({ get, protocol }: Mistake): Protocol {
  if (protocol !== undefined) return protocol;
  return new Mistaken(get ?? (() => undefined));
}
