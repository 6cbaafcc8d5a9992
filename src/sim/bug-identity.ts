import { type Fact, labelOf } from "../task/index.ts";
import type { ReportedRun } from "./blocked.ts";
import { type CycleMember, type Failure, type FailureKind, linesOf } from "./failure.ts";
import type { SimTask } from "./sim-task.ts";
import type { PendingStep } from "./strategy.ts";

/**
 * What makes two failures the same bug. Not the kind alone: one program can have two lost updates,
 * and whoever shrinks the run of one must not end with the other.
 *
 * Two runs show the same bug if four things are alike:
 *
 * 1. The *kind* of the failure, as `deadlock` or `wrong-result`.
 * 2. The *rule* that was broken, in the words of the report and without its numbers: which check
 *    failed, what was thrown and where in the user's code, which latch order was broken. The
 *    numbers (keys, pages, positions, values) are what shrinking changes.
 * 3. The *roles* of the objects: what a latch was asked for as (`left sibling`), and for any other
 *    object its name. A page's number is no role, nor is a task's letter.
 * 4. The two *accesses in conflict*: each says how (`latch X`, `read`) which role was accessed.
 *
 * Where 3 and 4 come from depends on the kind:
 *
 * - `deadlock`: for each task of the cycle, what it waits for, and what of it the others wait for.
 *   A cycle of three in which each does the same is the same bug as one of two.
 * - `potential-deadlock`: what was asked for while which other thing was held. `latch-order`: the
 *   same, of the first breach.
 * - `stuck` and `lost-wakeup`: what those who sleep wait for.
 * - What is judged by its outcome (`wrong-result`, `not-linearizable`, `broken-tree`, `exception`,
 *   `not-durable`, `not-recovered`): nothing in the failure says which race has led to it. So the
 *   run is asked: at the last choice at which another decision avoids the failure, the step that
 *   was taken and the step that should have come first are the two in conflict, in this order
 *   (see `decisive-switch.ts`). No such choice: the bug needs no other task, or several races
 *   have come together, each of which would do; there is no one conflict. Where the power has
 *   failed, the crash is one of the two, and the other is not asked for: a crash a little later,
 *   or after another step, loses the same.
 * - All others name a place in the code, which is their rule, and have no accesses.
 *
 * Left out: what two tasks are called, which operations they run, and how many do the same.
 */
export interface BugIdentity {
  readonly kind: FailureKind;
  readonly rule: string;
  /** Of whatever conflicts, with the roles; null where it was not or could not be looked for. */
  readonly accesses: readonly BugAccess[] | null;
}

/** One access of those in conflict. */
export interface BugAccess {
  /** `latch X`, `read`, `hold S`, `crash`. */
  readonly how: string;
  /** What the object is: a name, or what a page was wanted as. Empty for none. */
  readonly role: string;
}

/** How the names of a program's objects become roles. */
export interface RoleNames {
  /** Of a latch, by what it was asked for as and what it is called. */
  latch(site: string, name: string): string;
  /** Of any other object. */
  object(name: string): string;
  /** A report without what differs between runs of the same bug. */
  rule(text: string): string;
}

/** In a program of one's own the names of objects are their roles. */
export const OWN_NAMES: RoleNames = {
  latch: (_, name) => name,
  object: (name) => name,
  rule: withoutNumbers,
};

/** Kinds that say nothing of the race that has led to them: their conflict has to be looked for. */
const JUDGED: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "wrong-result",
  "not-linearizable",
  "broken-tree",
  "exception",
  "not-durable",
  "not-recovered",
]);

/** Whether the conflict of a failure of this kind has to be looked for, by running alternatives. */
export function needsConflict(kind: FailureKind): boolean {
  return JUDGED.has(kind);
}

/**
 * What a run's failure says of its identity by itself; without its conflict, where that has to be
 * looked for. Requires: the run has just failed in this way. O(tasks).
 */
export function identityOf(failure: Failure, run: ReportedRun, names: RoleNames): BugIdentity {
  const { kind } = failure;
  return { kind, rule: ruleOf(failure, names), accesses: accessesOf(failure, run, names) };
}

/** Whether two failures may be one bug: what is known of both is alike. */
export function isSameBug(a: BugIdentity, b: BugIdentity): boolean {
  if (a.kind !== b.kind || a.rule !== b.rule) return false;
  return a.accesses === null || b.accesses === null || textOf(a) === textOf(b);
}

/**
 * Whether a run shows the bug that is wanted. Where no single switch avoids the wanted one, several
 * races have come together and each would do: then any of them is it.
 */
export function showsBug(wanted: BugIdentity, found: BugIdentity): boolean {
  const isAny = needsConflict(wanted.kind) && wanted.accesses?.length === 0;
  return isSameBug(isAny ? { ...wanted, accesses: null } : wanted, found);
}

/** An identity in one line: `wrong-result, "the total is #": read total before write total`. */
export function identityText(identity: BugIdentity): string {
  const rule = identity.rule === "" ? "" : `, ${JSON.stringify(identity.rule)}`;
  const { accesses } = identity;
  return `${identity.kind}${rule}${accesses === null ? "" : `: ${textOf(identity)}`}`;
}

