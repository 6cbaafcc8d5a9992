import { sameJson } from "../models/index.ts";
import type { KeyPrint, Subject } from "./claims.ts";
import type { Trial } from "./trial.ts";

/** Number of the item that stands for what the keys hold at first. */
export const START = 0;

/** So many operations that no more are looked for; a proof with twice as many cannot be read. */
const ITEMS_MAX = 24;
/** If more can have left a value, nothing is concluded from it. */
const CANDIDATES_MAX = 10;
const NOT_RULED_OUT = -1;
const LATE = -2;
/** If no more can have left a value, each is named. */
const NAMED_MAX = 3;

/** An operation in a proof, or {@link START}. */
export interface Item {
  /** Index of its claim; -1 for the start. */
  readonly claim: number;
  readonly begins: number;
  readonly ends: number;
  /** True if it is in the core and must have happened. */
  readonly isCertain: boolean;
  /** True if it never returned, but had its last chance at its end. */
  readonly isCut: boolean;
  /** What it must find, and what it leaves. */
  readonly prints: readonly KeyPrint[];
}

/** What an item must find on one key, and the items that can have left it. */
export interface Demand {
  readonly item: number;
  readonly key: number;
  /** It found this, or (`isNot`) anything but this. */
  readonly value: unknown;
  readonly isNot: boolean;
  readonly candidates: readonly number[];
  /** More that time rules out, without being named. */
  readonly others: Others;
  /** Items of the core that would have left such a value, but answered that they did not. */
  readonly refused: readonly number[];
  /** True if no operation leaves such a value. */
  readonly isUnheardOf: boolean;
}

/** How many writers of a value began too late, and which items came between the others and it. */
export interface Others {
  readonly late: number;
  /** For each item that came in between: how many were over before it began. */
  readonly early: ReadonlyMap<number, number>;
}

/** What a proof is about. */
export interface Items {
  readonly items: readonly Item[];
  readonly demands: readonly Demand[];
}

/** What prints leave on a key; undefined if they change nothing there. */
export function madeOn(prints: readonly KeyPrint[], key: number): unknown {
  return prints.find((print) => print.key === key && print.makes !== undefined)?.makes;
}

/**
 * True if `made`, left on a key before this item, is not what is found after it: the item changes
 * the key, or found something else there.
 */
export function isBlocker({ prints }: Item, key: number, made: unknown): boolean {
  return prints.some((print) => {
    if (print.key !== key) return false;
    if (print.makes !== undefined) return true;
    if (print.needs !== undefined) return !sameJson(print.needs, made);
    return print.avoids !== undefined && sameJson(print.avoids, made);
  });
}

/** Collects the core and what can have left the values it found; null if that is too much. */
export function itemsOf(subject: Subject, trial: Trial, core: readonly number[]): Items | null {
  return new Collector(subject, trial, core).run();
}

class Collector {
  readonly #subject: Subject;
  readonly #trial: Trial;
  readonly #items: Item[] = [];
  readonly #numbers = new Map<number, number>();
  readonly #core: ReadonlySet<number>;
  /** An operation outside of the core matters only before this: the last return in the core. */
  readonly #horizon: number;

  constructor(subject: Subject, trial: Trial, core: readonly number[]) {
    this.#subject = subject;
    this.#trial = trial;
    this.#core = new Set(core);
    const returns = core
      .flatMap((i) => subject.claims[i] ?? [])
      .filter((claim) => claim.isRequired);
    this.#horizon = Math.max(...returns.map(({ ends }) => ends));
    const { initial, keys } = subject;
    const prints = keys.map((_, key) => ({ key, makes: initial }));
    this.#items.push({ claim: -1, begins: -2, ends: -1, isCertain: true, isCut: false, prints });
    for (const claim of core) this.#numberOf(claim);
  }

