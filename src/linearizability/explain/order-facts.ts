import type { Model } from "../models/index.ts";
import type { ExplanationFact } from "./facts.ts";
import { hasCrashBetween } from "./proof-facts.ts";
import type { Claim, Subject } from "./claims.ts";

/** Cores of more operations are not looked at for the one order that time leaves them. */
const CORE_MAX = 12;
const STATES_MAX = 3;

/**
 * The facts about a core of any object: what its times say, and that no order that agrees with them
 * gives all its answers.
 *
 * @param core Claims, in the order of invocation.
 * @param listed Those of the core, and besides them those whose times matter, in the same order.
 */
export function factsOfOrder(
  subject: Subject,
  core: readonly Claim[],
  listed: readonly Claim[],
): ExplanationFact[] {
  const times = timesOf(subject, listed);
  const operations = core.map(({ id }) => id);
  const operation = operations.at(-1) ?? 0;
  if (core.length === 1) return [...times, { kind: "wrong-answer", operation, isInOrder: false }];
  if (core.length > CORE_MAX || !isInOneOrder(core)) {
    return [...times, { kind: "no-order", operations }];
  }
  const states = statesAfter(subject.model, core.slice(0, -1));
  return [
    ...times,
    { kind: "only-order", operations },
    ...(states.length === 0 ? [] : [leadsTo(operations.slice(0, -1), states)]),
    { kind: "wrong-answer", operation, isInOrder: true },
  ];
}

function leadsTo(operations: readonly number[], states: readonly unknown[]): ExplanationFact {
  return {
    kind: "leads-to",
    operations,
    states: states.slice(0, STATES_MAX),
    count: states.length,
  };
}

/** Which was over before which began, leaving out what follows from others. */
function timesOf(subject: Subject, listed: readonly Claim[]): ExplanationFact[] {
  return listed.flatMap((before) =>
    listed.flatMap((after): ExplanationFact[] => {
      if (before.ends >= after.begins) return [];
      const isLong = listed.some((via) => before.ends < via.begins && via.ends < after.begins);
      if (isLong) return [];
      const isCut = !before.isRequired;
      const isAcrossCrash = hasCrashBetween(subject, before.ends, after.begins);
      return [{ kind: "time", before: before.id, after: after.id, isCut, isAcrossCrash }];
    }),
  );
}

function isInOneOrder(core: readonly Claim[]): boolean {
  return core.every(({ ends }, i) => ends < (core[i + 1]?.begins ?? Infinity));
}

/** The states to which operations lead, one after the other; none if they do not fit together. */
function statesAfter(model: Model, claims: readonly Claim[]): readonly unknown[] {
  return claims.reduce<readonly unknown[]>(
    (states, { call }) => states.flatMap((state) => model.step(state, call)),
    [model.initial],
  );
}
