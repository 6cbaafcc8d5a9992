import { areCompatible, EXCLUSIVE, LatchGuard, type Mode, SHARED } from "../latch/index.ts";
import { ACCESS_READ, assert, HOLDS_AFTER_WAIT, HOLDS_NOTHING, type Step } from "../task/index.ts";

/** One acquire that may have waited while other things were held. */
interface Edge {
  readonly task: number;
  readonly wanted: Hold;
  readonly held: readonly Hold[];
}

interface Hold {
  readonly node: number;
  readonly mode: Mode;
}

/** Two or more acquires of different tasks that would close a cycle in another interleaving. */
export interface PredictedDeadlock {
  readonly members: readonly PredictedMember[];
}

/** One side of a predicted deadlock: a task that held one object and asked for another. */
export interface PredictedMember {
  readonly task: number;
  readonly heldObject: number;
  readonly wantedObject: number;
}

const INCARNATION_STEP = 0x10_0000;
const EDGE_COLUMNS = 4;
const NODE_COLUMNS = 2;

/**
 * Who held what when they asked for more, over one run: the lock-order graph (Havelund's Goodlock).
 *
 * A cycle of edges from different tasks, in modes that conflict and with no common gate, is a
 * deadlock that another interleaving of a run that went well could have had. A page id that was
 * freed and reused is two nodes, by its incarnation. Recording costs a few array writes an acquire;
 * the search for cycles is made only when asked for.
 *
 * Left out: orders that a spawn or a join imposes, so a prediction there can be a false alarm.
 */
export class OrderGraph {
  readonly #held: HeldSteps[] = [];
  #log = new Int32Array(256);
  #logged = 0;

  /** Starts a new run. */
  reset(): void {
    for (const held of this.#held) held.count = 0;
    this.#logged = 0;
  }

  /** Notes a step that a task has taken. */
  taken(task: number, step: Step): void {
    if (step.holding === HOLDS_NOTHING) return;
    const held = this.#held[task] ?? this.#extendTo(task);
    if (held.count === 0) held.push(step);
    else this.#takenToo(task, step, held);
  }

  /** Notes that a task released what it held through this step. */
  released(task: number, step: Step): void {
    this.#held[task]?.remove(step);
  }

  /** Notes that a task was dropped with all that it held. */
  stopped(task: number): void {
    const held = this.#held[task];
    if (held !== undefined) held.count = 0;
  }

  /** The steps through which a task holds what it holds, oldest first. */
  heldBy(task: number): readonly Step[] {
    return this.#held[task]?.toArray() ?? [];
  }

  /**
   * Looks for a cycle that this run's acquires could have closed. Linear in the acquires, as long
   * as few of them ask for what another task held: those that are the same count once.
   */
  predict(): PredictedDeadlock | null {
    const edges = this.#edges();
    const holding = edges.length > FEW_EDGES ? byHeldNode(edges) : null;
    for (const first of edges) {
      const found = extend([first], edges, holding);
      if (found !== null) return { members: describe(found) };
    }
    return null;
  }

  /** Notes a step that a task has taken while it held others. */
  #takenToo(task: number, step: Step, held: HeldSteps): void {
    if (step.holding === HOLDS_AFTER_WAIT) this.#record(task, step, held);
    held.add(step);
  }

  #extendTo(task: number): HeldSteps {
    for (;;) {
      const held = this.#held[task];
      if (held !== undefined) return held;
      this.#held.push(new HeldSteps());
    }
  }

  #record(task: number, step: Step, held: HeldSteps): void {
    const columns = EDGE_COLUMNS + NODE_COLUMNS * held.count;
    if (this.#logged + columns > this.#log.length) this.#growLog(columns);
    const log = this.#log;
    let at = this.#logged;
    log[at++] = task;
    log[at++] = nodeOf(step);
    log[at++] = modeOf(step);
    log[at++] = held.count;
    for (let i = 0; i < held.count; i++) {
      const one = held.at(i);
      log[at++] = nodeOf(one);
      log[at++] = modeBefore(step, one);
    }
    this.#logged = at;
  }

  #growLog(columns: number): void {
    const larger = new Int32Array(2 * (this.#logged + columns));
    larger.set(this.#log);
    this.#log = larger;
  }

  #edges(): Edge[] {
    const edges: Edge[] = [];
    const log = this.#log;
    const seen = new Set<string>();
    for (let at = 0; at < this.#logged;) {
      const count = log[at + 3] ?? 0;
      const end = at + EDGE_COLUMNS + NODE_COLUMNS * count;
      // To know each by its text costs more than to compare few of them with each other.
      if (edges.length <= FEW_EDGES || isNew(seen, log.subarray(at, end).join())) {
        edges.push(edgeAt(log, at, count));
      }
      at = end;
    }
    return edges;
  }
}

/**
 * The steps through which one task holds things, oldest first. In place of an array that is pushed
 * and popped: V8 gives an emptied array's memory back, only to fetch it again at the next push.
 */
class HeldSteps {
  readonly #steps: Step[] = [];
  count = 0;