  run(): Items | null {
    const demands: Demand[] = [];
    for (let item = 0; item < this.#items.length; item++) {
      // What an operation outside of the core must have found matters, but need not be asked.
      if (this.#items.length > ITEMS_MAX && item > this.#core.size) break;
      for (const print of this.#items[item]?.prints ?? []) {
        for (const isNot of [false, true]) {
          const value = isNot ? print.avoids : print.needs;
          const demand = value === undefined ? null : this.#demandOf(item, print.key, value, isNot);
          if (demand !== null) demands.push(demand);
        }
      }
    }
    if (this.#items.length > ITEMS_MAX * 2) return null;
    return { items: this.#items, demands };
  }

  /** Null if too many can have left the value: nothing is concluded from it then. */
  #demandOf(item: number, key: number, value: unknown, isNot: boolean): Demand | null {
    const self = (this.#items[item]?.claim ?? -1) + 1;
    const all = this.#makersOf(key, value, isNot).filter(
      (maker) => maker === START || (maker !== self && !this.#hasDoneNothing(maker - 1)),
    );
    const makers: number[] = [];
    const refused: number[] = [];
    const others = { late: 0, early: new Map<number, number>() };
    for (const maker of all) {
      if (this.#hasRefused(maker, key, value, isNot)) {
        refused.push(this.#numberOf(maker - 1));
        continue;
      }
      const by = this.#namedBy(maker, item, key, all.length <= NAMED_MAX);
      if (by === NOT_RULED_OUT) makers.push(maker);
      else if (by === LATE) others.late++;
      else others.early.set(by, (others.early.get(by) ?? 0) + 1);
    }
    if (makers.length > CANDIDATES_MAX) return null;
    const candidates = makers.map((maker) => (maker === START ? START : this.#numberOf(maker - 1)));
    return { item, key, value, isNot, candidates, others, refused, isUnheardOf: all.length === 0 };
  }

  /** True of an operation outside of the core that answered so. It need not be named. */
  #hasDoneNothing(claim: number): boolean {
    return !this.#core.has(claim) && this.#subject.claims[claim]?.isObserver === true;
  }

  /** True of an item of the core whose answer says that it left no such value. */
  #hasRefused(maker: number, key: number, value: unknown, isNot: boolean): boolean {
    if (maker === START || !this.#core.has(maker - 1)) return false;
    const made = madeOn(this.#subject.claims[maker - 1]?.prints ?? [], key);
    return made === undefined || sameJson(made, value) === isNot;
  }

  /** START, and claims plus one. */
  #makersOf(key: number, value: unknown, isNot: boolean): number[] {
    const { initial, claims } = this.#subject;
    const agrees = (made: unknown): boolean => sameJson(made, value) !== isNot;
    const makers = agrees(initial) ? [START] : [];
    if (!isNot) {
      for (const claim of this.#trial.makersOf(key, value)) makers.push(claim + 1);
      return makers;
    }
    for (const [i, { forgotten }] of claims.entries()) {
      const made = madeOn(forgotten ?? [], key);
      if (made !== undefined && agrees(made)) makers.push(i + 1);
    }
    return makers;
  }

  /** A few are named even if time rules them out; not for an item outside of the core. */
  #namedBy(maker: number, item: number, key: number, areFew: boolean): number {
    const by = this.#ruledOutBy(maker, item, key);
    const isOutside = item > this.#core.size;
    return areFew && !(isOutside && by === LATE) ? NOT_RULED_OUT : by;
  }

  /**
   * By time only: LATE if it began after the item was over, or else an item of the core that came
   * between the two and left, or found, something else.
   */
  #ruledOutBy(maker: number, reader: number, key: number): number {
    const claim = this.#subject.claims[maker - 1];
    const read = this.#items[reader];
    if (read === undefined) return NOT_RULED_OUT;
    const [begins, ends] = maker === START ? [-2, -1] : [claim?.begins ?? 0, claim?.ends ?? 0];
    if (begins > read.ends) return LATE;
    const made = maker === START ? this.#subject.initial : madeOn(claim?.forgotten ?? [], key);
    return this.#items.findIndex(
      (item, number) =>
        item.isCertain &&
        number !== START &&
        item.claim !== maker - 1 &&
        ends < item.begins &&
        item.ends < read.begins &&
        isBlocker(item, key, made),
    );
  }

  #numberOf(claim: number): number {
    const known = this.#numbers.get(claim);
    if (known !== undefined) return known;
    const { begins, ends, isRequired, prints, forgotten } = this.#subject.claims[claim] ?? NOBODY;
    const isCore = this.#core.has(claim);
    this.#numbers.set(claim, this.#items.length);
    return (
      this.#items.push({
        claim,
        begins,
        ends: isCore ? ends : Math.min(ends, this.#horizon),
        isCertain: isCore && isRequired,
        isCut: !isRequired,
        prints: (isCore ? prints : forgotten) ?? [],
      }) - 1
    );
  }
}

const NOBODY = { begins: 0, ends: 0, isRequired: false, prints: null, forgotten: null };
