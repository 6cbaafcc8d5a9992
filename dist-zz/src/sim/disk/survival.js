import { bodiesFrom, directoriesFrom, Directory } from "./directory.js";
import { areEqual, sectorsIn } from "./sectors.js";
/**
 * Draws what survives a crash.
 *
 * @param firstInFlight Effects from this one on belong to requests that were not finished.
 */
export function drawSurvivors(directory, firstInFlight, survival, choose) {
    const draw = (count) => (count > 1 ? choose(count) : 0);
    const isBySector = survival === "sectors" || (survival === "mixed" && draw(2) === 1);
    if (isBySector)
        return evaluate(directory, ({ orders }) => draw(orders.length + 1));
    const outcomes = new Map();
    for (const pick of patterns(ordersOf(directory), firstInFlight)) {
        const outcome = evaluate(directory, pick);
        if (!outcomes.has(outcome.key))
            outcomes.set(outcome.key, outcome);
    }
    const distinct = [...outcomes.values()];
    return distinct[draw(distinct.length)] ?? evaluate(directory, () => 0);
}
const none = () => 0;
const all = (unit) => unit.orders.length;
/** The patterns, plainest first: outcomes that two of them share are one. */
function patterns(orders, firstInFlight) {
    const taken = orders.filter((order) => order < firstInFlight);
    const middle = taken[Math.floor(taken.length / 2)] ?? 0;
    const written = (unit) => lastBefore(unit, firstInFlight);
    const later = (unit) => ((unit.orders.at(-1) ?? 0) < middle ? 0 : written(unit));
    const everySecond = (parity, torn, whole) => (unit) => unit.kind === "sector" && unit.index % 2 === parity ? torn(unit) : whole(unit);
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
function lastBefore({ orders }, order) {
    let count = 0;
    while ((orders[count] ?? order) < order)
        count++;
    return count;
}
/** What the disk is if each unit survives as `pick` says; asked only of what is reached then. */
function evaluate(directory, pick) {
    const picks = [];
    const asked = (unit) => {
        const version = pick(unit);
        picks.push(version);
        return version;
    };
    const names = new Map([[directory, new Map()]]);
    const kept = [];
    const reachable = new Set();
    for (const one of names.keys()) {
        const survivors = one.changes.filter(({ order }) => asked({ kind: "name", index: 0, orders: [order] }) === 1);
        for (const { order } of survivors)
            kept.push(order);
        const after = one.after(survivors);
        names.set(one, after);
        const below = [];
        for (const entry of after.values()) {
            if (entry instanceof Directory)
                below.push(entry);
            else
                reachable.add(entry);
        }
        for (const child of bySerial(below))
            if (!names.has(child))
                names.set(child, new Map());
    }
    const bodies = new Map();
    for (const body of bySerial(reachable))
        bodies.set(body, settledBody(body, asked));
    return { names, bodies, key: `${kept.join()};${picks.join()}` };
}
function bySerial(entries) {
    return [...entries].toSorted((a, b) => a.serial - b.serial);
}
function settledBody(body, pick) {
    const sizes = changesOf(body.durableSize, body.unsyncedSize.versions, (a, b) => a === b);
    const size = pickOne("size", 0, body.durableSize, sizes, pick);
    const sectors = new Map();
    for (const [index, { versions }] of body.unsyncedSectors) {
        if (index >= sectorsIn(size))
            continue;
        const old = body.durableSector(index);
        const changes = changesOf(old, versions, areEqual);
        sectors.set(index, pickOne("sector", index, old, changes, pick));
    }
    return { size, sectors };
}
function pickOne(kind, index, old, versions, pick) {
    if (versions.length === 0)
        return old;
    const version = pick({ kind, index, orders: versions.map(({ order }) => order) });
    return versions[version - 1]?.value ?? old;
}
/** The versions that differ from the one before: those that do not are no outcome of their own. */
function changesOf(old, versions, isSame) {
    return versions.filter(({ value }, i) => !isSame(value, versions[i - 1]?.value ?? old));
}
/** When the effects that could be lost were made, ascending, each once. */
function ordersOf(directory) {
    const orders = [];
    for (const { changes } of directoriesFrom(directory)) {
        for (const { order } of changes)
            orders.push(order);
    }
    for (const body of bodiesFrom(directory)) {
        for (const { order } of body.unsyncedSize.versions)
            orders.push(order);
        for (const [, { versions }] of body.unsyncedSectors) {
            for (const { order } of versions)
                orders.push(order);
        }
    }
    return [...new Set(orders)].toSorted((a, b) => a - b);
}
