import { type Access, assert, DiskRequest, type FileFact, type Step } from "../../task/index.ts";
import { betrayAwaiting, type StepHome } from "../blocks/awaited.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Work } from "./device.ts";

/** What a request asks for. */
export interface Errand<T> {
  readonly fact: FileFact;
  readonly access: Access;
  readonly work: Work;
  /** Carries the request out, or throws the fault it meets. */
  readonly perform: () => T;
  /** For a change: makes it without faults, as a crash may find it made though it was not taken. */
  readonly happenAnyway?: () => void;
}

/** One request to a simulated disk: carried out when it is taken, which a crash may prevent. */
export class SimDiskRequest<T> extends DiskRequest<T> {
  readonly errand: Errand<T>;
  readonly #scheduler: Scheduler;
  readonly #readyAtMs: number;
  readonly #taken: (request: SimDiskRequest<unknown>) => void;
  readonly #home: StepHome | null;
  #outcome: { readonly value: T } | null = null;

  static {
    betrayAwaiting(SimDiskRequest.prototype, (step) => ({ step, home: step.#home }));
  }

  /** @param taken Called just before the request is carried out; throws if it cannot be. */
  constructor(
    errand: Errand<T>,
    objectId: number,
    scheduler: Scheduler,
    readyAtMs: number,
    taken: (request: SimDiskRequest<unknown>) => void,
    home: StepHome | null,
  ) {
    super();
    this.errand = errand;
    this.objectId = objectId;
    this.access = errand.access;
    this.#scheduler = scheduler;
    this.#readyAtMs = readyAtMs;
    this.dueAtMs = readyAtMs > 0 ? readyAtMs : Number.POSITIVE_INFINITY;
    this.#taken = taken;
    this.#home = home;
  }

  /** Whether it hangs for ever. */
  get isStuck(): boolean {
    return this.#readyAtMs === Number.POSITIVE_INFINITY;
  }

  override get value(): T {
    assert(this.#outcome !== null, "a request's value is there once it was taken");
    return this.#outcome.value;
  }

  override isEnabled(): boolean {
    return this.#readyAtMs === 0 || this.#scheduler.timeMs >= this.#readyAtMs;
  }

  /** The disk itself sees when a request ends. */
  override needsWake(): boolean {
    return false;
  }

  override join(step: Step): void {
    if (!this.isEnabled()) this.#scheduler.wakeAt(step, this.#readyAtMs);
  }

  override take(): boolean {
    this.#taken(this);
    this.#outcome = { value: this.errand.perform() };
    return true;
  }

  override fact(): FileFact {
    return this.errand.fact;
  }
}
