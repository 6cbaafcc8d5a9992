import type { Subject } from "./claims.ts";
import type { Trial } from "./trial.ts";

/** A set of claims that cannot be explained, whatever the others did. */
export interface Core {
  /** Indices of claims, ascending. */
  readonly claims: readonly number[];
  /** True if it was shown that with any one of them forgotten the rest can be explained. */
  readonly isMinimal: boolean;
}

/** Events on either side of the place where the search ended, in the first trial. */
const FIRST_REACH = 8;

/** Among more than so many, it takes too long to find out whose times matter. */
const TIMED_MAX = 100;
/** Most operations that are taken from just before an answer. */
const FEW_MAX = 16;
/** How far to look, in events, for a window that is impossible whatever was before it. */
const NEAR_MAX = 1024;

/**
 * Finds a core: a set of claims that cannot be explained, of which none can be forgotten.
 *
 * First a window around the event at which the search ended, ever wider until it is impossible by
 * itself; then QuickXplain in it (Junker 2004), from several sides, since a set that cannot be made
 * smaller need not be the smallest. O(size of the core * log(window)) trials. Most are short: only
 * what they leave is tried with all that was before.
 */
export function coreOf(subject: Subject, trial: Trial, event: number): Core {
  const window = impossibleWindow(subject, trial, event);
  const near = window.isNear ? nearCore(subject, trial, window.claims) : window.claims;
  const isEnough = (kept: readonly number[]): boolean => trial.isImpossible(kept);
  const isOver = (): boolean => trial.isSpent;
  let best: readonly number[] | null = null;
  for (const order of ordersOf(subject, near)) {
    if (trial.isSpent && best !== null) break;
    const found = minimal(isEnough, order, isOver).toSorted(ascending);
    if (best === null || isBetter(subject, found, best)) best = found;
    // What is small already is not looked at from more sides.
    if (window.isNear) break;
  }
  const claims = best ?? near;
  return { claims, isMinimal: isMinimal(trial, claims) };
}

/** The smallest of some cores of a window, with what was before it forgotten: that is cheap. */
function nearCore(subject: Subject, trial: Trial, window: readonly number[]): readonly number[] {
  const isEnough = (kept: readonly number[]): boolean => trial.isImpossibleHere(kept);
  const isOver = (): boolean => trial.isSpent;
  let best = window;
  for (const order of ordersOf(subject, window)) {
    const found = minimal(isEnough, order, isOver);
    if (isBetter(subject, found, best)) best = found;
  }
  return best;
}

/** A window that is impossible by itself; near, if it is so whatever was before it. */
function impossibleWindow(
  subject: Subject,
  trial: Trial,
  event: number,
): { claims: readonly number[]; isNear: boolean } {
  for (const near of [fewBefore(subject, event), windowsAround(subject, event, NEAR_MAX)]) {
    for (const claims of near) {
      if (trial.isImpossibleHere(claims)) return { claims, isNear: true };
    }
  }
  for (const claims of windowsAround(subject, event, Number.POSITIVE_INFINITY)) {
    if (trial.isImpossible(claims)) return { claims, isNear: false };
    if (trial.isSpent) break;
  }
  const all = subject.claims.flatMap(({ isRequired }, i) => (isRequired ? [i] : []));
  return { claims: all, isNear: false };
}

/**
 * What returned there, with ever more of those that were over before it began, latest first. Being
 * few, they are soon tried, and mostly enough: an answer is wrong for what was there just before.
 */
function* fewBefore({ claims }: Subject, event: number): Generator<readonly number[]> {
  const last = claims.findIndex(({ ends, isRequired }) => isRequired && ends === event);
  const begins = claims[last]?.begins;
  if (begins === undefined) return;
  const before = claims
    .flatMap(({ ends, isRequired }, i) => (isRequired && ends < begins ? [i] : []))
    .toSorted((a, b) => (claims[b]?.begins ?? 0) - (claims[a]?.begins ?? 0));
  for (let count = 0; count <= FEW_MAX; count = count === 0 ? 1 : count * 2) {
    yield [last, ...before.slice(0, count)];
  }
}

