import type { Model } from "../models/index.ts";
import { valueText } from "./proof-items.ts";
import { hasCrashBetween, timeText } from "./sentences.ts";
import type { Claim, Subject } from "./claims.ts";

/** Cores of more operations are not looked at for the one order that time leaves them. */
const CORE_MAX = 12;
const STATES_TOLD_MAX = 3;

/** A claim that sentences speak of. */
export interface ToldClaim {
  readonly name: string;
  readonly claim: Claim;
  readonly isCore: boolean;
}

/**
 * Says of a core of any object what its times say, and that no order that agrees with them gives
 * all its answers.
 *
 * @param told The core, and the operations besides whose times matter, in the order of invocation.
 */
export function timesText(subject: Subject, told: readonly ToldClaim[]): string[] {
  const core = told.filter(({ isCore }) => isCore);
  const times = timesOf(subject, told);
  const rest = "whatever the other operations did";
  const last = core.at(-1)?.name ?? "";
  if (core.length === 1) return [...times, `${last} cannot give its answer, ${rest}.`];
  if (core.length > CORE_MAX || !isInOneOrder(core)) {
    const names = listOf(core.map(({ name }) => name));
    return [...times, `No order of ${names} gives all their answers, ${rest}.`];
  }
  const before = core.slice(0, -1);
  const states = statesAfter(subject.model, before);
  const self = before.length === 1 ? "itself" : "themselves";
  const who = listOf(before.map(({ name }) => name));
  return [
    ...times,
    `So ${listOf(core.map(({ name }) => name))} came in this order.`,
    ...(states.length === 0 ? [] : [`By ${self} ${who} would leave ${stateText(states)}.`]),
    `${last} cannot give its answer there, ${rest}.`,
  ];
}

/** Who was over before who began, leaving out what follows from others. */
function timesOf(subject: Subject, told: readonly ToldClaim[]): string[] {
  return told.flatMap(({ claim: before, name }) =>
    told.flatMap(({ claim: after, name: later }) => {
      if (before.ends >= after.begins) return [];
      const isLong = told.some(
        ({ claim: via }) => before.ends < via.begins && via.ends < after.begins,
      );
      const isOverCrash = hasCrashBetween(subject, before.ends, after.begins);
      return isLong ? [] : [`${timeText(name, !before.isRequired, later, isOverCrash)}.`];
    }),
  );
}

function isInOneOrder(core: readonly ToldClaim[]): boolean {
  return core.every(({ claim }, i) => claim.ends < (core[i + 1]?.claim.begins ?? Infinity));
}

/** What some operations leave, one after the other; nothing if they do not fit together. */
function statesAfter(model: Model, told: readonly ToldClaim[]): readonly unknown[] {
  return told.reduce<readonly unknown[]>(
    (states, { claim }) => states.flatMap((state) => model.step(state, claim.call)),
    [model.initial],
  );
}

function stateText(states: readonly unknown[]): string {
  const some = states.slice(0, STATES_TOLD_MAX).map(valueText).join(" or ");
  return states.length > STATES_TOLD_MAX ? `${some} or others` : some;
}

function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
