import { realNowMs, realSleep } from "../../task/driver-real-time.ts";
import { assert } from "../../task/index.ts";
import { decidePart, type PartAsked, type PartDecision, type SearchSetting } from "../check.ts";
import {
  Budget,
  type BudgetLimits,
  type GivenUp,
  MEMORY_BYTES_DEFAULT,
  plainRegisterOf,
  type Problem,
  registerOf,
} from "../search/index.ts";
import { Tally } from "./tally.ts";
import { TeamWorker } from "./team-worker.ts";

/**
 * On what terms workers start. They decide how long a check takes, never what it finds.
 *
 * A worker costs some 0.3 s of processor time before its code runs as fast as that of a thread that
 * has warmed up. So much has to be small beside what is left.
 */
export interface Terms {
  /** Milliseconds that were searched, and that the rest will take at the same pace. */
  readonly spentMs: number;
  readonly restMs: number;
  /** The file that a worker runs. */
  readonly worker: URL;
}

export const DEFAULT_TERMS: Terms = {
  spentMs: 500,
  restMs: 1000,
  worker: new URL("./worker.js", import.meta.url),
};

const POLL_MS = 1;
/** No thread has begun with the part. */
const FREE = 0;
/** One has. */
const TAKEN = 1;
/** It is for this thread: it is no register, or did not fit into the memory beside others. */
const OURS = 2;

/** The threads of one check: this one, which is thread 0, and workers once they pay. */
export class Team {
  /** Of the check, and of the parts that this thread decides. */
  readonly budget: Budget;
  readonly #threads: number;
  readonly #memoryBytes: number;
  readonly #setting: SearchSetting;
  readonly #terms: Terms;
  readonly #tally: Tally;
  readonly #workers: TeamWorker[] = [];
  /** The parts in their order, and what is known of each. */
  #problems: readonly Problem[] = [];
  #states = new Uint8Array(0);
  /** No part before this one is free; events of those that are; parts that are ours. */
  #firstFree = 0;
  #freeEvents = 0;
  readonly #ours: number[] = [];
  readonly #decisions = new Map<number, PartDecision>();
  /** The part that is asked for, and the one that this thread decides; -1 if none. */
  #asked = 0;
  #own = -1;
  /** Why nothing more will be decided, once that is so. */
  #givenUp: GivenUp | null = null;
  /** Events of parts that were decided before they are asked for. */
  #eventsAhead = 0;
  /** Milliseconds that this thread spent on parts but the present one, and events it passed. */
  #spentMs = 0;
  #spentEvents = 0;
  #beganAt = 0;

  constructor(threads: number, limits: BudgetLimits, setting: SearchSetting, terms: Terms) {
    this.budget = new TeamBudget(limits, this);
    this.#threads = threads;
    this.#memoryBytes = limits.memoryBytes ?? MEMORY_BYTES_DEFAULT;
    this.#setting = setting;
    this.#terms = terms;
    this.#tally = new Tally(threads);
  }

