import { type ReadonlySignal, signal } from "@preact/signals";
import { type Cost, compareCosts } from "../../index.ts";

/** What was done about a level: solved, and at what cost if something is counted. */
export interface Solved {
  readonly cost: Cost | null;
}

const STORED_AS = "latchwork-lab-levels";

/**
 * Which levels are solved. It is kept in the browser, where the page may keep something: from a
 * file or in a frame without an origin it may not, and then it lasts as long as the page.
 */
export class Progress {
  readonly #solved = signal<ReadonlyMap<string, Solved>>(stored());
  readonly solved: ReadonlySignal<ReadonlyMap<string, Solved>> = this.#solved;

  /**
   * Notes that a level was solved; of two times the cheaper one is kept. What another tab has kept
   * meanwhile stays.
   */
  add(level: string, cost: Cost | null): void {
    const before = this.#solved.peek();
    if (!isBetter(cost, before.get(level))) return;
    const all = new Map([...before, [level, { cost }]]);
    for (const [id, other] of stored()) if (isBetter(other.cost, all.get(id))) all.set(id, other);
    this.#solved.value = all;
    store(all);
  }

  /** Forgets everything. */
  clear(): void {
    this.#solved.value = new Map();
    store(this.#solved.peek());
  }
}

/** Whether this is better than what was known before, of which `undefined` is nothing. */
function isBetter(cost: Cost | null, before: Solved | undefined): boolean {
  if (before === undefined) return true;
  return cost !== null && (before.cost === null || compareCosts(cost, before.cost) < 0);
}

function stored(): ReadonlyMap<string, Solved> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}");
    return new Map(Object.entries(read ?? {}).map(([id, cost]) => [id, { cost: costIn(cost) }]));
  } catch {
    return new Map();
  }
}

function costIn(value: unknown): Cost | null {
  if (!Array.isArray(value)) return null;
  const [preemptions, steps]: unknown[] = value;
  return typeof preemptions === "number" && typeof steps === "number"
    ? { preemptions, steps }
    : null;
}

function store(solved: ReadonlyMap<string, Solved>): void {
  const written = [...solved].map(([id, { cost }]) => {
    return [id, cost === null ? true : [cost.preemptions, cost.steps]] as const;
  });
  try {
    localStorage.setItem(STORED_AS, JSON.stringify(Object.fromEntries(written)));
  } catch {
    // The page may keep nothing here.
  }
}
