import { OptimisticPage, PageGuard } from "../../src/btree/index.ts";
import {
  type LatchDriver,
  LatchGuard,
  type LatchObjects,
  type LatchOwner,
  type OrderBreach,
} from "../../src/latch/index.ts";
import {
  assert,
  type Host,
  InvariantViolation,
  LatchworkError,
  type Sleep,
  type Step,
  taskId,
} from "../../src/task/index.ts";
import { CacheLines } from "./cache-lines.ts";
import { Client, type Work } from "./client.ts";
import { type CoreCounts, noCounts } from "./core-counts.ts";
import type { CostModel } from "./cost-model.ts";
import { EventQueue, type Happening } from "./event-queue.ts";
import { Prices } from "./prices.ts";
import { isVersionTaken } from "./step-pages.ts";
import { VirtualSleep } from "./virtual-sleep.ts";

/** The shortest sleep: a turn of the others. */
const TURN_NS = 1_000;
const NS_A_MS = 1_000_000;

/**
 * A machine with so many cores, in virtual time, that runs the engine's own code.
 *
 * A client runs on a core until its next step must wait; then the core goes to the client that has
 * been ready for longest. Between two steps its code runs at one moment, and what it did is paid
 * for afterwards, before the next step is taken: so much for each page that was come to, each
 * change, each line that was not in the core's cache. Latches are given back in between, each at
 * the moment up to which the client has paid. Whatever two cores do at one moment happens in the
 * order in which it was asked for, so that a run is the same everywhere.
 */
export class ManyCores implements LatchDriver, Host {
  readonly eager = false;
  readonly isTold = false;
  readonly costs: CostModel;
  readonly counts: CoreCounts = noCounts();
  readonly #events = new EventQueue();
  readonly #lines: CacheLines;
  /** Which cores have a client. */
  readonly #isBusy: boolean[];
  readonly #ready: Client[] = [];
  readonly #clients: Client[] = [];
  readonly #parked = new Map<Step, Client[]>();
  readonly #go = (client: Client): void => this.#advance(client);
  #objects = 0;
  #nowNs = 0;
  /** Whose code runs now. */
  #current: Client | null = null;
  readonly #prices: Prices;

  constructor(cores: number, costs: CostModel) {
    this.costs = costs;
    this.#prices = new Prices(costs, this.counts);
    this.#lines = new CacheLines(cores, costs.transferNs);
    this.#isBusy = Array.from({ length: cores }, () => false);
  }

  /** The time, and where a client's code runs, what that has taken so far, but for lines. */
  get timeNs(): number {
    return this.#nowNs + (this.#current?.bill.workNs ?? 0);
  }

