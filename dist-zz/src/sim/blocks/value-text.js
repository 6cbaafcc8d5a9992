import { inWords } from "../../task/index.js";
const LENGTH_MAX = 60;
const DEPTH_MAX = 4;
/**
 * A value in words, for stories: as JSON has it where it can, and cut where it is long. It changes
 * nothing and throws nothing, whatever the value is.
 */
export function valueText(value) {
    try {
        const text = said(value, DEPTH_MAX);
        return text.length <= LENGTH_MAX ? text : `${text.slice(0, LENGTH_MAX - 3)}...`;
    }
    catch {
        // Some objects throw when they are looked at.
        return "a value that cannot be shown";
    }
}
function said(value, depth) {
    if (typeof value === "string")
        return JSON.stringify(value.slice(0, LENGTH_MAX));
    if (typeof value === "bigint")
        return `${value}n`;
    if (typeof value === "function")
        return "a function";
    if (typeof value === "object" && value !== null)
        return saidObject(value, depth);
    return Object.is(value, -0) ? "-0" : String(value);
}
function saidObject(value, depth) {
    if (depth === 0)
        return "...";
    if (Array.isArray(value))
        return `[${saidAll(value, depth)}]`;
    if (value instanceof Map) {
        const pairs = upTo(LENGTH_MAX, value).map(([key, one]) => `${said(key, depth - 1)} => ${said(one, depth - 1)}`);
        return `Map {${pairs.join(", ")}}`;
    }
    if (value instanceof Set)
        return `Set {${saidAll(value, depth)}}`;
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null)
        return inWords(value);
    const fields = Object.entries(value)
        .slice(0, LENGTH_MAX)
        .map(([name, one]) => `${name}: ${said(one, depth - 1)}`);
    return `{${fields.join(", ")}}`;
}
function saidAll(values, depth) {
    return upTo(LENGTH_MAX, values)
        .map((one) => said(one, depth - 1))
        .join(", ");
}
/** The first of many: more would be cut anyway. */
function upTo(count, values) {
    const taken = [];
    for (const value of values) {
        if (taken.length === count)
            break;
        taken.push(value);
    }
    return taken;
}
