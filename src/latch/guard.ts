import {
  type Access,
  ACCESS_READ,
  ACCESS_WRITE,
  assert,
  type Fact,
  HOLDS_AFTER_TRY,
  HOLDS_AFTER_WAIT,
  HOLDS_NOTHING,
  InvariantViolation,
  type LatchFact,
  type LatchFactKind,
  Step,
  type TaskId,
} from "../task/index.ts";
import type { Latch, LatchRequest } from "./latch.ts";
import { areCompatible, EXCLUSIVE, type Mode, modeLetter, SHARED } from "./mode.ts";

/** The state of a guard, from its request to its release. */
export type GuardState =
  | "idle"
  | "fetching"
  | "wanted"
  | "queued"
  | "granted"
  | "held"
  | "refused"
  | "released";

/** What a latch protects, on its way into memory; a page's fetch, for instance. */
export interface Arrival {
  /** As {@link Step.dueAtMs}. */
  readonly dueAtMs: number;
  isEnabled(task: TaskId): boolean;
  /** False if it is not there yet after all; then `isEnabled` says when to ask again. */
  take(task: TaskId): boolean;
  /** `step` is to be woken once the arrival is enabled. */
  join(step: Step): void;
}

/** What a guard asks of whoever runs the tasks. */
export interface GuardDriver {
  /** Returns true if the driver carries the release out later, as a step of its own. */
  releasing(guard: LatchGuard): boolean;
  /** A queued guard was granted; its task can go on. */
  granted(guard: LatchGuard): void;
  /** As `Host.isTold` and `Host.tell`. */
  readonly isTold: boolean;
  tell(fact: Fact): void;
}

/** The task that a guard belongs to, as the guard sees it. */
export interface GuardOwner {
  readonly taskId: TaskId;
  readonly driver: GuardDriver;
  /** Its guards in state `held`, oldest first. */
  readonly held: LatchGuard[];
  /** Asks to hold exclusively what is held shared. Two that do so at once wait for ever. */
  upgrade(guard: LatchGuard, site: string): void;
  /** Takes a guard off the list of what is held. For {@link LatchGuard} only. */
  forget(guard: LatchGuard): void;
  /** Reports if waiting for a latch breaks the order. For {@link LatchGuard} only. */
  checkOrder(wanted: LatchGuard): void;
}

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
 *
 * What the latch protects may have to be brought into memory first. Then the guard is `fetching`
 * while it comes, and asks for the latch only once it is there, pinned by {@link attach}: neither
 * the latch order nor anybody who holds the latch need care for what is not in memory.
 */
export class LatchGuard extends Step implements LatchRequest {
  readonly owner: GuardOwner;
  /** Whether the task must yield this guard before it goes on. */
  pending = false;
  state: GuardState = "idle";
  mode: Mode = SHARED;
  /** Where in the protocol it was asked for, as `left sibling`. */
  site = "";
  /** Whether the owner already holds the latch in a weaker mode and asks for X. */
  isUpgrade = false;
  /** Whether what it protects was made by the owner and is known to nobody else. */
  isFresh = false;
  #latch: Latch | null = null;
  #isTry = false;
  /** The mode in which it is held while an upgrade waits. */
  #weaker: Mode = SHARED;
  #arrival: Arrival | null = null;