/**
 * Claims that were open around a place, ever more of them, but never all of them. One that need not
 * have happened excludes no more if it is kept than if it is forgotten.
 */
function* windowsAround(
  { claims }: Subject,
  event: number,
  reachMax: number,
): Generator<readonly number[]> {
  const moments = claims
    .flatMap(({ begins, ends }) => [begins, ends])
    .filter((moment) => Number.isFinite(moment))
    .toSorted((a, b) => a - b);
  const after = moments.findIndex((moment) => moment > event);
  const center = after < 0 ? moments.length : after;
  for (let reach = FIRST_REACH; reach < moments.length && reach <= reachMax; reach *= 2) {
    const from = moments[Math.max(0, center - reach)] ?? 0;
    const to = moments[Math.min(moments.length - 1, center + reach)] ?? 0;
    yield claims.flatMap(({ begins, ends, isRequired }, i) =>
      isRequired && begins <= to && ends >= from ? [i] : [],
    );
  }
}

/** The same claims from several sides: those that come first are the likelier to be kept. */
function ordersOf(subject: Subject, claims: readonly number[]): (readonly number[])[] {
  const isWrite = (i: number): number => (subject.claims[i]?.isObserver === true ? 1 : 0);
  const writesFirst = claims.toSorted((a, b) => isWrite(a) - isWrite(b));
  return [claims.toReversed(), claims, writesFirst, writesFirst.toReversed()];
}

/** Fewer is better, and then closer together. */
function isBetter(subject: Subject, a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return a.length < b.length;
  // Claims are in the order of invocation.
  const span = (core: readonly number[]): number => {
    const ordered = core.toSorted(ascending);
    const beginsOf = (at: number): number => subject.claims[ordered.at(at) ?? 0]?.begins ?? 0;
    return beginsOf(-1) - beginsOf(0);
  };
  return span(a) < span(b);
}

/**
 * Of the claims outside of a core, those whose times matter: with the times of all others forgotten
 * as well, the core is still impossible. Ascending; none of them can be left out. None at all if
 * that takes too long to find out.
 */
export function timedBeside(trial: Trial, core: readonly number[]): readonly number[] {
  const forgotten = trial.forgottenBeside(core);
  if (forgotten.length > TIMED_MAX) return [];
  trial.turnToTimes();
  const isEnough = (timed: readonly number[]): boolean => trial.isImpossible(core, timed);
  if (isEnough([])) return [];
  const timed = minimal(isEnough, forgotten, () => trial.isSpent);
  return trial.wasGivenUp ? [] : timed.toSorted(ascending);
}

/** QuickXplain: a part of `claims` that is enough and of which nothing can be left out. */
function minimal(
  isEnough: (claims: readonly number[]) => boolean,
  claims: readonly number[],
  isOver: () => boolean,
): readonly number[] {
  const explain = (
    kept: readonly number[],
    isNew: boolean,
    rest: readonly number[],
  ): readonly number[] => {
    if (isNew && isEnough(kept)) return [];
    if (rest.length <= 1 || isOver()) return rest;
    const half = rest.length >> 1;
    const [first, second] = [rest.slice(0, half), rest.slice(half)];
    const ofSecond = explain([...kept, ...first], true, second);
    const ofFirst = explain([...kept, ...ofSecond], ofSecond.length > 0, first);
    return [...ofFirst, ...ofSecond];
  };
  return explain([], true, claims);
}

function isMinimal(trial: Trial, core: readonly number[]): boolean {
  const wasGivenUp = trial.wasGivenUp;
  trial.wasGivenUp = false;
  const isEachNeeded = core.every((each) => !trial.isImpossible(core.filter((i) => i !== each)));
  const isSure = !trial.wasGivenUp;
  trial.wasGivenUp = wasGivenUp;
  return isEachNeeded && isSure;
}

function ascending(a: number, b: number): number {
  return a - b;
}
