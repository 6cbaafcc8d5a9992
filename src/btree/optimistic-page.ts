import { type Latch, type Mode, SHARED } from "../latch/index.ts";
import {
  hasFlag,
  HEADER_BYTES,
  META_PAGE,
  PageFix,
  type PageId,
  PageFrame,
  type PageView,
  UNLINKED_FLAG,
} from "../storage/index.ts";
import { ACCESS_NONE, ACCESS_READ, InvariantViolation, NO_OBJECT } from "../task/index.ts";
import type { Fact, Task, TaskId } from "../task/index.ts";
import type { PageUser } from "./page-guard.ts";
import type { PageHandle } from "./page-handle.ts";
import { countOf, slotAt } from "./page-layout.ts";
import { ShutView } from "./shut-view.ts";

const NO_BYTES = new Uint8Array(0);

/** What is done by the step that comes next. */
type Phase = "idle" | "fetch" | "version" | "header" | "slots" | "cells" | "read" | "validate";

/**
 * A page read without a latch. Its version is taken, its bytes are read, and what they say counts
 * only if the version is still the same afterwards: optimistic latch coupling (Leis, Scheibner,
 * Kemper and Neumann, "The ART of Practical Synchronization", DaMoN 2016; Leis, Haubenschild and
 * Neumann, "Optimistic Lock Coupling", IEEE Data Engineering Bulletin 42, 2019). The version is the
 * latch's, and counts exclusive releases.
 *
 *     const page = op.optimistic(id, "child");
 *     while (page.pending) yield page;
 *     if (!page.isHeld) restart();
 *     const next = yield* page.read((bytes) => childAt(bytes, childIndexFor(bytes, key)));
 *     if (next === null) restart();
 *
 * A driver that grants at once shows the page itself, and nothing is a step but bringing it into
 * memory. Under any other, taking the version, each of three reads of bytes (header, slots, the
 * rest) and validation are steps, and the bytes seen are those that each read found: a writer that
 * comes in between leaves a torn page. What is read from one may be any nonsense, and throw.
 *
 * Departure: where the paper spins while a task holds the latch exclusively, the handle is
 * refused, so that a protocol falls back to latches and no task waits for what wakes none. A page
 * is pinned while it is held. A page that is freed while a task is on its way to it shows by its
 * version, once it is in memory; where pages are evicted, a protocol must keep freed pages until no
 * task is on its way to them.
 */
export class OptimisticPage extends PageFix implements PageHandle, PageView {
  view: DataView;
  bytes: Uint8Array = NO_BYTES;
  isHeld = false;
  readonly mode: Mode = SHARED;
  readonly isWritable = false;
  readonly isFresh = false;
  /** Whether the version was still the same when it was last looked at. */
  isValid = false;
  readonly #op: PageUser;
  readonly #isEager: boolean;
  readonly #shut: ShutView;
  /** What was read, under a driver that makes each read a step. */
  #copy: PageFrame | null = null;
  #latch: Latch | null = null;
  #version = 0;
  #phase: Phase = "idle";
  /** What the step that was taken last did. */
  #taken: Phase = "idle";

  constructor(op: PageUser, isEager: boolean) {
    super(op.store.memory);
    this.#op = op;
    this.#isEager = isEager;
    this.#shut = new ShutView(this);
    this.view = this.#shut;
  }

  /** The version that was taken. Requires: it is held. */
  get version(): number {
    return this.#version;
  }

  /** Whether the handle has still to be yielded. */
  get isUnanswered(): boolean {
    return this.pending && this.#phase !== "idle";
  }

  get whyShut(): string {
    if (this.isHeld) return "";
    if (this.isUnanswered) return "before it was read; write: while (page.pending) yield page;";
    return "after it was released, or though it was refused; look at isHeld first";
  }

  /** Asks for a page. For {@link Operation} only. */
  ask(id: PageId, site: string, latch: Latch): void {
    this.#latch = latch;
    // The latch must stay the one whose version was taken.
    latch.claims++;
    this.incarnation = latch.incarnation;
    this.isValid = false;
    this.#enter("fetch");
    this.begin(id, site);
  }

  /**
   * What `see` finds in the page, or null if the page has changed since its version was taken. What
   * `see` throws is rethrown only if the page has not changed: then no torn page is the cause.
   */
  *read<T>(see: (page: PageView) => T): Task<T | null> {
    const found = attempt(() => see(this));
    this.validate();
    if (this.pending) yield this;
    if (!this.isValid) return null;
    if ("thrown" in found) throw found.thrown;
    return found.seen;
  }

  /**
   * Asks whether the page has changed: yielded if `pending`, then {@link isValid} is the answer.
   */
  validate(): void {
    if (!this.isHeld) throw this.#misuse("validated");
    if (this.#isEager) {
      this.isValid = this.#isUnchanged();
      return;
    }
    this.pending = true;
    this.#enter("validate");
  }

  override isEnabled(task: TaskId): boolean {
    return this.#phase !== "fetch" || super.isEnabled(task);
  }