  constructor(owner: GuardOwner) {
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

  get isQueued(): boolean {
    return this.state === "queued";
  }

  /** Whether this is a try-latch, for which being refused is an outcome. */
  get isTry(): boolean {
    return this.#isTry;
  }

  /** Makes the guard a request. For LatchOwner only. */
  prepare(latch: Latch, mode: Mode, site: string, isTry: boolean): void {
    assert(this.state !== "held" && this.state !== "queued", "a guard in use is not asked again");
    this.#arrival = null;
    this.#latch = latch;
    latch.claims++;
    this.#isTry = isTry;
    this.mode = mode;
    this.site = site;
    this.isUpgrade = false;
    this.isFresh = false;
    this.objectId = latch.objectId;
    // Two grants commute if their modes fit; two of U do not, and an access knows no third kind.
    this.access = areCompatible(mode, mode) ? ACCESS_READ : ACCESS_WRITE;
    this.incarnation = latch.incarnation;
    this.holding = isTry ? HOLDS_AFTER_TRY : HOLDS_AFTER_WAIT;
    this.state = "wanted";
    this.pending = true;
  }

  /** Turns a guard held in S or U into a request for X. For LatchOwner only. */
  prepareUpgrade(site: string): void {
    assert(this.state === "held" && this.mode !== EXCLUSIVE, "only a holder in S or U upgrades");
    this.site = site;
    this.#weaker = this.mode;
    this.mode = EXCLUSIVE;
    this.isUpgrade = true;
    this.#isTry = false;
    this.access = ACCESS_WRITE;
    this.state = "wanted";
    this.pending = true;
    // Until it is granted, the latch still lists the guard in the weaker mode: see heldMode.
  }

  /** Pins what the latch protects, or begins to bring it in. For LatchOwner only. */
  reach(): boolean {
    if (this.attach()) return true;
    const arrival = this.fetch();
    this.#arrival = arrival;
    this.state = "fetching";
    this.dueAtMs = arrival.dueAtMs;
    arrival.join(this);
    return false;
  }

  override isEnabled(task: TaskId): boolean {
    if (this.#arrival !== null) {
      this.dueAtMs = this.#arrival.dueAtMs;
      return this.#arrival.isEnabled(task);
    }
    if (this.state === "granted" || this.#isTry) return true;
    if (this.state === "queued") return false;
    return this.latch.canGrant(this) || this.latch.arrivalMatters(this.mode);
  }

  override take(task: TaskId): boolean {
    if (this.state === "granted") {
      this.settle();
      return true;
    }
    if (this.#arrival !== null && !this.#arrive(this.#arrival, task)) return false;
    if (this.#isTry) return this.#takeOrRefuse();
    const latch = this.latch;
    if (latch.canGrant(this)) {
      latch.grant(this);
      if (this.owner.driver.isTold) this.tell(this.isUpgrade ? "latch-upgraded" : "latch-granted");
      this.settle();
      return true;
    }
    if (latch.arrivalMatters(this.mode)) this.#queue();
    return false;
  }

  /** Joins the latch's queue, whatever its fairness, so that a release hands the latch over. */
  override park(_task: TaskId): void {
    if (this.state === "wanted" && !this.#isTry) this.#queue();
  }

  /** A guard that is in no queue is handed nothing: whoever did not park it asks again. */
  override needsWake(_task: TaskId): boolean {
    return this.state !== "wanted";
  }

  override get latchMode(): string {
    return modeLetter(this.mode);
  }

  override get waitsWhileHeld(): boolean {
    return !this.#isTry && !this.latch.arrivalMatters(this.mode);
  }

  override canTake(_task: TaskId): boolean {
    if (this.#arrival !== null) return true;
    return this.state === "granted" || this.#isTry || this.latch.canGrant(this);
  }

  /** How its release touches the latch: like the grant, for two shared ones commute. */
  get releaseAccess(): Access {
    return this.mode === SHARED ? ACCESS_READ : ACCESS_WRITE;
  }

  override collectBlockers(_task: TaskId, into: TaskId[]): void {
    // A try-latch goes on whatever others hold: it waits for nobody and closes no cycle.
    if (this.#isTry) return;
    if (this.state === "wanted" || this.state === "queued") this.latch.collectBlockers(this, into);
  }

  /** Called by the latch when a release hands it to this guard. */
  handedOver(): void {
    if (this.owner.driver.isTold) this.tell(this.isUpgrade ? "latch-upgraded" : "latch-granted");
    this.state = "granted";
    this.owner.driver.granted(this);
  }

  /** Makes a granted guard held. For LatchOwner and drivers only. */
  settle(): void {
    this.state = "held";
    this.pending = false;
    if (!this.isUpgrade) {
      this.owner.held.push(this);
      this.latch.use.holds(this.owner.held.length);
    }
    this.isUpgrade = false;
    this.opened();
  }

  /**
   * Why the guard gives no right to what it protects, and what to write; empty if it is held. To be
   * put after what was done with it, as in `page 3 was used`.
   */
  get whyShut(): string {
    switch (this.state) {
      case "held":
        return "";
      case "idle":
        return "before its latch was asked for";
      case "refused":
        return "though its try-latch was refused; look at isHeld first";
      case "released":
        return "after its latch was released; release it after its last use";
      case "fetching":
      case "wanted":
      case "queued":
      case "granted":
        return `before its latch was held; after asking for it write "${YIELD_IT}"`;
    }
  }

  /**
   * Releases the latch. What it protected can no longer be reached through this guard.
   *
   * @throws InvariantViolation `double-release` for a guard that was released before, and
   *   `latch-misuse` for one that never was held: a guard is released exactly once.
   */
  release(): void {
    if (this.state !== "held") this.#refuseRelease();
    this.state = "released";
    this.owner.forget(this);
    this.closed();
    if (!this.owner.driver.releasing(this)) this.finishRelease();
  }

  /** Carries out a release that the driver may have deferred. */
  finishRelease(): void {
    const { latch } = this;
    if (this.owner.driver.isTold) this.tell("latch-released");
    latch.release(this);
    latch.claims--;
    this.detach();
    this.afterRelease();
  }

  /** Releases on leaving a `using` block, unless that was done by hand. */
  [Symbol.dispose](): void {
    if (this.state === "held") this.release();
  }

  override fact(): LatchFact {
    return this.#factOf("latch-ask");
  }

  /** Reports what came of the request. For {@link LatchOwner} only. Requires: somebody listens. */
  tell(kind: LatchFactKind): void {
    this.owner.driver.tell(this.#factOf(kind));
  }

  /** The mode in which it is held: until an upgrade is granted, that is still the weaker one. */
  get heldMode(): Mode {
    return this.isUpgrade ? this.#weaker : this.mode;
  }

  /** The mode in which it was held until its upgrade was granted. Requires: it was upgraded. */
  get modeBefore(): Mode {
    return this.#weaker;
  }

  /** Forgets everything, for a driver that starts over. */
  reset(): void {
    this.#arrival = null;
    this.state = "idle";
    this.pending = false;
    this.isUpgrade = false;
    this.closed();
  }

  /** Hook: pins what the latch protects; false if it is not in memory. */
  protected attach(): boolean {
    return true;
  }

  /** Hook: unpins it. */
  protected detach(): void {}

  /** Hook: begins to bring in what the latch protects. Requires: it is not in memory. */
  protected fetch(): Arrival {
    throw new InvariantViolation("nothing has to be brought in for a bare latch");
  }

  /** Hook: whether a try-latch is refused, since what it was meant for is void already. */
  protected isMoot(): boolean {
    return false;
  }

  /** Hook: the latch is held from now on. */
  protected opened(): void {}

  /** Hook: the latch is no longer held. */
  protected closed(): void {}

  /** Hook: what the latch is called where its guard is misused. */
  protected latchName(): string {
    return `latch ${this.#latch?.id ?? "?"}`;
  }

  /** Hook: the latch is free for others. */
  protected afterRelease(): void {}

  #refuseRelease(): never {
    const what = `${this.latchName()} (${this.site}) was released`;
    if (this.state !== "released") {
      throw new InvariantViolation(`${what} ${this.whyShut}`, "latch-misuse");
    }
    const advice = "release each guard once, and let one place do it";
    throw new InvariantViolation(`${what} twice; ${advice}`, "double-release");
  }

  #factOf(kind: LatchFactKind): LatchFact {
    const { isUpgrade, site } = this;
    return {
      kind,
      latch: this.latch.id,
      objectId: this.latch.objectId,
      task: this.owner.taskId,
      mode: modeLetter(this.mode),
      heldMode: isUpgrade ? modeLetter(this.heldMode) : null,
      site,
      isTry: this.#isTry,
      isFetching: this.#arrival !== null,
    };
  }

  #queue(): void {
    if (this.owner.driver.isTold) this.tell("latch-queued");
    this.latch.enqueue(this);
    this.state = "queued";
  }

  #takeOrRefuse(): boolean {
    // Being refused is always allowed, and bringing a page in is nothing to try.
    if (this.attach()) {
      if (this.latch.canGrant(this) && !this.isMoot()) {
        this.latch.grant(this);
        if (this.owner.driver.isTold) this.tell("latch-granted");
        this.settle();
        return true;
      }
      this.detach();
    }
    if (this.owner.driver.isTold) this.tell("latch-refused");
    this.latch.use.refusals++;
    this.latch.claims--;
    this.state = "refused";
    this.holding = HOLDS_NOTHING;
    this.pending = false;
    return true;
  }

  /** Takes what was to be brought in; afterwards the guard is as one that found it in memory. */
  #arrive(arrival: Arrival, task: TaskId): boolean {
    // Should the fetch fail, nothing is held, pinned or awaited.
    this.#arrival = null;
    this.state = "idle";
    if (!this.#takeArrival(arrival, task)) {
      this.#arrival = arrival;
      this.state = "fetching";
      return false;
    }
    this.state = "wanted";
    this.dueAtMs = Number.POSITIVE_INFINITY;
    // It may have been evicted again, by whoever else was woken: then it is read anew.
    if (!this.reach()) return false;
    this.owner.checkOrder(this);
    return true;
  }

  #takeArrival(arrival: Arrival, task: TaskId): boolean {
    try {
      return arrival.take(task);
    } catch (error) {
      this.latch.claims--;
      throw error;
    }
  }
}

/** The line that is forgotten most easily after asking for a latch. */
const YIELD_IT = "if (page.pending) yield page;";
