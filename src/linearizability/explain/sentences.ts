import { isImpossible, sameJson } from "../models/index.ts";
import { type Demand, type Items, madeOn, START, valueText } from "./proof-items.ts";
import type { Ending, Fact, Proof } from "./proof.ts";
import type { Subject } from "./claims.ts";

/** What a proof's sentences need to know. */
export interface Telling {
  readonly subject: Subject;
  readonly items: Items;
  readonly facts: readonly Fact[];
  /** The name of an item, as the list of operations has it. */
  readonly nameOf: (item: number) => string;
  /** False of one that may have been open for longer than matters. */
  readonly isInCore: (item: number) => boolean;
}

/** Items that a proof speaks of, in the order of their numbers; the start is none of them. */
export function itemsNamed(
  proof: Proof,
  { facts, items }: Pick<Telling, "facts" | "items">,
): number[] {
  const named = new Set<number>();
  const used = new Set<number>();
  collect(proof, facts, used);
  const noteDemand = (number: number): void => {
    const demand = items.demands[number];
    for (const item of [demand?.item ?? START, ...(demand?.refused ?? [])]) named.add(item);
  };
  for (const fact of [...used].map((number) => facts[number])) {
    if (fact === undefined) continue;
    if ("demand" in fact) noteDemand(fact.demand);
    if ("candidate" in fact) named.add(fact.candidate);
    if ("before" in fact) named.add(fact.before).add(fact.after);
    if ("between" in fact && fact.between !== null) named.add(fact.between);
  }
  for (const ending of endingsOf(proof)) if (ending.kind === "nobody") noteDemand(ending.demand);
  named.delete(START);
  return [...named].toSorted((a, b) => a - b);
}

function endingsOf({ ending }: Proof): Ending[] {
  if (ending.kind !== "cases") return [ending];
  return ending.cases.flatMap(({ proof }) => endingsOf(proof));
}

/** Facts that a proof, with all its cases, goes back to. */
function collect({ ending }: Proof, facts: readonly Fact[], used: Set<number>): void {
  if (ending.kind === "cases") {
    for (const { supposed, proof } of ending.cases) {
      used.add(supposed);
      collect(proof, facts, used);
    }
    return;
  }
  const todo = [...ending.from];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (used.has(at)) continue;
    used.add(at);
    todo.push(...(facts[at]?.from ?? []));
  }
}

/** Puts a proof into sentences, each on a line of its own; cases are set in. */
export function sentencesOf(proof: Proof, telling: Telling): string[] {
  const used = new Set<number>();
  collect(proof, telling.facts, used);
  return new Teller(telling, used).tell(proof, "");
}

/** Says that one was over before another began, and whether a crash came in between. */
export function timeText(
  before: string,
  isCut: boolean,
  after: string,
  isOverCrash: boolean,
): string {
  const end = `${before} was ${isCut ? "cut off" : "over"}`;
  if (!isOverCrash) return `${end} before ${after} began`;
  return isCut
    ? `${end} by the crash before ${after} began`
    : `${end} before the crash, after which ${after} began`;
}

/** True if the system crashed between two moments, or at the first. */
export function hasCrashBetween(subject: Subject, from: number, to: number): boolean {
  return subject.crashMoments.some((at) => at >= from && at < to);
}

class Teller {
  readonly #telling: Telling;
  readonly #used: ReadonlySet<number>;

  constructor(telling: Telling, used: ReadonlySet<number>) {
    this.#telling = telling;
    this.#used = used;
  }

  tell({ first, last, ending }: Proof, indent: string): string[] {
    const lines: string[] = [];
    for (let number = first; number < last; number++) {
      const fact = this.#telling.facts[number];
      const sentence = fact === undefined || !this.#used.has(number) ? null : this.#sentence(fact);
      if (sentence !== null) lines.push(`${indent}${sentence}`);
    }
    if (ending.kind !== "cases") return [...lines, `${indent}${this.#ending(ending)}`];
    for (const { supposed, proof } of ending.cases) {
      const fact = this.#telling.facts[supposed];
      if (fact === undefined) continue;
      lines.push(`${indent}${this.#supposition(fact)}`, ...this.tell(proof, `${indent}  `));
    }
    lines.push(`${indent}There are no other cases.`);
    return lines;
  }

