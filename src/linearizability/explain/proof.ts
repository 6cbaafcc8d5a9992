import { type Demand, isBlocker, type Item, type Items, madeOn, START } from "./proof-items.ts";

/**
 * Something that holds in every order that explains the core, and what it follows from: numbers of
 * earlier deductions.
 */
export type Deduction = DeductionBody & { readonly from: readonly number[] };

type DeductionBody =
  /** One was over before the other began. */
  | { readonly kind: "time"; readonly before: number; readonly after: number }
  /** Through a third. */
  | { readonly kind: "chain"; readonly before: number; readonly after: number }
  /** The writer left what the demand's item found; so it came first. */
  | { readonly kind: "source"; readonly before: number; readonly after: number; demand: number }
  /** The item found what the writer left, and `after`, which follows the writer, changed it. */
  | { readonly kind: "unseen"; readonly before: number; readonly after: number; demand: number }
  /** The item found what the writer left, and `before`, which the item follows, changed it. */
  | { readonly kind: "hidden"; readonly before: number; readonly after: number; demand: number }
  /** The candidate cannot be the one: it came later, or `between` left or found something else. */
  | {
      readonly kind: "not-source";
      readonly demand: number;
      readonly candidate: number;
      readonly between: number | null;
    }
  /** What one of the cases supposes. */
  | { readonly kind: "supposed-source"; readonly demand: number; readonly candidate: number }
  | { readonly kind: "supposed-order"; readonly before: number; readonly after: number };

/** How a proof, or a case of it, ends. */
export type Ending =
  | { readonly kind: "no-source"; readonly demand: number; readonly from: readonly number[] }
  | { readonly kind: "cycle"; readonly a: number; readonly b: number; from: readonly number[] }
  | { readonly kind: "cases"; readonly cases: readonly Case[] };

export interface Case {
  /** Number of the deduction that it supposes. */
  readonly supposed: number;
  readonly proof: Proof;
}

/** A proof that no order explains the core: what follows, step by step, until it cannot be. */
export interface Proof {
  /** Facts found here are those from `first` to `last`, of all that were found. */
  readonly first: number;
  readonly last: number;
  readonly ending: Ending;
}

const DEPTH_MAX = 4;
const CASES_MAX = 40;
const NONE = -1;

/**
 * Looks for a proof; null if there is none that is short enough.
 *
 * An order between two holds if both happen. All but those of time are between items that are
 * certain, so a chain through one that is not adds nothing to the times on its two sides.
 */
export function prove(subject: Items): { proof: Proof; deductions: readonly Deduction[] } | null {
  const deductions: Deduction[] = [];
  const prover = new Prover(subject, deductions, { left: CASES_MAX }, null);
  prover.noteTimes();
  const proof = prover.run(0, 0);
  return proof === null ? null : { proof, deductions };
}

class Prover {
  readonly #items: readonly Item[];
  readonly #demands: readonly Demand[];
  readonly #deductions: Deduction[];
  readonly #casesLeft: { left: number };
  /** Deduction that says `a` is before `b`, at `a * items + b`; NONE if unknown. */
  readonly #orders: Int32Array;
  /** Of each item: deductions that make it certain, or null. */
  readonly #certain: (readonly number[] | null)[];
  /** Of each demand: the candidates ruled out, with the deduction; and its source, or NONE. */
  readonly #ruledOut: Map<number, number>[];
  readonly #sources: Int32Array;
  #ending: Ending | null = null;

  constructor(
    { items, demands }: Items,
    deductions: Deduction[],
    casesLeft: { left: number },
    parent: Prover | null,
  ) {
    this.#items = items;
    this.#demands = demands;
    this.#deductions = deductions;
    this.#casesLeft = casesLeft;
    const isFirst = parent === null;
    this.#orders = isFirst ? none(items.length ** 2) : parent.#orders.slice();
    this.#certain = isFirst ? items.map(whyCertain) : [...parent.#certain];
    this.#ruledOut = demands.map((_, i) => new Map(isFirst ? [] : parent.#ruledOut[i]));
    this.#sources = isFirst ? none(demands.length) : parent.#sources.slice();
  }

  noteTimes(): void {
    for (const [before, a] of this.#items.entries()) {
      for (const [after, b] of this.#items.entries()) {
        if (a.ends < b.begins) this.#order({ kind: "time", before, after, from: [] });
      }
    }
  }

