/**
 * A reader of trace files that knows docs/trace-format.md and nothing of this package: it rebuilds
 * latches, queues and pages from the lines, as a tool that draws them would.
 */
export interface Holder {
  readonly task: number;
  readonly mode: string;
}

interface Request {
  readonly latch: number;
  readonly mode: string;
}

interface Line {
  readonly step: number;
  readonly task: number | null;
  readonly kind: string;
  readonly outcome?: string;
  readonly latch?: number;
  readonly mode?: string;
  readonly heldMode?: string | null;
  readonly page?: number;
  readonly state?: unknown;
}

/** What there is to be drawn after a step. */
export class TraceReader {
  readonly header: Readonly<Record<string, unknown>>;
  readonly verdict: Readonly<Record<string, unknown>>;
  /** Latches that somebody holds or waits for, by number. */
  readonly holders = new Map<number, Holder[]>();
  readonly queues = new Map<number, Holder[]>();
  /** By task, the latch that it waits for outside the queue. */
  readonly blocked = new Map<number, Request>();
  readonly pages = new Map<number, unknown>();
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(text: string) {
    const lines = text
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
    this.header = lines.at(0) as Readonly<Record<string, unknown>>;
    this.verdict = lines.at(-1) as Readonly<Record<string, unknown>>;
    this.#lines = lines.slice(1, -1) as Line[];
  }

  /** Reads on to the end of a step; 0 for what there is before the first. */
  readTo(step: number): void {
    for (let line = this.#lines[this.#at]; line !== undefined; line = this.#lines[this.#at]) {
      if (line.step > step) return;
      this.#apply(line);
      this.#at++;
    }
  }

  #apply(line: Line): void {
    const { kind, latch = -1, task, mode = "", heldMode = null, page = -1, state } = line;
    const request = { task: task ?? -1, mode };
    // Only a step's own line has an outcome.
    if (line.outcome !== undefined) this.blocked.delete(request.task);
    const isSame = (one: Holder): boolean => one.task === request.task && one.mode === mode;
    switch (kind) {
      case "crash":
        this.holders.clear();
        this.queues.clear();
        this.blocked.clear();
        return;
      case "latch-blocked":
        this.blocked.set(request.task, { latch, mode });
        return;
      case "latch-queued":
        // An upgrade goes to the queue's head.
        if (heldMode === null) this.#of(this.queues, latch).push(request);
        else this.#of(this.queues, latch).unshift(request);
        return;
      case "latch-granted":
        this.#drop(this.queues, latch, isSame);
        this.#of(this.holders, latch).push(request);
        return;
      case "latch-upgraded":
        this.#drop(this.queues, latch, isSame);
        this.#drop(this.holders, latch, (one) => one.task === task && one.mode === heldMode);
        this.#of(this.holders, latch).push(request);
        return;
      case "latch-released":
        this.#drop(this.holders, latch, isSame);
        return;
      case "page":
        if (state === null) this.pages.delete(page);
        else this.pages.set(page, state);
        return;
      default:
      // Other kinds change nothing of what is drawn here.
    }
  }

  #of(lists: Map<number, Holder[]>, latch: number): Holder[] {
    const list = lists.get(latch) ?? [];
    lists.set(latch, list);
    return list;
  }

  #drop(lists: Map<number, Holder[]>, latch: number, isIt: (one: Holder) => boolean): void {
    const list = this.#of(lists, latch);
    const at = list.findIndex(isIt);
    if (at >= 0) list.splice(at, 1);
    if (list.length === 0) lists.delete(latch);
  }
}