  override take(task: TaskId): boolean {
    this.#taken = this.#phase;
    switch (this.#phase) {
      case "fetch":
        return this.#takeFetch(task);
      case "version":
        this.#takeVersion();
        break;
      case "header":
        this.#readBytes(0, HEADER_BYTES);
        this.#enter("slots");
        break;
      case "slots":
        this.#readBytes(HEADER_BYTES, this.#slotsEnd());
        this.#enter("cells");
        break;
      case "cells":
        this.#readBytes(this.#slotsEnd(), this.bytes.length);
        this.#enter("read");
        this.pending = false;
        break;
      case "idle":
      case "read":
      case "validate":
        this.isValid = this.#isUnchanged();
        this.#enter("read");
        this.pending = false;
    }
    return true;
  }

  override fact(): Fact {
    return this.#factOf(this.#phase, null);
  }

  override deed(): Fact {
    const phase = this.#taken;
    if (phase === "version") return this.#factOf(phase, this.isHeld);
    return this.#factOf(phase, STEPS[phase] === "validate" ? this.isValid : null);
  }

  release(): void {
    if (!this.isHeld) throw this.#misuse("released");
    if (this.#op.store.log.keepsChanges && this.isValid) this.#op.saw(this);
    this.#end();
  }

  [Symbol.dispose](): void {
    if (this.isHeld) this.release();
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.isHeld = false;
    this.isValid = false;
    this.pending = false;
    this.pageId = META_PAGE;
    this.#latch = null;
    this.#phase = "idle";
    this.view = this.#shut;
    this.bytes = NO_BYTES;
  }

  protected override opened(): void {
    if (this.#isEager) {
      this.#takeVersion();
      return;
    }
    this.pending = true;
    this.#enter("version");
  }

  #takeFetch(task: TaskId): boolean {
    try {
      super.take(task);
    } catch (error) {
      // Nothing is pinned.
      if (this.#latch !== null) this.#latch.claims--;
      const { pageId } = this;
      this.reset();
      this.pageId = pageId;
      throw error;
    }
    return this.#phase !== "fetch";
  }

  #takeVersion(): void {
    const { latch } = this;
    const { memory, space } = this.#op.store;
    const frame = memory.frame(this.pageId);
    // A page that is free, or will be, is obsolete in the paper's word.
    const isObsolete = space.isFree(this.pageId) || hasFlag(frame, UNLINKED_FLAG);
    if (latch.isExclusive || isObsolete) {
      this.#refuse();
      return;
    }
    this.#version = latch.version;
    this.#op.enter();
    this.isHeld = true;
    this.#op.optimisticHeld++;
    if (this.#isEager) this.#show(frame);
    else this.#show((this.#copy ??= frameLike(frame)));
    this.#enter(this.#isEager ? "read" : "header");
  }

  #refuse(): void {
    this.pending = false;
    this.#giveBack();
  }

  #end(): void {
    this.#op.optimisticHeld--;
    this.#giveBack();
  }

  #giveBack(): void {
    const { latch, pageId } = this;
    latch.claims--;
    this.reset();
    this.pageId = pageId;
    this.#op.store.memory.unpin(pageId);
  }

  #show(page: PageView): void {
    this.view = page.view;
    this.bytes = page.bytes;
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    const isRead = phase !== "fetch";
    this.objectId = isRead ? this.latch.objectId : NO_OBJECT;
    this.access = isRead ? ACCESS_READ : ACCESS_NONE;
  }

  #readBytes(from: number, to: number): void {
    const { bytes } = this.#op.store.memory.frame(this.pageId);
    this.bytes.set(bytes.subarray(from, to), from);
  }

  /** Where the slots end by what was read of the header, which may be anything. */
  #slotsEnd(): number {
    return Math.min(slotAt(countOf(this)), this.bytes.length);
  }

  #isUnchanged(): boolean {
    const { latch } = this;
    return !latch.isExclusive && latch.version === this.#version;
  }

  /** The latch whose version counts. Requires: the page was asked for. */
  get latch(): Latch {
    if (this.#latch === null) throw this.#misuse("used");
    return this.#latch;
  }

  #factOf(of: Phase, isValid: boolean | null): Fact {
    const phase = STEPS[of];
    if (phase === null) return super.fact();
    const { pageId: page, site } = this;
    return { kind: "page-read-optimistic", page, site, phase, isValid };
  }

  #misuse(done: string): InvariantViolation {
    const what = `page ${this.pageId} (${this.site}) was ${done}`;
    return new InvariantViolation(`${what} ${this.whyShut}`, "latch-misuse");
  }
}

type OptimisticPhase = (Fact & { kind: "page-read-optimistic" })["phase"];

/** What a step does in each phase; null while the page is brought in. */
const STEPS: Readonly<Record<Phase, OptimisticPhase | null>> = {
  idle: "validate",
  fetch: null,
  version: "version",
  header: "header",
  slots: "slots",
  cells: "cells",
  read: "validate",
  validate: "validate",
};

function frameLike({ bytes }: PageView): PageFrame {
  return new PageFrame(new ArrayBuffer(bytes.length), 0, bytes.length);
}

function attempt<T>(see: () => T): { readonly seen: T } | { readonly thrown: unknown } {
  try {
    return { seen: see() };
  } catch (error) {
    return { thrown: error };
  }
}