  /** Null if the fact is told where it is used. */
  #sentence(fact: Fact): string | null {
    const name = this.#telling.nameOf;
    switch (fact.kind) {
      case "time":
      case "chain":
      case "not-source":
      case "supposed-source":
      case "supposed-order":
        return null;
      case "source":
        return this.#source(fact.demand, fact.before, fact.from);
      case "unseen": {
        const [a, b] = [name(fact.before), name(fact.after)];
        const found = this.#found(fact.demand);
        const why = this.#why(fact.from[0]);
        const source = this.#sourceName(fact.from[1]);
        if (source === null)
          return `${a} comes before ${b}: ${found}, as at first, and ${b} changes it.`;
        const but = `${b}, which changes it, comes after ${source}${why}`;
        return `${a} comes before ${b}: ${found}, as ${source} left it, and ${but}.`;
      }
      case "hidden": {
        const [a, b] = [name(fact.before), name(fact.after)];
        const found = this.#found(fact.demand);
        const reader = name(this.#demand(fact.demand).item);
        const why = this.#why(fact.from[0]);
        const but = `${a}, which changes it, comes before ${reader}${why}`;
        return `${a} comes before ${b}: ${found}, as ${b} left it, and ${but}.`;
      }
    }
  }

  #source(number: number, source: number, from: readonly number[]): string | null {
    if (from.some((fact) => this.#telling.facts[fact]?.kind === "supposed-source")) return null;
    const found = this.#found(number);
    const reasons = this.#ruledOut(number, from);
    const left = this.#left(number);
    if (source === START) {
      if (reasons.length === 0)
        return `${found}: so it was at first, and nobody leaves ${left} again.`;
      return `${found}. So it was at first, before ${this.#all(number)}: ${reasons.join("; ")}.`;
    }
    const [who, reader] = [
      this.#telling.nameOf(source),
      this.#telling.nameOf(this.#demand(number).item),
    ];
    if (reasons.length > 0) {
      return `${found}. Of ${this.#all(number)} it can only be ${who}: ${reasons.join("; ")}.`;
    }
    return `${found}. Only ${who} leaves ${left}, so ${who} comes before ${reader}.`;
  }

  /** All operations that leave a value, by their number. */
  #all(number: number): string {
    const { candidates, refused, others } = this.#demand(number);
    const early = [...others.early.values()].reduce((sum, count) => sum + count, others.late);
    const named = candidates.filter((candidate) => candidate !== START).length + refused.length;
    const left = this.#left(number);
    const all = early + named;
    return all === 1 ? `the one operation that leaves ${left}` : `the ${all} that leave ${left}`;
  }

