import {
  CRASH,
  EXPIRE,
  FootprintColumns,
  FootprintSteps,
  INVOKE,
  type Part,
  PartBuilder,
  type Problem,
  RETURN,
  type Steps,
  TableSteps,
} from "../search/index.ts";
import { type KeyPrint, type Subject, UNKNOWN } from "./claims.ts";

/** As forgotten, and what it must find is forgotten too: it can leave its value at any moment. */
export const FORGOTTEN = 1;
/** As forgotten, and when it can have happened is forgotten too. */
export const LOOSE = 2;
/** As forgotten, and what it must find is forgotten too: it can leave its value at any time. */
export const FREED = 3;
/** All of a claim is known. */
export const KEPT = 4;

type Chosen = ReadonlyMap<number, number>;

/**
 * What a trial asks the search.
 *
 * @param chosen What is known of each claim that counts.
 * @param past Values of the one key, any of which may be there before the first event, besides the
 *   initial one.
 */
export function trialProblem(subject: Subject, chosen: Chosen, past: readonly unknown[]): Problem {
  const claims = [...chosen.keys()].toSorted((a, b) => a - b);
  const part = partOf(subject, chosen, claims, past.length);
  const steps = subject.isRegisters
    ? registers(subject, chosen, claims, past, part)
    : tableSteps(subject, chosen, claims);
  return { part, steps };
}

/** Past values come first: as operations that may have happened, and never can again. */
function partOf(
  subject: Subject,
  chosen: Chosen,
  claims: readonly number[],
  pastValues: number,
): Part {
  const builder = new PartBuilder();
  const events: [order: number, operation: number, kind: number][] = [];
  for (let i = 0; i < pastValues; i++) {
    const local = builder.addOperation(0, false, false);
    builder.addEvent(local, INVOKE, 0);
  }
  for (let local = 0; local < pastValues; local++) builder.addEvent(local, EXPIRE, 0);
  for (const i of claims) {
    const claim = subject.claims[i];
    if (claim === undefined) continue;
    const { begins, ends, isRequired, isObserver } = claim;
    const isKept = chosen.get(i) === KEPT;
    const local = builder.addOperation(i, isKept && isRequired, isKept && isObserver);
    const isLoose = chosen.get(i) === LOOSE;
    events.push([isLoose ? -1 : begins, local, INVOKE]);
    if (isLoose || !Number.isFinite(ends)) continue;
    events.push([ends, local, isKept && isRequired ? RETURN : EXPIRE]);
  }
  // Operations that one crash cuts off end there, in the order of invocation, and it comes after.
  for (const at of subject.crashes) events.push([at, 0, CRASH]);
  for (const [order, operation, kind] of events.toSorted((a, b) => a[0] - b[0])) {
    builder.addEvent(operation, kind, Math.max(0, order));
  }
  return builder.finish();
}

function registers(
  subject: Subject,
  chosen: Chosen,
  claims: readonly number[],
  past: readonly unknown[],
  { isRequired }: Part,
): FootprintSteps {
  const { keys, initial } = subject;
  const columns = new FootprintColumns();
  for (let key = 0; key < keys.length; key++) columns.numberOf(key, initial);
  for (const value of past) columns.add(0, { makes: value });
  for (const i of claims) {
    const claim = subject.claims[i];
    const state = chosen.get(i);
    const known = (state === KEPT ? claim?.prints : claim?.forgotten) ?? [];
    const prints: readonly KeyPrint[] =
      state === FREED ? known.map(({ key, makes }) => ({ key, makes })) : known;
    const [only] = prints;
    if (only !== undefined && (prints.length === 1 || only.makes !== undefined)) {
      columns.add(only.key, only);
      continue;
    }
    columns.addScan(
      prints.flatMap(({ key, needs }) => (needs === undefined ? [] : [[key, needs] as const])),
    );
  }
  return new FootprintSteps({ columns, keys: keys.length, initial, isRequired, mergesDead: true });
}

function tableSteps(subject: Subject, chosen: Chosen, claims: readonly number[]): Steps {
  const calls = claims.flatMap((i) => {
    const call = subject.claims[i]?.call;
    if (call === undefined) return [];
    return [chosen.get(i) === KEPT ? call : { ...call, ...UNKNOWN }];
  });
  return new TableSteps(subject.model, calls, subject.crashes.length > 0);
}
