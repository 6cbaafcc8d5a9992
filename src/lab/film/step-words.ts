import { deedOf, type Fact, heldOf, intentOf, type LatchFact, wishOf } from "../../task/index.ts";

/**
 * Steps in the words of the lab: those of stories, but of a latch no more than what the drawing
 * does not show. What a page is to the protocol is said where it is a neighbour.
 */
interface StepWords {
  /** In the infinitive: `latch S on page 4 (root)`. */
  readonly intent: string;
  /** Of somebody: `latches S on page 4 (root)`. */
  readonly deed: string;
  /** After `waits`: `to latch S on page 4 (root)`. */
  readonly wish: string;
}

/** @param object What the step is about, by its name. */
export function stepWords(fact: Fact, object: string): StepWords {
  if (fact.kind !== "latch-ask") {
    return {
      intent: intentOf(fact, object),
      deed: deedOf(fact, object),
      wish: wishOf(fact, object),
    };
  }
  const [to, does] = verbsOf(fact);
  const rest = `${fact.mode} on ${object}${placeText(fact)}`;
  return { intent: `${to} ${rest}`, deed: `${does} ${rest}`, wish: `to ${to} ${rest}` };
}

/** What somebody did who did not get what he asked for, and waits. */
export function askedInVain(fact: Fact, object: string): string {
  return `asks to ${stepWords(fact, object).intent}, and has to wait`;
}

/** What is held since a step was taken: `X on page 4 (root)`. */
export function heldWords(fact: Fact, object: string): string {
  if (fact.kind !== "latch-ask") return heldOf(fact, object);
  return `${fact.heldMode ?? fact.mode} on ${object}`;
}

/** What somebody does next who has been given what he waited for. */
export function goesOnWith({ mode }: LatchFact, object: string): string {
  return `go on: it has been given ${mode} on ${object}`;
}

function verbsOf({ heldMode, isTry }: LatchFact): readonly [to: string, does: string] {
  if (heldMode !== null) return ["upgrade to", "upgrades to"];
  return isTry ? ["try", "tries"] : ["latch", "latches"];
}

/** Sites that say where a page is beside the one that the task comes from. */
const NEIGHBOURS: ReadonlySet<string> = new Set([
  "left sibling",
  "right sibling",
  "right neighbour",
  "left of a split",
  "left of a split again",
]);

function placeText({ site, isFetching }: LatchFact): string {
  const place = NEIGHBOURS.has(site) ? `, as ${site}` : "";
  return isFetching ? `${place}, once it is read in` : place;
}
