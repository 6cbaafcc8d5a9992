import { LatchworkError } from "./errors.js";
import { inWords } from "./handed-over.js";
/** The names of a set of options, in the order in which messages list them. */
export function optionNames(names) {
    return Object.keys(names);
}
/** Names that are farther apart, for their length, are not typing mistakes. */
const FAREST_EDITS = 3;
const EDITS_A_LETTER = 0.3;
/**
 * Rejects an unknown option: misspelt, it would be ignored in silence, and what was asked for would
 * not be done. O(names).
 *
 * @param what Whose options they are, as `open`.
 * @throws LatchworkError BAD_ARGUMENT in one line, with the nearest name.
 */
export function refuseUnknownOptions(what, options, known) {
    if (options === undefined)
        return;
    mustBeOptions(what, options);
    for (const name of Object.keys(options))
        if (!known.includes(name))
            refuse(what, name, known);
}
/** As {@link refuseUnknownOptions}, where others may have options of their own: only misspelt. */
export function refuseMisspeltOptions(what, options, known) {
    if (options === undefined)
        return;
    mustBeOptions(what, options);
    for (const name of Object.keys(options)) {
        if (!known.includes(name) && nearestName(name, known) !== null)
            refuse(what, name, known);
    }
}
function mustBeOptions(what, options) {
    if (typeof options === "object" && options !== null && !Array.isArray(options))
        return;
    const message = `options of ${what}: expected an object, found ${inWords(options)}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
}
/**
 * Rejects an unknown name; accepts undefined.
 *
 * @param what What is named, as `survival`.
 * @throws LatchworkError BAD_ARGUMENT in one line, with the nearest name.
 */
export function refuseUnknownName(what, given, known) {
    if (given === undefined || (typeof given === "string" && known.includes(given)))
        return;
    const nearest = typeof given === "string" ? nearestName(given, known) : null;
    const meant = nearest === null ? "" : `did you mean ${nearest}? `;
    const message = `${what}: there is no ${inWords(given)}; ${meant}expected ${known.join(", ")}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
}
/** The name that was meant, if one is near enough to be. O(names × length²). */
export function nearestName(name, known) {
    let nearest = null;
    const farest = Math.min(FAREST_EDITS, Math.max(1, Math.floor(name.length * EDITS_A_LETTER)));
    // With as many edits as it has letters it becomes any name.
    let least = Math.min(farest + 1, name.length);
    for (const candidate of known) {
        const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase());
        if (edits >= least)
            continue;
        least = edits;
        nearest = candidate;
    }
    return nearest;
}
function refuse(what, name, known) {
    const nearest = nearestName(name, known);
    const meant = nearest === null ? "" : `did you mean ${nearest}? `;
    const all = known.length === 0 ? "expected none" : `expected ${known.join(", ")}`;
    const message = `option ${JSON.stringify(name)} of ${what}: there is none; ${meant}${all}`;
    throw new LatchworkError("BAD_ARGUMENT", message);
}
/** Letters left out, put in, changed, or exchanged with a neighbour (optimal string alignment). */
function editsBetween(a, b) {
    let before = [];
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const isSame = a[i - 1] === b[j - 1];
            const changed = (row[j - 1] ?? 0) + (isSame ? 0 : 1);
            let edits = Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
            const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
            if (isSwap)
                edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
            next.push(edits);
        }
        before = row;
        row = next;
    }
    return row[b.length] ?? 0;
}