  /** Decides a part, unless a worker is at it: then null, and `decide` waits for it. */
  decideAtOnce({ problems, at }: PartAsked): PartDecision | null {
    if (problems !== this.#problems) this.#load(problems);
    this.#asked = at;
    this.#collect();
    if (this.#states[at] !== TAKEN) this.#search(at);
    return this.#takeDecision();
  }

  /** Decides the part that was asked for last; others while a worker is at that. */
  async decide(): Promise<PartDecision> {
    for (;;) {
      this.#collect();
      if (this.#states[this.#asked] !== TAKEN) this.#search(this.#asked);
      const decision = this.#takeDecision();
      if (decision !== null) return decision;
      this.#feed();
      const next = this.#nextPart();
      if (next >= 0) this.#search(next);
      else {
        this.budget.spent(0, 0);
        await realSleep(POLL_MS);
        for (const worker of this.#workers) worker.throwFault();
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  /**
   * Called many times a second while this thread searches: true if its result is no longer needed.
   */
  attend(bytes: number, event: number): boolean {
    if (this.#own < 0) return false;
    this.#tally.note(0, event, bytes);
    if (this.#workers.length === 0 && this.#isWorthwhile(event)) this.#start();
    this.#collect();
    this.#feed();
    return this.#tally.isBeaten(this.#own);
  }

  /** Called when time is up, or the check was cancelled. */
  stop(reason: GivenUp): void {
    this.#givenUp ??= reason;
    this.#tally.stop();
  }

  /** Events that were passed of parts that the check does not know decided, besides our own. */
  get eventsElsewhere(): number {
    let events = this.#eventsAhead;
    for (const { thread, isIdle } of this.#workers) {
      if (!isIdle) events += this.#tally.eventsOf(thread);
    }
    return events;
  }

  #load(problems: readonly Problem[]): void {
    this.#problems = problems;
    this.#states = new Uint8Array(problems.length);
    this.#firstFree = 0;
    this.#freeEvents = 0;
    this.#ours.length = 0;
    for (const [at, problem] of problems.entries()) {
      if (registerOf(problem) === null) this.#giveUs(at);
      else this.#freeEvents += problem.part.events.length;
    }
  }

  #giveUs(at: number): void {
    this.#states[at] = OURS;
    this.#ours.push(at);
  }

  /** Whether workers pay: enough was spent to know the pace, and enough is left at that pace. */
  #isWorthwhile(event: number): boolean {
    const { spentMs, restMs } = this.#terms;
    const spent = this.#spentMs + realNowMs() - this.#beganAt;
    if (spent < spentMs || this.#freeEvents === 0) return false;
    const events = this.#spentEvents + event;
    return spent * this.#freeEvents >= restMs * events;
  }

  #start(): void {
    const free = this.#states.filter((state) => state === FREE).length;
    const setting = { ...this.#setting, ranks: this.#setting.ranks.map(sharedCopy) };
    const { shared } = this.#tally;
    for (let thread = 1; thread < this.#threads && thread <= free; thread++) {
      const common = { thread, threads: this.#threads, shared, setting };
      const start = { ...common, memoryBytes: this.#memoryBytes };
      this.#workers.push(new TeamWorker(this.#terms.worker, start));
    }
  }

  /** Sends parts to the workers that wait for one. */
  #feed(): void {
    for (const worker of this.#workers) {
      if (!worker.isIdle) continue;
      const at = this.#nextFree();
      const problem = this.#problems[at];
      const register = problem === undefined ? null : registerOf(problem);
      if (problem === undefined || register === null) return;
      this.#take(at);
      worker.send({ at, plain: plainRegisterOf(problem.part, register) });
    }
  }

  /** Takes in what workers have found. */
  #collect(): void {
    for (const worker of this.#workers) {
      const answer = worker.answer();
      if (answer === null) continue;
      const { at, found, order, explored } = answer;
      // It may fit once others are done: that is tried here, with the memory for all of them.
      if (answer.isShort) this.#giveUs(at);
      else if (found.kind === "yes") {
        this.#decided(at, { found: { kind: "yes", order: Array.from(order) }, explored });
      } else if (found.kind === "no") this.#decided(at, { found, explored });
      else if (this.#givenUp !== null) {
        this.#decided(at, { found: { ...found, reason: this.#givenUp }, explored });
      } else assert(this.#tally.isBeaten(at), "a worker stops early only if asked to");
    }
  }

  /** The next part that no thread has begun with and that may be asked for; -1 if none. */
  #nextFree(): number {
    while (this.#firstFree < this.#states.length && this.#states[this.#firstFree] !== FREE) {
      this.#firstFree++;
    }
    const isThere = this.#firstFree < this.#states.length;
    return isThere && !this.#tally.isBeaten(this.#firstFree) ? this.#firstFree : -1;
  }

  /** The next part for this thread, ahead of the one that is asked for. */
  #nextPart(): number {
    const free = this.#nextFree();
    if (free >= 0) return free;
    const ours = this.#ours.findIndex((at) => this.#states[at] === OURS);
    const at = this.#ours[ours] ?? -1;
    this.#ours.splice(0, ours + 1);
    return at >= 0 && !this.#tally.isBeaten(at) ? at : -1;
  }

  #take(at: number): void {
    if (this.#states[at] === FREE) this.#freeEvents -= this.#eventsOf(at);
    this.#states[at] = TAKEN;
  }

  #search(at: number): void {
    this.#take(at);
    this.#own = at;
    this.#beganAt = realNowMs();
    const decision = decidePart(this.#problems[at], this.#setting, this.budget);
    this.#own = -1;
    this.#spentMs += realNowMs() - this.#beganAt;
    this.#spentEvents += this.#eventsOf(at);
    this.#tally.note(0, 0, 0);
    this.#decided(at, decision);
  }

  #decided(at: number, decision: PartDecision): void {
    this.#decisions.set(at, decision);
    this.#eventsAhead += this.#eventsOf(at);
    if (decision.found.kind === "no") this.#tally.noteNo(at);
  }

  #takeDecision(): PartDecision | null {
    const decision = this.#decisions.get(this.#asked);
    if (decision === undefined) return null;
    this.#decisions.delete(this.#asked);
    this.#eventsAhead -= this.#eventsOf(this.#asked);
    return decision;
  }

  #eventsOf(at: number): number {
    return this.#problems[at]?.part.events.length ?? 0;
  }
}

/** Time, memory and progress as for one thread, with a look at the others whenever it is asked. */
class TeamBudget extends Budget {
  readonly #team: Team;

  constructor(limits: BudgetLimits, team: Team) {
    super(limits);
    this.#team = team;
  }

  override spent(bytes: number, event: number): GivenUp | null {
    if (this.#team.attend(bytes, event)) return "interrupted";
    const reason = super.spent(bytes, event + this.#team.eventsElsewhere);
    if (reason !== null && reason !== "memory") this.#team.stop(reason);
    return reason;
  }
}

function sharedCopy(column: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}