/** How a step accesses what. */
export function accessOf(fact: Fact, objectName: string, names: RoleNames): BugAccess {
  if ("site" in fact) return { how: howAt(fact), role: names.latch(fact.site, objectName) };
  const name = objectName === "" && "name" in fact ? fact.name : objectName;
  return { how: withoutNumbers(labelOf(fact)), role: names.object(name) };
}

function howAt(fact: Fact): string {
  if (fact.kind === "page-read-optimistic") return `read ${fact.phase}`;
  return fact.kind === "latch-ask" ? `latch ${fact.mode}` : "fetch";
}

/** {@link accessOf} of the step that a task is about to take. */
export function accessOfPending(
  step: PendingStep | null,
  nameOf: (objectId: number) => string,
  names: RoleNames,
): BugAccess {
  if (step === null) return { how: "start", role: "" };
  return accessOf(step.fact(), step.objectId < 0 ? "" : nameOf(step.objectId), names);
}

const NUMBER = /0x[0-9a-f]+|(?<![\w-])-\d+(?:\.\d+)?|\d+(?:\.\d+)?/g;

/** A text with `#` for each number: keys, pages and values say which run it is, not which bug. */
export function withoutNumbers(text: string): string {
  return text.replace(NUMBER, "#");
}

function ruleOf(failure: Failure, names: RoleNames): string {
  const { kind, rule, message, breaches, places = [] } = failure;
  if (kind === "latch-order") return breaches?.[0]?.rule ?? "";
  if (rule !== undefined) return rule;
  if (SAID_BY_ACCESSES.has(kind)) return "";
  const [first = ""] = linesOf(message);
  // What is between them is the way there, which may differ.
  const place = places.find(({ isCause }) => !isCause)?.text ?? "";
  return names.rule(first) + (place === "" ? "" : ` at ${place}`);
}

/** Kinds whose messages name tasks and objects, which are in the accesses. */
const SAID_BY_ACCESSES: ReadonlySet<FailureKind> = new Set<FailureKind>([
  "deadlock",
  "potential-deadlock",
  "stuck",
  "lost-wakeup",
  "livelock",
  "nondeterminism",
]);

function accessesOf(
  failure: Failure,
  run: ReportedRun,
  names: RoleNames,
): readonly BugAccess[] | null {
  const wish = (task: number): BugAccess =>
    accessOfPending(
      run.tasks[task]?.pending ?? null,
      (id) => run.program.describeObject(id),
      names,
    );
  const { kind, cycle, forgotten } = failure;
  if (cycle !== undefined) {
    return inOrder(cycle.flatMap((one) => accessesOfMember(one, cycle, names)));
  }
  if (forgotten !== undefined) return [wish(forgotten)];
  if (kind === "potential-deadlock") return inOrder(predicted(run, names));
  if (kind === "latch-order") return breached(failure, run, names);
  if (kind === "stuck") {
    return inOrder(run.tasks.filter((task) => !task.isDone).map(({ id }) => wish(id)));
  }
  if (!needsConflict(kind)) return [];
  return run.tasks.some(hasCrashed) ? [{ how: "crash", role: "" }] : null;
}

/** What the first breach of a latch order held, and what it asked for. */
function breached({ breaches }: Failure, run: ReportedRun, names: RoleNames): BugAccess[] {
  const name = (id: number): string => run.program.describeObject(id);
  return (breaches ?? [])
    .slice(0, 1)
    .flatMap(({ heldSite, heldObject, wantedSite, wantedObject }) => [
      { how: "hold", role: names.latch(heldSite, name(heldObject)) },
      { how: "ask for", role: names.latch(wantedSite, name(wantedObject)) },
    ]);
}

function hasCrashed({ source, stepsTaken }: SimTask): boolean {
  return source.isCrash === true && stepsTaken > 0;
}

/** What one task of a cycle waits for, and what the others want of what it holds. */
function accessesOfMember(
  member: CycleMember,
  cycle: readonly CycleMember[],
  names: RoleNames,
): BugAccess[] {
  const wanted = new Set(cycle.map(({ wants }) => wants?.object));
  const held = member.held.filter(({ object }) => wanted.has(object));
  const { wants } = member;
  const wishes = wants === null ? [] : [accessOf(wants.fact, wants.object, names)];
  const holds = held.map(({ fact, object }) => accessOf(fact, object, names));
  return [...wishes, ...holds.map(({ how, role }) => ({ how: `hold after ${how}`, role }))];
}

function predicted(run: ReportedRun, names: RoleNames): BugAccess[] {
  const name = (id: number): string => names.object(run.program.describeObject(id));
  const members = run.orderGraph.predict()?.members ?? [];
  return members.map(({ heldObject, wantedObject }) => ({
    how: `hold ${name(heldObject)} and ask for`,
    role: name(wantedObject),
  }));
}

/** Each once, in an order that does not depend on who came first. */
function inOrder(accesses: readonly BugAccess[]): BugAccess[] {
  const byText = new Map(accesses.map((one) => [textOfAccess(one), one]));
  const texts = [...byText.keys()].toSorted();
  return texts.flatMap((text) => byText.get(text) ?? []);
}

function textOf({ kind, accesses }: BugIdentity): string {
  const texts = (accesses ?? []).map(textOfAccess);
  if (texts.length === 0) return "no conflict";
  return texts.join(needsConflict(kind) ? " before " : ", ");
}

function textOfAccess({ how, role }: BugAccess): string {
  return role === "" ? how : `${how} ${role}`;
}
