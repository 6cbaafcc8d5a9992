// Past the room's door, as in explainer.ts.
import {
  EXPIRE,
  FootprintColumns,
  FootprintSteps,
  INVOKE,
  PartBuilder,
  type Problem,
  RETURN,
} from "../../linearizability/search/index.ts";
import type { History, OperationRecord } from "./run-history.ts";
import {
  ABSENT,
  ANY,
  avoidsAbsence,
  type KeyHistory,
  makesOf,
  needsOf,
  touches,
} from "./key-history.ts";

/** An operation that has to be explained, or (not `isCertain`) may help to explain others. */
export interface Fate {
  readonly record: OperationRecord;
  readonly isCertain: boolean;
}

interface Event {
  readonly moment: number;
  readonly operation: number;
  readonly kind: number;
}

/** Represents what a key held at first, which has to be the same for all keys of a problem. */
const BEFORE = "before";

/**
 * Puts the history of some keys into the search's terms: each by itself in the end, but for scans,
 * which see all of these keys at one moment. Writes of a batch are operations of their own.
 *
 * @param operations In the order in which they began.
 * @param withEnd Whether what the keys hold at the end has to be explained too.
 */
export function problemOf(
  history: History,
  keys: readonly KeyHistory[],
  operations: readonly Fate[],
  withEnd: boolean,
): Problem {
  const draft = new Draft(keys);
  for (const { record, isCertain } of operations) {
    const from = history.invokedAt[record.index] ?? 0;
    // What was cut off and no crash followed may take effect after the look at the end.
    const to = Math.min(history.returnedAt[record.index] ?? 0, history.now + 2);
    draft.addOperation(record, isCertain, from, to);
  }
  if (withEnd) draft.addEnd(history.now);
  return draft.finish();
}

class Draft {
  readonly #keys: readonly KeyHistory[];
  readonly #part = new PartBuilder();
  readonly #columns = new FootprintColumns();
  readonly #events: Event[] = [];

  constructor(keys: readonly KeyHistory[]) {
    this.#keys = keys;
  }

  addOperation(record: OperationRecord, isCertain: boolean, from: number, to: number): void {
    if (record.operation.kind === "scan") {
      this.#addLook((key) => (touches(record.operation, key.key) ? needsOf(record, key.key) : ANY));
      this.#addSpan(record.index, isCertain, true, from, to);
      return;
    }
    for (const [place, { key, before }] of this.#keys.entries()) {
      if (!touches(record.operation, key)) continue;
      const needs = needsOf(record, key);
      const makes = makesOf(record, key);
      this.#columns.add(place, {
        ...(needs === ANY ? {} : { needs: nameOf(needs, before) }),
        ...(avoidsAbsence(record) ? { avoids: nameOf(ABSENT, before) } : {}),
        ...(makes === ANY ? {} : { makes: nameOf(makes, before) }),
      });
      this.#addSpan(record.index, isCertain, makes === ANY, from, to);
    }
  }

  /** Adds the look at all keys when everything has ended. */
  addEnd(moment: number): void {
    this.#addLook(({ after }) => after);
    this.#addSpan(-1, true, true, moment, moment + 1);
  }

  finish(): Problem {
    const events = this.#events.toSorted((a, b) => a.moment - b.moment);
    for (const { operation, kind, moment } of events) this.#part.addEvent(operation, kind, moment);
    const part = this.#part.finish();
    const steps = new FootprintSteps({
      columns: this.#columns,
      keys: this.#keys.length,
      initial: BEFORE,
      isRequired: part.isRequired,
      mergesDead: true,
    });
    return { part, steps };
  }

  #addLook(seenOf: (key: KeyHistory) => number): void {
    const needs: [place: number, value: unknown][] = [];
    for (const [place, key] of this.#keys.entries()) {
      const seen = seenOf(key);
      if (seen !== ANY) needs.push([place, nameOf(seen, key.before)]);
    }
    const [first] = needs;
    if (needs.length > 1) this.#columns.addScan(needs);
    else if (first === undefined) this.#columns.add(0, {});
    else this.#columns.add(first[0], { needs: first[1] });
  }

  #addSpan(id: number, isCertain: boolean, isLook: boolean, from: number, to: number): void {
    const operation = this.#part.addOperation(id, isCertain, isLook);
    this.#events.push({ moment: from, operation, kind: INVOKE });
    this.#events.push({ moment: to, operation, kind: isCertain ? RETURN : EXPIRE });
  }
}

function nameOf(value: number, before: number): unknown {
  return value === before ? BEFORE : value;
}
