import {
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  HOLDS_AFTER_TRY,
  HOLDS_AFTER_WAIT,
  HOLDS_NOTHING,
  InvariantViolation,
  Step,
  type TaskId,
} from "../task/index.ts";
import type { Latch } from "./latch.ts";
import { EXCLUSIVE, type Mode, modeLetter, SHARED } from "./mode.ts";
import type { LatchOwner } from "./owner.ts";

/** Where a guard stands between being asked for and being let go. */
export type GuardState = "idle" | "wanted" | "queued" | "granted" | "held" | "refused" | "released";

/**
 * One request for a latch and, once granted, the right to what the latch protects.
 *
 * The guard is also the step to wait on, so the usual form is
 *
 *     const page = op.shared(pageId, "child");
 *     if (page.pending) yield page;
 *
 * and under a driver that grants at once no step is yielded at all. A guard is released once.
 * Subclasses open what they protect in {@link opened} and shut it in {@link closed}.
 */
export class LatchGuard extends Step {
  readonly owner: LatchOwner;
  /** Whether the task must yield this guard before it goes on. */
  pending = false;
  state: GuardState = "idle";
  mode: Mode = SHARED;
  /** Where in the protocol it was asked for, as `left sibling`. */
  site = "";
  /** Whether the owner already holds the latch in shared mode and asks to be alone. */
  isUpgrade = false;
  /** Whether what it protects was made by the owner and is known to nobody else. */
  isFresh = false;
  #latch: Latch | null = null;
  #isTry = false;

  constructor(owner: LatchOwner) {
    super();
    this.owner = owner;
  }

  /** The latch this guard is about. Requires: it was asked for. */
  get latch(): Latch {
    assert(this.#latch !== null, "a guard names a latch once it is asked for");
    return this.#latch;
  }

  get isHeld(): boolean {
    return this.state === "held";
  }

  /** Whether this is a try-latch, for which being refused is an outcome. */
  get isTry(): boolean {
    return this.#isTry;
  }

  /** Makes the guard a request. For {@link LatchOwner} only. */
  prepare(latch: Latch, mode: Mode, site: string, isTry: boolean): void {
    assert(this.state !== "held" && this.state !== "queued", "a guard in use is not asked again");
    this.#latch = latch;
    this.#isTry = isTry;
    this.mode = mode;
    this.site = site;
    this.isUpgrade = false;
    this.isFresh = false;
    this.objectId = this.owner.driver.objectOf(latch.id);
    this.access = mode === SHARED ? ACCESS_READ : ACCESS_WRITE;
    this.incarnation = latch.incarnation;
    this.label = isTry ? TRY_LABELS[mode] : LATCH_LABELS[mode];
    this.holding = isTry ? HOLDS_AFTER_TRY : HOLDS_AFTER_WAIT;
    this.state = "wanted";
    this.pending = true;
  }

  /** Turns a shared guard into a request to hold alone. For {@link LatchOwner} only. */
  prepareUpgrade(site: string): void {
    assert(this.state === "held" && this.mode === SHARED, "only a shared holder upgrades");
    this.site = site;
    this.mode = EXCLUSIVE;
    this.isUpgrade = true;
    this.access = ACCESS_WRITE;
    this.label = "upgrade to X";
    this.state = "wanted";
    this.pending = true;
    // Until it is granted, the latch still lists the guard as a shared holder: see heldMode.
  }

  override isEnabled(_task: TaskId): boolean {
    if (this.state === "granted" || this.#isTry) return true;
    if (this.state === "queued") return false;
    return this.latch.canGrant(this) || this.latch.arrivalMatters(this.mode);
  }

  override take(_task: TaskId): boolean {
    if (this.state === "granted") {
      this.settle();
      return true;
    }
    const latch = this.latch;
    if (latch.canGrant(this)) {
      latch.grant(this);
      this.settle();
      return true;
    }
    if (this.#isTry) {
      this.state = "refused";
      this.holding = HOLDS_NOTHING;
      this.pending = false;
      return true;
    }
    latch.enqueue(this);
    this.state = "queued";
    return false;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    // A try-latch goes on whatever others hold: it waits for nobody and closes no cycle.
    if (this.#isTry) return;
    if (this.state === "wanted" || this.state === "queued") this.latch.collectBlockers(this, into);
  }

  /** Called by the latch when a release hands it to this guard. */
  handedOver(): void {
    this.state = "granted";
    this.owner.driver.granted(this);
  }

  /** Makes a granted guard held. For {@link LatchOwner} and drivers only. */
  settle(): void {
    this.state = "held";
    this.pending = false;
    if (!this.isUpgrade) this.owner.held.push(this);
    this.isUpgrade = false;
    this.opened();
  }

  /**
   * Lets the latch go. What it protected can no longer be reached through this guard.
   *
   * @throws InvariantViolation if the guard is not held: a guard is released exactly once.
   */
  release(): void {
    if (this.state !== "held") {
      throw new InvariantViolation(
        `latch ${this.#latch?.id ?? "?"} (${this.site}) was released while ${this.state}, not held`,
        "double-release",
      );
    }
    this.state = "released";
    this.owner.forget(this);
    this.closed();
    if (!this.owner.driver.releasing(this)) this.finishRelease();
  }

  /** Carries out a release that the driver may have put off. */
  finishRelease(): void {
    this.latch.release(this);
    this.afterRelease();
  }

  /** Releases on leaving a `using` block, unless that was done by hand. */
  [Symbol.dispose](): void {
    if (this.state === "held") this.release();
  }

  /** Names the request in reports: `latch X on page 4 (leaf), as right sibling`. */
  override describe(object: string): string {
    return `${super.describe(object)}, as ${this.site}`;
  }

  /** The mode in which it is held: until an upgrade is granted, that is still the shared one. */
  get heldMode(): Mode {
    return this.isUpgrade ? SHARED : this.mode;
  }

  /** Names what is held in reports: `X on page 4 (leaf), taken as child`. */
  override describeHeld(object: string): string {
    return `${modeLetter(this.heldMode)} on ${object}, taken as ${this.site}`;
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.state = "idle";
    this.pending = false;
    this.isUpgrade = false;
    this.closed();
  }

  /** Hook: the latch is held from now on. */
  protected opened(): void {}

  /** Hook: the latch is no longer held. */
  protected closed(): void {}

  /** Hook: the latch is free for others. */
  protected afterRelease(): void {}
}

const LATCH_LABELS = ["latch S", "latch X"] as const;
const TRY_LABELS = ["try S", "try X"] as const;