  /** Draws all conclusions, then goes through cases. */
  run(first: number, depth: number): Proof | null {
    for (let isNew = true; isNew && this.#ending === null;) {
      const count = this.#deductions.length;
      this.#close();
      this.#findCycle();
      for (const demand of this.#demands.keys()) this.#look(demand);
      isNew = this.#deductions.length > count;
    }
    const last = this.#deductions.length;
    if (this.#ending === null && depth < DEPTH_MAX) this.#ending = this.#split(depth);
    return this.#ending === null ? null : { first, last, ending: this.#ending };
  }

  /** Supposes a case, and goes on from there. */
  #case(deduction: Deduction, depth: number): Case | null {
    if (this.#casesLeft.left-- <= 0) return null;
    const supposed = this.#deductions.push(deduction) - 1;
    const subject = { items: this.#items, demands: this.#demands };
    const prover = new Prover(subject, this.#deductions, this.#casesLeft, this);
    if (deduction.kind === "supposed-source") {
      prover.#settle(deduction.demand, deduction.candidate, [supposed], supposed);
    } else if (deduction.kind === "supposed-order") prover.#setOrder(deduction, supposed);
    const proof = prover.run(supposed + 1, depth + 1);
    return proof === null ? null : { supposed, proof };
  }

  /** The fewest cases first: which item left a value, or which of two came first. */
  #split(depth: number): Ending | null {
    const cases: Deduction[] = this.#openPair() ?? this.#openDemand() ?? this.#openOrder() ?? [];
    if (cases.length === 0) return null;
    const proved: Case[] = [];
    for (const deduction of cases) {
      const one = this.#case(deduction, depth);
      if (one === null) return null;
      proved.push(one);
    }
    return { kind: "cases", cases: proved };
  }

  /** Two that must each find something on a key, and change it: one of them comes first. */
  #openPair(): Deduction[] | null {
    for (const [i, { item: a, key }] of this.#demands.entries()) {
      for (const { item: b, key: other } of this.#demands.slice(i + 1)) {
        if (a === b || key !== other || this.#isOrdered(a, b)) continue;
        if (this.#certain[a] === null || this.#certain[b] === null) continue;
        if (!this.#writes(a, key) || !this.#writes(b, key)) continue;
        return [
          { kind: "supposed-order", before: a, after: b, from: [] },
          { kind: "supposed-order", before: b, after: a, from: [] },
        ];
      }
    }
    return null;
  }

  #openDemand(): Deduction[] | null {
    let best: Deduction[] | null = null;
    for (const [demand, { item }] of this.#demands.entries()) {
      if (this.#certain[item] === null || this.#sources[demand] !== NONE) continue;
      const left = this.#candidatesLeft(demand);
      if (best !== null && best.length <= left.length) continue;
      best = left.map((candidate) => ({ kind: "supposed-source", demand, candidate, from: [] }));
    }
    return best;
  }

  /** A certain write that is not ordered with a writer whose value was found. */
  #openOrder(): Deduction[] | null {
    for (const [demand, { item, key }] of this.#demands.entries()) {
      const source = this.#sourceOf(demand);
      if (source === null) continue;
      for (const x of this.#items.keys()) {
        if (x === source || x === item || this.#certain[x] === null) continue;
        if (!this.#writes(x, key) || this.#isOrdered(x, source)) continue;
        return [
          { kind: "supposed-order", before: x, after: source, from: [] },
          { kind: "supposed-order", before: source, after: x, from: [] },
        ];
      }
    }
    return null;
  }

  #isOrdered(a: number, b: number): boolean {
    return this.#orderOf(a, b) !== NONE || this.#orderOf(b, a) !== NONE;
  }

  #orderOf(before: number, after: number): number {
    return this.#orders[before * this.#items.length + after] ?? NONE;
  }

  #order(deduction: Deduction & { readonly before: number; readonly after: number }): void {
    const { before, after } = deduction;
    if (this.#ending !== null || before === after || this.#orderOf(before, after) !== NONE) return;
    this.#setOrder(deduction, this.#deductions.push(deduction) - 1);
  }

  #setOrder({ before, after }: { before: number; after: number }, number: number): void {
    this.#orders[before * this.#items.length + after] = number;
  }

  /** Two that each come before the other cannot both happen. */
  #findCycle(): void {
    for (const [a, certain] of this.#certain.entries()) {
      for (let b = 0; b < a; b++) {
        const also = this.#certain[b] ?? null;
        const [there, back] = [this.#orderOf(a, b), this.#orderOf(b, a)];
        if (certain === null || also === null || there === NONE || back === NONE) continue;
        this.#ending ??= { kind: "cycle", a, b, from: [there, back, ...certain, ...also] };
      }
    }
  }

  /** Transitive closure. */
  #close(): void {
    const count = this.#items.length;
    for (let via = 0; via < count; via++) {
      for (let before = 0; before < count; before++) {
        const first = this.#orderOf(before, via);
        if (first === NONE) continue;
        for (let after = 0; after < count; after++) {
          const second = this.#orderOf(via, after);
          if (second === NONE || this.#orderOf(before, after) !== NONE) continue;
          this.#order({ kind: "chain", before, after, from: [first, second] });
        }
      }
    }
  }

  /** Draws conclusions from what an item must find. */
  #look(demand: number): void {
    const { item, key } = this.#demands[demand] ?? NOTHING;
    if (this.#ending !== null || this.#certain[item] === null) return;
    const why = this.#certain[item] ?? [];
    if (this.#sources[demand] === NONE) {
      for (const candidate of this.#candidatesLeft(demand)) this.#ruleOut(demand, candidate);
      const left = this.#candidatesLeft(demand);
      const from = [...(this.#ruledOut[demand]?.values() ?? []), ...why];
      const [only] = left;
      if (only === undefined) this.#ending = { kind: "no-source", demand, from };
      else if (left.length === 1) this.#settle(demand, only, from, NONE);
    }
    const source = this.#sourceOf(demand);
    if (source === null) return;
    this.#ruleOut(demand, source);
    if (this.#candidatesLeft(demand).length === 0) {
      const from = [...(this.#ruledOut[demand]?.values() ?? []), ...why];
      this.#ending ??= { kind: "no-source", demand, from };
      return;
    }
    for (const x of this.#items.keys()) {
      const certain = this.#certain[x] ?? null;
      if (x === source || x === item || certain === null || !this.#writes(x, key)) continue;
      const known = [this.#sources[demand] ?? NONE, ...certain];
      const after = this.#orderOf(source, x);
      if (after !== NONE) {
        this.#order({ kind: "unseen", before: item, after: x, demand, from: [after, ...known] });
      }
      const before = this.#orderOf(x, item);
      if (before !== NONE && source !== START) {
        this.#order({ kind: "hidden", before: x, after: source, demand, from: [before, ...known] });
      }
    }
  }

  /** Records which item left what a demand found. */
  #settle(demand: number, source: number, from: readonly number[], supposed: number): void {
    const { item } = this.#demands[demand] ?? NOTHING;
    const deduction: Deduction = { kind: "source", before: source, after: item, demand, from };
    const number = this.#deductions.push(deduction) - 1;
    this.#sources[demand] = number;
    this.#certain[source] ??= [number];
    if (this.#orderOf(source, item) === NONE) this.#setOrder(deduction, number);
    if (supposed === NONE) return;
    for (const other of this.#candidatesLeft(demand)) {
      if (other !== source) this.#ruledOut[demand]?.set(other, supposed);
    }
  }

  #sourceOf(demand: number): number | null {
    const deduction = this.#deductions[this.#sources[demand] ?? NONE];
    return deduction?.kind === "source" ? deduction.before : null;
  }

  #candidatesLeft(demand: number): number[] {
    const candidates = this.#demands[demand]?.candidates ?? [];
    return candidates.filter((candidate) => this.#ruledOut[demand]?.has(candidate) === false);
  }

  #ruleOut(demand: number, candidate: number): void {
    const { item, key } = this.#demands[demand] ?? NOTHING;
    const later = this.#orderOf(item, candidate);
    if (later !== NONE) {
      this.#noteRuledOut(demand, candidate, null, [later]);
      return;
    }
    const made = madeOn(this.#items[candidate]?.prints ?? [], key);
    for (const [x, other] of this.#items.entries()) {
      const certain = this.#certain[x] ?? null;
      if (x === candidate || x === item || x === START || certain === null) continue;
      if (!isBlocker(other, key, made)) continue;
      const [first, second] = [this.#orderOf(candidate, x), this.#orderOf(x, item)];
      if (first === NONE || second === NONE) continue;
      this.#noteRuledOut(demand, candidate, x, [first, second, ...certain]);
      return;
    }
  }

  #noteRuledOut(
    demand: number,
    candidate: number,
    between: number | null,
    from: readonly number[],
  ): void {
    const deduction: Deduction = { kind: "not-source", demand, candidate, between, from };
    this.#ruledOut[demand]?.set(candidate, this.#deductions.push(deduction) - 1);
  }

  #writes(item: number, key: number): boolean {
    return item !== START && madeOn(this.#items[item]?.prints ?? [], key) !== undefined;
  }
}

function none(length: number): Int32Array {
  return new Int32Array(length).fill(NONE);
}

/** The deductions that make an item certain at first: none, or null for one that is not. */
function whyCertain({ isCertain }: Item): readonly number[] | null {
  return isCertain ? [] : null;
}

const NOTHING = { item: 0, key: 0 };
