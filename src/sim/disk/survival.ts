import { bodiesFrom, directoriesFrom, Directory, type Entry } from "./directory.ts";
import type { FileBody, SettledBody } from "./file-body.ts";
import { areEqual, sectorsIn } from "./sectors.ts";
import type { Version } from "./unsynced.ts";

/**
 * How it is drawn what survives a crash: one of a few patterns with one draw, which keeps
 * depth-first search small; each sector, size and name by a draw of its own; or first which of the
 * two.
 */
export type Survival = "patterns" | "sectors" | "mixed";

/** Draws a whole number below `count`. */
export type Choose = (count: number) => number;

/** What a disk is after a crash. */
export interface Outcome {
  /** The names of each directory that is left, outer ones first. */
  readonly names: ReadonlyMap<Directory, ReadonlyMap<string, Entry>>;
  readonly bodies: ReadonlyMap<FileBody, SettledBody>;
  /** The same for equal outcomes. */
  readonly key: string;
}

/** Something that survives in one of several versions. */
interface Unit {
  readonly kind: "name" | "size" | "sector";
  /** Its position among its neighbours: the index of a sector. */
  readonly index: number;
  /** When each version was written, oldest first. */
  readonly orders: readonly number[];
}

/** Says which version of a unit survives: 0 for the durable one, 1 for the oldest unsynced one. */
type Pick = (unit: Unit) => number;

/**
 * Draws what survives a crash.
 *
 * @param firstInFlight Effects from this one on belong to requests that were not finished.
 */
export function drawSurvivors(
  directory: Directory,
  firstInFlight: number,
  survival: Survival,
  choose: Choose,
): Outcome {
  const draw = (count: number): number => (count > 1 ? choose(count) : 0);
  const isBySector = survival === "sectors" || (survival === "mixed" && draw(2) === 1);
  if (isBySector) return evaluate(directory, ({ orders }) => draw(orders.length + 1));
  const outcomes = new Map<string, Outcome>();
  for (const pick of patterns(ordersOf(directory), firstInFlight)) {
    const outcome = evaluate(directory, pick);
    if (!outcomes.has(outcome.key)) outcomes.set(outcome.key, outcome);
  }
  const distinct = [...outcomes.values()];
  return distinct[draw(distinct.length)] ?? evaluate(directory, () => 0);
}

const none: Pick = () => 0;
const all: Pick = (unit) => unit.orders.length;

/** The patterns, plainest first: outcomes that two of them share are one. */
function patterns(orders: readonly number[], firstInFlight: number): Pick[] {
  const taken = orders.filter((order) => order < firstInFlight);
  const middle = taken[Math.floor(taken.length / 2)] ?? 0;
  const written: Pick = (unit) => lastBefore(unit, firstInFlight);
  const later: Pick = (unit) => ((unit.orders.at(-1) ?? 0) < middle ? 0 : written(unit));
  const everySecond =
    (parity: number, torn: Pick, whole: Pick): Pick =>
    (unit) =>
      unit.kind === "sector" && unit.index % 2 === parity ? torn(unit) : whole(unit);
  return [
    none,
    written,
    all,
    (unit) => lastBefore(unit, middle),
    later,
    everySecond(0, none, written),
    everySecond(1, none, written),
    everySecond(0, written, all),
    everySecond(1, written, all),
    (unit) => (unit.kind === "sector" ? 0 : written(unit)),
    (unit) => (unit.kind === "name" ? 0 : written(unit)),
  ];
}

/** How many of a unit's versions were written before one effect. */
function lastBefore({ orders }: Unit, order: number): number {
  let count = 0;
  while ((orders[count] ?? order) < order) count++;
  return count;
}

/** What the disk is if each unit survives as `pick` says; asked only of what is reached then. */
function evaluate(directory: Directory, pick: Pick): Outcome {
  const picks: number[] = [];
  const asked: Pick = (unit) => {
    const version = pick(unit);
    picks.push(version);
    return version;
  };
  const names = new Map<Directory, ReadonlyMap<string, Entry>>([[directory, new Map()]]);
  const kept: number[] = [];
  const reachable = new Set<FileBody>();
  for (const one of names.keys()) {
    const survivors = one.changes.filter(
      ({ order }) => asked({ kind: "name", index: 0, orders: [order] }) === 1,
    );
    for (const { order } of survivors) kept.push(order);
    const after = one.after(survivors);
    names.set(one, after);
    const below: Directory[] = [];
    for (const entry of after.values()) {
      if (entry instanceof Directory) below.push(entry);
      else reachable.add(entry);
    }
    for (const child of bySerial(below)) if (!names.has(child)) names.set(child, new Map());
  }
  const bodies = new Map<FileBody, SettledBody>();
  for (const body of bySerial(reachable)) bodies.set(body, settledBody(body, asked));
  return { names, bodies, key: `${kept.join()};${picks.join()}` };
}

function bySerial<T extends { readonly serial: number }>(entries: Iterable<T>): T[] {
  return [...entries].toSorted((a, b) => a.serial - b.serial);
}

function settledBody(body: FileBody, pick: Pick): SettledBody {
  const sizes = changesOf(body.durableSize, body.unsyncedSize.versions, (a, b) => a === b);
  const size = pickOne("size", 0, body.durableSize, sizes, pick);
  const sectors = new Map<number, Uint8Array>();
  for (const [index, { versions }] of body.unsyncedSectors) {
    if (index >= sectorsIn(size)) continue;
    const old = body.durableSector(index);
    const changes = changesOf(old, versions, areEqual);
    sectors.set(index, pickOne("sector", index, old, changes, pick));
  }
  return { size, sectors };
}

function pickOne<T>(
  kind: Unit["kind"],
  index: number,
  old: T,
  versions: readonly Version<T>[],
  pick: Pick,
): T {
  if (versions.length === 0) return old;
  const version = pick({ kind, index, orders: versions.map(({ order }) => order) });
  return versions[version - 1]?.value ?? old;
}

/** The versions that differ from the one before: those that do not are no outcome of their own. */
function changesOf<T>(
  old: T,
  versions: readonly Version<T>[],
  isSame: (a: T, b: T) => boolean,
): Version<T>[] {
  return versions.filter(({ value }, i) => !isSame(value, versions[i - 1]?.value ?? old));
}

/** When the effects that could be lost were made, ascending, each once. */
function ordersOf(directory: Directory): number[] {
  const orders: number[] = [];
  for (const { changes } of directoriesFrom(directory)) {
    for (const { order } of changes) orders.push(order);
  }
  for (const body of bodiesFrom(directory)) {
    for (const { order } of body.unsyncedSize.versions) orders.push(order);
    for (const [, { versions }] of body.unsyncedSectors) {
      for (const { order } of versions) orders.push(order);
    }
  }
  return [...new Set(orders)].toSorted((a, b) => a - b);
}
