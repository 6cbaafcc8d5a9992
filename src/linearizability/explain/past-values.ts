import { type Claim, type Subject, valueId } from "./claims.ts";

/** No operation writes this. */
const SOMETHING_ELSE = { past: "something else" };

/** Values that operations ask for, and those they ask not to find, by their ids. */
export interface Asked {
  readonly needed: ReadonlyMap<string, unknown>;
  readonly avoided: ReadonlySet<string>;
}

/** What one key may hold at some moment, if all that was over before is forgotten. */
export interface Past {
  /** Besides what it holds at first. A value that no operation asks for stands for all of those. */
  readonly possible: readonly unknown[];
  /** Those of them that can be there for certain: some of what was over by then leaves them. */
  readonly certain: readonly unknown[];
}

/** What the one key of a subject may hold, at any moment. */
export class PastValues {
  readonly #subject: Subject;
  /** Of each value: when the first of its makers begins, and since when it can be there. */
  readonly #begun = new Map<string, number>();
  readonly #since = new Map<string, number>();

  /** O(claims log claims). */
  constructor(subject: Subject) {
    this.#subject = subject;
    this.#since.set(valueId(0, subject.initial), Number.NEGATIVE_INFINITY);
    for (const { forgotten, begins, ends } of subject.claims.toSorted((a, b) => a.ends - b.ends)) {
      const [print] = forgotten ?? [];
      if (print?.makes === undefined) continue;
      const made = valueId(0, print.makes);
      this.#begun.set(made, Math.min(begins, this.#begun.get(made) ?? begins));
      if (this.#since.has(made) || !Number.isFinite(ends)) continue;
      // Nothing else need have happened: the value that it asks for was there when it began.
      const needs = print.needs === undefined ? null : valueId(0, print.needs);
      const isFree = needs === null && print.avoids === undefined;
      if (isFree || (this.#since.get(needs ?? "") ?? begins) < begins) this.#since.set(made, ends);
    }
  }

  at(moment: number, { needed, avoided }: Asked): Past {
    const possible: unknown[] = [];
    const certain: unknown[] = [];
    for (const [id, value] of needed) {
      if ((this.#begun.get(id) ?? moment) >= moment) continue;
      possible.push(value);
      if ((this.#since.get(id) ?? moment) < moment) certain.push(value);
    }
    // A value that no operation asks for matters only to those that ask for "not x".
    if (avoided.size === 0) return { possible, certain };
    possible.push(SOMETHING_ELSE);
    const { claims } = this.#subject;
    const isThere = claims.some((claim) => isOtherWrite(claim, { needed, avoided }, moment));
    return { possible, certain: isThere ? [...certain, SOMETHING_ELSE] : certain };
  }
}

function isOtherWrite(claim: Claim, { needed, avoided }: Asked, moment: number): boolean {
  const [print] = claim.forgotten ?? [];
  if (print?.makes === undefined || print.needs !== undefined) return false;
  const id = valueId(0, print.makes);
  return claim.ends < moment && !needed.has(id) && !avoided.has(id);
}
