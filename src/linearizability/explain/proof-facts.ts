import { assert } from "../../task/index.ts";
import { isImpossible, sameJson } from "../models/index.ts";
import type { Case, Chain, Exclusion, ExplanationFact, Finding, TimeFact } from "./facts.ts";
import { type Demand, type Items, madeOn, START } from "./proof-items.ts";
import type { Deduction, Ending, Proof } from "./proof.ts";
import type { Subject } from "./claims.ts";

/** A proof, and what its numbers stand for. */
export interface Proved {
  readonly subject: Subject;
  readonly items: Items;
  readonly deductions: readonly Deduction[];
  readonly proof: Proof;
  /** False of an item that may have been open for longer than matters. */
  readonly isInCore: (item: number) => boolean;
}

/** The facts of a proof, in the order in which they follow. O(deductions * core). */
export function factsOfProof(proved: Proved): ExplanationFact[] {
  const used = new Set<number>();
  collect(proved.proof, proved.deductions, used);
  return new FactMaker(proved, used).factsOf(proved.proof);
}

/** True if the system crashed between two moments, or at the first. */
export function hasCrashBetween(subject: Subject, from: number, to: number): boolean {
  return subject.crashMoments.some((at) => at >= from && at < to);
}

/** Deductions that the end of a proof, or of one of its cases, goes back to. */
function collect({ ending }: Proof, deductions: readonly Deduction[], used: Set<number>): void {
  if (ending.kind === "cases") {
    for (const { proof } of ending.cases) collect(proof, deductions, used);
    return;
  }
  const todo = [...ending.from];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (used.has(at)) continue;
    used.add(at);
    todo.push(...(deductions[at]?.from ?? []));
  }
}

class FactMaker {
  readonly #proved: Proved;
  readonly #used: ReadonlySet<number>;

  constructor(proved: Proved, used: ReadonlySet<number>) {
    this.#proved = proved;
    this.#used = used;
  }

  factsOf({ first, last, ending }: Proof): ExplanationFact[] {
    const facts: ExplanationFact[] = [];
    for (let number = first; number < last; number++) {
      const fact = this.#used.has(number) ? this.#factOf(this.#deduction(number)) : null;
      if (fact !== null) facts.push(fact);
    }
    return [...facts, this.#end(ending)];
  }

  /** Null if the deduction is part of the facts that use it. */
  #factOf(deduction: Deduction): ExplanationFact | null {
    switch (deduction.kind) {
      case "time":
      case "chain":
      case "not-source":
      case "supposed-source":
      case "supposed-order":
        return null;
      case "source":
        return this.#source(deduction);
      case "unseen":
        return this.#notYetOverwritten(deduction);
      case "hidden": {
        const { demand, before, after, from } = deduction;
        return {
          kind: "overwritten-before",
          found: this.#found(demand),
          writer: this.#id(after),
          overwriter: this.#id(before),
          because: this.#chain(from[0]),
        };
      }
    }
  }

  /** Null in the case that supposes it. */
  #source({ demand, before, from }: Deduction & { kind: "source" }): ExplanationFact | null {
    if (this.#supposedSource(from) !== null) return null;
    return {
      kind: "source",
      found: this.#found(demand),
      writer: this.#writer(before),
      writers: this.#writers(demand),
      excluded: this.#excluded(demand, from),
    };
  }