  /** Adds a client; it begins once a core is free. */
  add(work: Work): void {
    const id = taskId(this.#clients.length);
    const core = this.#clients.length % this.#isBusy.length;
    const client = new Client(id, core, work, this.#go);
    this.#clients.push(client);
    this.#makeReady(client);
  }

  /** Cache lines moved between cores so far. */
  get transfers(): number {
    return this.#lines.transfers;
  }

  /** Runs until nothing happens any more, or `isOver` says so. */
  run(isOver: () => boolean): void {
    while (!isOver()) {
      const next = this.#events.take();
      if (next === null) return;
      this.#nowNs = next.atNs;
      next.what.happen();
    }
  }

  /** Has something happen after so long. */
  after(ns: number, what: Happening): void {
    this.#events.put(this.timeNs + ns, what);
  }

  /** A page was pinned: with no latch of its own, that is a visit. */
  pinned(page: number): void {
    if (this.#current !== null) this.#prices.pinned.push(page);
  }

  /** A group of changes to these pages was appended to the log. */
  appended(pages: readonly number[]): void {
    if (this.#current !== null) this.#prices.append(this.#current, pages);
  }

  /** A row of a scan was handed over. */
  sawRow(): void {
    this.#current?.bill.work(this.costs.rowNs);
  }

  nowMs(): number {
    return this.timeNs / NS_A_MS;
  }

  newObject(): number {
    return 2 * this.#objects++ + 1;
  }

  touch(): void {}

  sleep(durationMs: number): Sleep {
    const ns = Math.max(TURN_NS, Math.ceil(durationMs * NS_A_MS));
    return new VirtualSleep(this, this.timeNs + ns);
  }

  pauseIfDue(): null {
    return null;
  }

  wake(step: Step): void {
    const clients = this.#parked.get(step);
    if (clients === undefined) return;
    this.#parked.delete(step);
    for (const client of clients) this.#makeReady(client);
  }

  released(): void {}

  tell(): void {}

  latchesOf(): LatchObjects {
    return { objectOf: (latch) => 2 * latch };
  }

  /** The latch is given back once what came before it is paid for. */
  releasing(guard: LatchGuard): boolean {
    const client = this.#current;
    if (client === null) return false;
    this.#prices.release(client, guard);
    return true;
  }

  granted(guard: LatchGuard): void {
    this.wake(guard);
  }

  orderBroken(_owner: LatchOwner, { rule, held, wanted }: OrderBreach): void {
    throw new InvariantViolation(`latch order: ${rule} (held ${held}, wanted ${wanted})`);
  }

  /** Gives a client a core, or has it wait for one. */
  #makeReady(client: Client): void {
    const core = this.#idleCoreFor(client);
    if (core < 0) this.#ready.push(client);
    else this.#giveCore(client, core);
  }

  #idleCoreFor(client: Client): number {
    if (this.#isBusy[client.core] === false) return client.core;
    return this.#isBusy.indexOf(false);
  }

  #giveCore(client: Client, core: number): void {
    this.#isBusy[core] = true;
    client.core = core;
    const since = client.waitsSinceNs;
    this.#events.put(this.timeNs + (since === null ? 0 : this.costs.wakeNs), client.happening);
  }

  /** The core of a client that waits, or has had its turn, goes to the next one that is ready. */
  #passOn(core: number): void {
    this.#isBusy[core] = false;
    const next = this.#ready.shift();
    if (next !== undefined) this.#giveCore(next, core);
  }

  /** Pays for what a client has done, then takes its next step and runs its code to the one after. */
  #advance(client: Client): void {
    for (;;) {
      const atNs = client.bill.pay(this.#lines, client.core, this.#nowNs);
      if (atNs !== null) {
        this.#events.put(atNs, client.happening);
        return;
      }
      const { step } = client;
      if (step === null) {
        if (!this.#goOnWithNext(client)) return;
      } else if (!client.hasAsked) {
        client.hasAsked = true;
        this.#prices.wayTo(client, step);
      } else if (!this.#takeStep(client, step)) return;
    }
  }

  /** Takes the step and runs on; false if the client waits now. */
  #takeStep(client: Client, step: Step): boolean {
    client.hasAsked = false;
    this.#current = client;
    this.#prices.pinned.length = 0;
    const isSearched = isOfSearchedPage(step);
    const isTaken = this.#take(client, step);
    if (isTaken) {
      this.#noteTaken(client, step, isSearched);
      this.#runOn(client);
    } else this.#park(client, step);
    this.#current = null;
    return isTaken;
  }

  /** Begins the next operation; false if there is none, or another client has its turn before. */
  #goOnWithNext(client: Client): boolean {
    if (client.isDone) {
      client.isDone = false;
      client.work.ended(this.#nowNs);
      if (this.#ready.length > 0) {
        this.#passOn(client.core);
        this.#ready.push(client);
        return false;
      }
    }
    client.task = client.work.next(this.#nowNs);
    client.descents = 0;
    if (client.task === null) {
      this.#passOn(client.core);
      return false;
    }
    this.#current = client;
    this.#prices.pinned.length = 0;
    this.#runOn(client);
    this.#current = null;
    return true;
  }

  #take(client: Client, step: Step): boolean {
    try {
      // A step may join a queue and be enabled at once, as a page that is read and then latched.
      while (step.isEnabled(client.id)) if (step.take(client.id)) return true;
    } catch (error) {
      if (!(error instanceof LatchworkError)) throw error;
      client.fault = error;
      return true;
    }
    return false;
  }

  #park(client: Client, step: Step): void {
    client.isHeldUp = step instanceof LatchGuard && step.state !== "fetching";
    if (client.isHeldUp && client.work.isCounted) this.counts.latchWaits++;
    client.waitsSinceNs = this.#nowNs;
    const others = this.#parked.get(step);
    if (others === undefined) this.#parked.set(step, [client]);
    else others.push(client);
    step.park(client.id);
    this.#passOn(client.core);
  }

  /** Counts what a step came to, and notes what has to be paid for it yet. */
  #noteTaken(client: Client, step: Step, isSearched: boolean): void {
    const { counts } = this;
    const since = client.waitsSinceNs;
    const { isCounted } = client.work;
    if (since !== null && client.isHeldUp && isCounted) counts.latchWaitNs += this.#nowNs - since;
    client.waitsSinceNs = null;
    if (step instanceof OptimisticPage) {
      this.#prices.pinned.length = 0;
      if (isVersionTaken(step)) this.#prices.descended(client, step.pageId);
      if (!step.isHeld && isCounted) counts.refusals++;
      return;
    }
    if (!(step instanceof LatchGuard)) return;
    this.#prices.pinned.length = 0;
    if (!step.isHeld) {
      if (isCounted) counts.refusals++;
      return;
    }
    if (isCounted) counts.latches++;
    counts.heldMost = Math.max(counts.heldMost, step.owner.held.length);
    if (isSearched) return;
    client.unsearched = step;
    this.#prices.descended(client, step.latch.id);
  }

  /** Runs a client's code to its next step, or to the end of its operation. */
  #runOn(client: Client): void {
    const { task, fault } = client;
    assert(task !== null, "a client that runs has an operation");
    client.fault = null;
    const next = fault === null ? task.next() : task.throw(fault);
    client.isDone = next.done === true;
    client.step = next.done === true ? null : next.value;
    this.#prices.afterCode(client);
  }
}

/** Whether it is a latch for a page that its task has looked at already: whoever upgrades has. */
function isOfSearchedPage(step: Step): boolean {
  if (!(step instanceof LatchGuard)) return false;
  return step.isUpgrade || (step instanceof PageGuard && step.expectedVersion !== null);
}