  at(index: number): Step {
    const step = this.#steps[index];
    assert(step !== undefined && index < this.count, "a held step is asked for by its index");
    return step;
  }

  /** Adds a step. Requires: it is not among them. */
  push(step: Step): void {
    this.#steps[this.count++] = step;
  }

  /** Adds a step, unless it is among them. */
  add(step: Step): void {
    if (this.#indexOf(step) < 0) this.push(step);
  }

  remove(step: Step): void {
    const last = this.count - 1;
    if (last >= 0 && this.#steps[last] === step) this.count = last;
    else this.#removeOlder(step);
  }

  toArray(): Step[] {
    return this.#steps.slice(0, this.count);
  }

  #removeOlder(step: Step): void {
    const at = this.#indexOf(step);
    if (at < 0) return;
    this.count--;
    for (let i = at; i < this.count; i++) this.#steps[i] = this.#steps[i + 1] ?? step;
  }

  /** Little is held at a time, so a plain loop from the newest beats the built-in searches. */
  #indexOf(step: Step): number {
    let at = this.count - 1;
    while (at >= 0 && this.#steps[at] !== step) at--;
    return at;
  }
}

function nodeOf(step: Step): number {
  return step.objectId + INCARNATION_STEP * step.incarnation;
}

/** A latch is held in its mode; whatever else is held, readers share and a writer does not. */
function modeOf(step: Step): Mode {
  if (step instanceof LatchGuard) return step.mode;
  return step.access === ACCESS_READ ? SHARED : EXCLUSIVE;
}

/** In which mode a task held something when it took a step, which may be the upgrade of that. */
function modeBefore(taken: Step, held: Step): Mode {
  return held === taken && held instanceof LatchGuard ? held.modeBefore : modeOf(held);
}

function holdAt(log: Int32Array, at: number): Hold {
  return { node: log[at] ?? 0, mode: (log[at + 1] ?? EXCLUSIVE) as Mode };
}

function edgeAt(log: Int32Array, at: number, count: number): Edge {
  const held: Hold[] = [];
  for (let i = 0; i < count; i++) held.push(holdAt(log, at + EDGE_COLUMNS + NODE_COLUMNS * i));
  return { task: log[at] ?? 0, wanted: holdAt(log, at + 1), held };
}

function isNew(seen: Set<string>, text: string): boolean {
  const { size } = seen;
  return seen.add(text).size > size;
}

/** By a node that they hold, the edges in their order. */
type EdgesByNode = ReadonlyMap<number, readonly Edge[]>;

function byHeldNode(edges: readonly Edge[]): EdgesByNode {
  const found = new Map<number, Edge[]>();
  for (const edge of edges) {
    for (const node of new Set(edge.held.map((hold) => hold.node))) {
      const known = found.get(node);
      if (known === undefined) found.set(node, [edge]);
      else known.push(edge);
    }
  }
  return found;
}

const NO_EDGES: readonly Edge[] = [];
/** So many edges are compared with each other, and no order is made among them. */
const FEW_EDGES = 64;
const CYCLE_LENGTH_MAX = 4;

/**
 * Grows a chain of edges, each wanting what the next holds, until it closes.
 *
 * @param holding All edges by what they hold; null if each is to be looked at.
 */
function extend(
  chain: readonly Edge[],
  edges: readonly Edge[],
  holding: EdgesByNode | null,
): readonly Edge[] | null {
  const last = chain.at(-1);
  const first = chain[0];
  if (last === undefined || first === undefined) return null;
  if (chain.length > 1 && waitsFor(last, first)) return chain;
  if (chain.length === CYCLE_LENGTH_MAX) return null;
  const candidates = holding === null ? edges : (holding.get(last.wanted.node) ?? NO_EDGES);
  for (const next of candidates) {
    // The chain begins with its lowest task, so that each cycle is looked at once.
    if (next.task <= first.task || chain.some((edge) => !areIndependent(edge, next))) continue;
    if (!waitsFor(last, next)) continue;
    const found = extend([...chain, next], edges, holding);
    if (found !== null) return found;
  }
  return null;
}

function waitsFor(waiting: Edge, holding: Edge): boolean {
  return holding.held.some((hold) => conflict(hold, waiting.wanted));
}

/** Whether two tasks could be at these points at once: nothing held by both keeps them apart. */
function areIndependent(a: Edge, b: Edge): boolean {
  if (a.task === b.task) return false;
  return !a.held.some((mine) => b.held.some((theirs) => conflict(mine, theirs)));
}

function conflict(a: Hold, b: Hold): boolean {
  return a.node === b.node && !areCompatible(a.mode, b.mode);
}

function describe(chain: readonly Edge[]): PredictedMember[] {
  return chain.map((edge, i) => {
    const before = chain[(i + chain.length - 1) % chain.length];
    const held = edge.held.find((hold) => before !== undefined && conflict(hold, before.wanted));
    return {
      task: edge.task,
      heldObject: (held?.node ?? 0) % INCARNATION_STEP,
      wantedObject: edge.wanted.node % INCARNATION_STEP,
    };
  });
}