  #notYetOverwritten({ demand, after, from }: Deduction & { kind: "unseen" }): ExplanationFact {
    const [order, known = -1] = from;
    const source = this.#deduction(known);
    assert(source.kind === "source", "what is not yet overwritten has a source");
    const writer = this.#writer(source.before);
    return {
      kind: "not-yet-overwritten",
      found: this.#found(demand),
      writer,
      overwriter: this.#id(after),
      because: writer === null ? [] : this.#chain(order),
    };
  }

  #end(ending: Ending): ExplanationFact {
    switch (ending.kind) {
      case "cases":
        return { kind: "cases", cases: ending.cases.map((each) => this.#case(each)) };
      case "cycle": {
        const [there, back] = ending.from;
        return {
          kind: "cycle",
          first: this.#id(ending.a),
          second: this.#id(ending.b),
          firstBeforeSecond: this.#chain(there),
          secondBeforeFirst: this.#chain(back),
        };
      }
      case "no-source":
        return this.#noSource(ending.demand, ending.from);
    }
  }

  #case({ supposed, proof }: { supposed: number; proof: Proof }): Case {
    const deduction = this.#deduction(supposed);
    const facts = this.factsOf(proof);
    if (deduction.kind === "supposed-source") {
      const { demand, candidate } = deduction;
      const finder = this.#id(this.#demand(demand).item);
      return { supposed: { kind: "source", finder, writer: this.#writer(candidate) }, facts };
    }
    assert(deduction.kind === "supposed-order", "a case supposes a source or an order");
    const { before, after } = deduction;
    return {
      supposed: { kind: "order", before: this.#id(before), after: this.#id(after) },
      facts,
    };
  }

  #noSource(number: number, from: readonly number[]): ExplanationFact {
    const { isUnheardOf, candidates, item, key, value } = this.#demand(number);
    if (isImpossible(value)) {
      return { kind: "impossible-answer", operation: this.#id(item), key: this.#keyName(key) };
    }
    const found = this.#found(number);
    if (isUnheardOf) return { kind: "no-writer", found, isOfFailed: this.#isOfFailed(number) };
    const supposed = this.#supposedSource(from, number);
    if (supposed !== null) {
      const excluded = this.#ruledOut(number, from, supposed);
      return { kind: "supposed-excluded", found, excluded };
    }
    return {
      kind: "all-excluded",
      found,
      writers: this.#writers(number),
      isInitial: candidates.includes(START),
      excluded: this.#excluded(number, from),
    };
  }

  /** A failed operation did not happen. To call one so that may have is a common mistake. */
  #isOfFailed(number: number): boolean {
    const { key, value, isNot } = this.#demand(number);
    return this.#proved.subject.failed.some((print) => {
      const made = madeOn([print], key);
      return made !== undefined && sameJson(made, value) !== isNot;
    });
  }

  /** Who is supposed to have left what a demand found; null if nothing of it is supposed. */
  #supposedSource(from: readonly number[], demand: number | null = null): number | null {
    for (const number of from) {
      const deduction = this.#deduction(number);
      if (deduction.kind !== "supposed-source") continue;
      if (demand === null || deduction.demand === demand) return deduction.candidate;
    }
    return null;
  }

  /** How many operations leave what a demand found. */
  #writers(number: number): number {
    const { candidates, refused, others } = this.#demand(number);
    const early = [...others.early.values()].reduce((sum, count) => sum + count, others.late);
    const named = candidates.filter((candidate) => candidate !== START).length + refused.length;
    return early + named;
  }

  /** Why each of the others who could have left what was found has not. */
  #excluded(number: number, from: readonly number[]): Exclusion[] {
    const { others, item, refused } = this.#demand(number);
    const excluded = this.#ruledOut(number, from, null);
    for (const one of refused) excluded.push({ kind: "did-nothing", writer: this.#id(one) });
    const finder = this.#id(item);
    for (const [between, count] of others.early) {
      excluded.push(
        this.#isWriter(between, number)
          ? { kind: "all-replaced", count, by: this.#id(between), finder }
          : { kind: "all-gone", count, found: this.#finding(between, number), finder },
      );
    }
    const { late } = others;
    if (late > 0) {
      const isInCore = this.#proved.isInCore(item);
      excluded.push({ kind: "too-late", count: late, finder: isInCore ? finder : null });
    }
    return excluded;
  }

  /** The candidates that a deduction rules out, or only this one. */
  #ruledOut(number: number, from: readonly number[], only: number | null): Exclusion[] {
    return from.flatMap((at) => {
      const deduction = this.#deduction(at);
      if (deduction.kind !== "not-source" || deduction.demand !== number) return [];
      return only === null || deduction.candidate === only ? [this.#exclusion(deduction)] : [];
    });
  }

  #exclusion(deduction: Deduction & { kind: "not-source" }): Exclusion {
    const { candidate, between, demand, from } = deduction;
    const [first, second] = from;
    if (between === null) {
      const finder = this.#id(this.#demand(demand).item);
      const because = this.#chain(first);
      return { kind: "comes-after", writer: this.#id(candidate), finder, because };
    }
    const writer = this.#writer(candidate);
    const because = [...this.#chain(first), ...this.#chain(second)];
    if (this.#isWriter(between, demand)) {
      return { kind: "replaced", writer, by: this.#id(between), because };
    }
    return { kind: "gone", writer, found: this.#finding(between, demand), because };
  }

  /** What an item found on the key of a demand. */
  #finding(item: number, demand: number): Finding {
    const { key } = this.#demand(demand);
    const prints = this.#proved.items.items[item]?.prints ?? [];
    const print = prints.find((each) => each.key === key);
    const isNot = print?.needs === undefined;
    return this.#findingOf(item, key, isNot ? print?.avoids : print.needs, isNot);
  }

  #found(number: number): Finding {
    const { item, key, value, isNot } = this.#demand(number);
    return this.#findingOf(item, key, value, isNot);
  }

  #findingOf(item: number, key: number, value: unknown, isNot: boolean): Finding {
    const { subject, items } = this.#proved;
    const claim = subject.claims[items.items[item]?.claim ?? -1];
    const isScan = claim?.isScan === true && !isNot;
    const scanned = sameJson(value, subject.initial) ? "scanned-absent" : "scanned-value";
    return {
      kind: isNot ? "other-value" : isScan ? scanned : "value",
      operation: this.#id(item),
      key: this.#keyName(key),
      value,
    };
  }

  #isWriter(item: number, demand: number): boolean {
    const prints = this.#proved.items.items[item]?.prints ?? [];
    return madeOn(prints, this.#demand(demand).key) !== undefined;
  }

  /** Why one comes before another; empty where a fact of its own says so. */
  #chain(number: number | undefined): Chain {
    if (number === undefined) return [];
    const deduction = this.#deduction(number);
    if (deduction.kind === "time") {
      return deduction.before === START ? [] : [this.#time(deduction.before, deduction.after)];
    }
    if (deduction.kind !== "chain") return [];
    return deduction.from.flatMap((link): Chain => {
      const links = this.#chain(link);
      const shown = this.#deduction(link);
      if (links.length > 0 || !("before" in shown) || shown.before === START) return links;
      return [{ kind: "shown", before: this.#id(shown.before), after: this.#id(shown.after) }];
    });
  }

  #time(before: number, after: number): TimeFact {
    const { items, subject } = this.#proved;
    const [a, b] = [items.items[before], items.items[after]];
    assert(a !== undefined && b !== undefined, "a deduction is about items");
    return {
      kind: "time",
      before: this.#id(before),
      after: this.#id(after),
      isCut: a.isCut,
      isAcrossCrash: hasCrashBetween(subject, a.ends, b.begins),
    };
  }

  #keyName(key: number): string | null {
    return this.#proved.subject.keys[key] ?? null;
  }

  #writer(item: number): number | null {
    return item === START ? null : this.#id(item);
  }

  #id(item: number): number {
    const { items, subject } = this.#proved;
    const claim = subject.claims[items.items[item]?.claim ?? -1];
    assert(claim !== undefined, "a fact speaks of operations");
    return claim.id;
  }

  #demand(number: number): Demand {
    const demand = this.#proved.items.demands[number];
    assert(demand !== undefined, "a deduction is about a demand");
    return demand;
  }

  #deduction(number: number): Deduction {
    const deduction = this.#proved.deductions[number];
    assert(deduction !== undefined, "a proof is made of deductions");
    return deduction;
  }
}