  /** The value that was found, as somebody else left it. */
  #left(number: number): string {
    const { value, isNot } = this.#demand(number);
    return isNot ? "anything else" : valueText(value);
  }

  /** Why each of the others who could have left what was found has not. */
  #ruledOut(number: number, from: readonly number[]): string[] {
    const { others, item, refused } = this.#demand(number);
    const name = this.#telling.nameOf;
    const reasons = from.flatMap((at) => {
      const fact = this.#telling.facts[at];
      if (fact?.kind !== "not-source" || fact.demand !== number) return [];
      return [this.#reason(fact)];
    });
    for (const one of refused) reasons.push(`${name(one)} answered that it did nothing`);
    for (const [between, count] of others.early) {
      const [were, they] = count === 1 ? ["one was", "it"] : [`${count} were`, "they"];
      const did = this.#isWriter(between, number)
        ? `replaced what ${they} left`
        : this.#finding(between, number);
      const [x, reader] = [name(between), name(item)];
      reasons.push(`${were} over before ${x} began, and ${x} ${did} before ${reader} began`);
    }
    if (others.late > 0) {
      const isInCore = this.#telling.isInCore(item);
      const when = isInCore
        ? `began only after ${name(item)} was over`
        : "began too late to matter";
      reasons.push(`${others.late === 1 ? "one" : others.late} ${when}`);
    }
    return reasons;
  }

  #reason(fact: Fact & { readonly kind: "not-source" }): string {
    const name = this.#telling.nameOf;
    const { candidate, between, demand } = fact;
    const [first, second] = fact.from;
    if (between === null) {
      return `${name(candidate)} comes after ${name(this.#demand(demand).item)}${this.#why(first)}`;
    }
    const whose = candidate === START ? "what it was at first" : `what ${name(candidate)} left`;
    return `${whose} ${this.#fate(between, demand)}${this.#why(first, second)}`;
  }

  /** What became of a value before the demand's item could find it. */
  #fate(between: number, demand: number): string {
    const name = this.#telling.nameOf(between);
    if (this.#isWriter(between, demand)) return `was replaced by ${name}`;
    return `was gone when ${name} ${this.#finding(between, demand)}`;
  }

  /** What an item found on the key of a demand. */
  #finding(item: number, demand: number): string {
    const { items } = this.#telling.items;
    const print = items[item]?.prints.find(({ key }) => key === this.#demand(demand).key);
    if (print?.needs === undefined) return `found something other than ${valueText(print?.avoids)}`;
    return `found ${valueText(print.needs)}`;
  }

  #isWriter(item: number, demand: number): boolean {
    const { items } = this.#telling.items;
    return madeOn(items[item]?.prints ?? [], this.#demand(demand).key) !== undefined;
  }

  /** In brackets, why one comes before another; nothing where a sentence said so. */
  #why(...numbers: readonly (number | undefined)[]): string {
    const links = numbers.flatMap((number) => this.#links(number));
    return links.length === 0 ? "" : ` (${links.join(", ")})`;
  }

  #links(number: number | undefined): string[] {
    const fact = number === undefined ? undefined : this.#telling.facts[number];
    if (fact === undefined) return [];
    const name = this.#telling.nameOf;
    if (fact.kind === "time") {
      const { before, after } = fact;
      if (before === START) return [];
      const { items } = this.#telling.items;
      const [a, b] = [items[before], items[after]];
      if (a === undefined || b === undefined) return [];
      const isOverCrash = hasCrashBetween(this.#telling.subject, a.ends, b.begins);
      return [timeText(name(before), a.isCut, name(after), isOverCrash)];
    }
    if (fact.kind !== "chain") return [];
    return fact.from.flatMap((link) => {
      const told = this.#links(link);
      const one = this.#telling.facts[link];
      if (told.length > 0 || one === undefined || !("before" in one)) return told;
      return one.before === START ? [] : [`${name(one.before)} comes before ${name(one.after)}`];
    });
  }

  #ending(ending: Exclude<Ending, { kind: "cases" }>): string {
    const name = this.#telling.nameOf;
    if (ending.kind === "cycle") {
      const [there, back] = ending.from;
      const [a, b] = [name(ending.a), name(ending.b)];
      const first = `${a} comes before ${b}${this.#why(there)}`;
      return `But ${first}, and ${b} before ${a}${this.#why(back)}: that cannot be.`;
    }
    const { isUnheardOf, candidates, refused, item, key, value } = this.#demand(ending.demand);
    if (isImpossible(value)) {
      const what = this.#telling.subject.keys[key] ?? "it";
      return `${name(item)} names ${what} twice, out of order, or out of its range: no answer may.`;
    }
    const found = this.#found(ending.demand);
    const left = this.#left(ending.demand);
    if (isUnheardOf) return `${found}, but nobody leaves ${left}${this.#whoFailed(ending.demand)}.`;
    const reasons = this.#ruledOut(ending.demand, ending.from);
    const [only = refused[0]] = candidates;
    if (reasons.length > 1 || only === undefined) {
      const all = this.#all(ending.demand);
      return `${found}, but that cannot be the work of ${all}: ${reasons.join("; ")}.`;
    }
    if (only === START) return `${found}. So it was only at first, and ${reasons.join("")}.`;
    return `${found}. But only ${name(only)} leaves ${left}, and ${reasons.join("")}.`;
  }

  /** A failed operation did not happen. To call one so that may have is a common mistake. */
  #whoFailed(number: number): string {
    const { key, value, isNot } = this.#demand(number);
    const { failed } = this.#telling.subject;
    const would = failed.some((print) => {
      const made = madeOn([print], key);
      return made !== undefined && sameJson(made, value) !== isNot;
    });
    return would ? " but what is marked as failed, and so did not happen" : "";
  }

  #supposition(fact: Fact): string {
    const name = this.#telling.nameOf;
    if (fact.kind === "supposed-order") {
      return `Suppose that ${name(fact.before)} comes before ${name(fact.after)}.`;
    }
    if (fact.kind !== "supposed-source") return "";
    const who = fact.candidate === START ? "the start" : name(fact.candidate);
    return `Suppose that what ${name(this.#demand(fact.demand).item)} found is of ${who}.`;
  }

  /** `C found that k was 1`, or of a scan `C saw k as 1`, `C saw no k`. */
  #found(number: number): string {
    const { item, key, value, isNot } = this.#demand(number);
    const { subject, items, nameOf } = this.#telling;
    const what = subject.keys[key] ?? "the value";
    const claim = subject.claims[items.items[item]?.claim ?? -1];
    if (claim?.isScan === true && !isNot) {
      const isAbsent = sameJson(value, subject.initial);
      return `${nameOf(item)} saw ${isAbsent ? `no ${what}` : `${what} as ${valueText(value)}`}`;
    }
    return `${nameOf(item)} found that ${what} ${isNot ? "was not" : "was"} ${valueText(value)}`;
  }

  /** The name of who left what a demand found, from the fact; null if it was so at first. */
  #sourceName(number: number | undefined): string | null {
    const fact = number === undefined ? undefined : this.#telling.facts[number];
    if (fact?.kind !== "source" || fact.before === START) return null;
    return this.#telling.nameOf(fact.before);
  }

  #demand(number: number): Demand {
    const demand = this.#telling.items.demands[number];
    if (demand === undefined) throw new RangeError(`no demand ${number}`);
    return demand;
  }
}
