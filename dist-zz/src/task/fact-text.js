/** A fact in a word or two without its object, in the infinitive: `latch S`, `read`. */
export function labelOf(fact) {
    const { to, short, label } = wordsOf(fact, "");
    return label ?? joined(to, short);
}
/** What a step is about to do, in the infinitive: `latch X on page 4, as child`. */
export function intentOf(fact, object) {
    const { to, full } = wordsOf(fact, object);
    return joined(to, full);
}
/** What a task waits for, after `waits`: `to latch X on page 4`, `until the log is durable`. */
export function wishOf(fact, object) {
    const { to, full } = wordsOf(fact, object);
    return to === WAIT ? full : `to ${joined(to, full)}`;
}
/** What was done, of whoever did it: `writes total: 101`. */
export function deedOf(fact, object) {
    const { does, full, outcome = "" } = wordsOf(fact, object);
    return joined(does, full) + outcome;
}
/** What is held since a step was taken: `X on page 4 (leaf), taken as child`. */
export function heldOf(fact, object) {
    if (fact.kind === "latch-ask") {
        return `${fact.heldMode ?? fact.mode} on ${object}, taken as ${fact.site}`;
    }
    return fact.kind === "gate-enter" && fact.isExclusive ? `${object} exclusively` : object;
}
/** What a disk did wrong: `a failed sync of log-1`. */
export function faultTextOf(fact) {
    if (fact.kind === "disk-fault")
        return `${FAULTS.get(fact.fault) ?? fact.fault} ${fact.name}`;
    const isStuck = fact.delayMs === Number.POSITIVE_INFINITY;
    const fate = isStuck ? "never ends" : `takes ${fact.delayMs} ms longer`;
    return `a request that ${fate}: ${intentOf(fact.request, "")}`;
}
const FAULTS = new Map([
    ["read error", "a read error of"],
    ["corrupted read", "a bit flipped in what is read of"],
    ["write error", "a write error of"],
    ["no space", "no space for"],
    ["failed sync", "a failed sync of"],
    ["replaced directory", "another directory in place of this one, met at"],
]);
const WAIT = "wait";
function joined(verb, rest) {
    return rest === "" ? verb : `${verb} ${rest}`;
}
/** A verb whose forms differ by an s. */
function regular(to, short, full, outcome = "") {
    return { to, does: `${to}s`, short, full, outcome };
}
/** A wait: for something in a few words, and in full. */
function wait(short, full = short) {
    return regular(WAIT, short, full);
}
/** As a fact about an object: `signal on ready`. */
function on(object) {
    return object === "" ? "" : `on ${object}`;
}
function wordsOf(fact, object) {
    const say = SAYERS[fact.kind];
    return say(fact, object);
}
function plain(to, rest) {
    return regular(to, rest, rest);
}
function tries(what, object, isGot) {
    const full = `to ${what} ${object}`;
    const outcome = isGot ? ": it is free" : ": it is not free";
    return { to: "try", does: "tries", short: what, full, outcome };
}
function wordsOfLock(condition, isSignalled, object) {
    if (condition === null)
        return regular("lock", "", object);
    const label = "wake and lock";
    if (isSignalled)
        return { to: "lock", does: "wakes and locks", short: "", full: object, label };
    return { to: "be", does: "is", short: "", full: `signalled on ${condition}`, label };
}
function wordsOfLatch(fact, object) {
    const { mode, heldMode, site, isTry, isFetching } = fact;
    const more = ` on ${object}, as ${site}${isFetching ? ", once it is read in" : ""}`;
    if (heldMode !== null) {
        return { ...regular("upgrade", `to ${mode}`, `to ${mode}${more}`) };
    }
    const [to, does] = isTry ? ["try", "tries"] : ["latch", "latches"];
    return { to, does, short: mode, full: mode + more };
}
function wordsOfChange(how, object, outcome) {
    if (how !== "compare and set")
        return regular(how, "", object, outcome);
    return { to: how, does: "compares and sets", short: "", full: object, outcome };
}
/** As a latch's queue has it; the mode is what was asked for or, at the end, held. */
function latchWords(does) {
    return ({ mode }, object) => ({ to: does, does, short: mode, full: `${mode} ${on(object)}` });
}
/** A request to a disk. Its label leaves the name to whoever prints the object. */
function request(to, what, name) {
    return regular(to, what, what === "" ? name : `${what} ${name}`);
}
function placeOf(directory) {
    return directory === "" ? "the directory" : `the directory ${directory}`;
}
const GATHERED = {
    wanted: plain("join", "the gathered writes"),
    joined: wait("for its batch of writes"),
    leads: plain("lead", "the gathered writes"),
    over: { to: "be", does: "is", short: "over", full: "over, with its batch of writes" },
};
const OPTIMISTIC = {
    version: ["take", "version", "refused"],
    header: ["read", "header", ""],
    slots: ["read", "slots", ""],
    cells: ["read", "cells", ""],
    validate: ["validate", "version", "it has changed"],
};
function extentOf({ at, bytes }) {
    return `bytes ${at}-${at + bytes - 1} of`;
}
const SAYERS = {
    "latch-ask": wordsOfLatch,
    "latch-queued": latchWords("waits for"),
    "latch-blocked": latchWords("cannot ask for"),
    "latch-granted": latchWords("gets"),
    "latch-upgraded": latchWords("now has"),
    "latch-refused": latchWords("does not get"),
    "latch-released": latchWords("releases"),
    "gate-enter": ({ gate, isExclusive }) => plain("enter", isExclusive ? `${gate} exclusively` : gate),
    "gate-queued": ({ gate }) => wait(`to enter ${gate}`),
    "gate-entered": ({ gate }) => ({ to: "be in", does: "is in", short: gate, full: gate }),
    "gate-left": ({ gate }) => plain("leave", gate),
    "write-gather": ({ state }) => GATHERED[state],
    "writes-gathered": ({ writes }) => plain("take", `${writes} gathered writes`),
    "page-fetch": ({ page, site }) => regular("read", "", `page ${page}, as ${site}`),
    "page-fetch-for-redo": ({ page }) => plain("read", `page ${page} for redo`),
    "page-read-optimistic": ({ phase, site, isValid }, object) => {
        const [to, what, otherwise] = OPTIMISTIC[phase];
        const outcome = isValid === false ? `: ${otherwise}` : "";
        return regular(to, what, `${what} of ${object}, as ${site}`, outcome);
    },
    "pages-edited": ({ pages }) => plain("change", `pages ${pages.join(", ")}`),
    "page-allocated": ({ page }) => plain("take", `free page ${page}`),
    "page-freed": ({ page }) => plain("free", `page ${page}`),
    "page-split": ({ page, into }) => plain("split", `page ${page} into page ${into}`),
    "page-merged": ({ page, into }) => plain("merge", `page ${page} into page ${into}`),
    "root-changed": ({ page }) => plain("make", `page ${page} the root`),
    "group-appended": ({ position }) => plain("append", `a group to the log, which ends at ${position}`),
    "block-seal": (_, object) => regular("seal", "a block", `a block of ${object}`),
    "block-sealed": ({ from, to }) => plain("close", `the block from ${from} to ${to}`),
    "log-durable": ({ position }) => plain("make", `the log durable to ${position}`),
    "log-wait": ({ position, isInBatch }, object) => {
        const batch = isInBatch ? ", in a batch that has not ended" : "";
        return wait("for the log", `until ${object} is durable to ${position}${batch}`);
    },
    "flush-wait": () => wait("for the flush to end"),
    "file-open": ({ name, mode, directory }) => request("open", `(${mode}) ${name} in`, placeOf(directory)),
    "file-read": (fact) => request("read", extentOf(fact), fact.name),
    "file-write": (fact) => request("write", extentOf(fact), fact.name),
    "file-sync": ({ name }) => request("sync", "", name),
    "file-size": ({ name }) => ({ ...request("look", "at the size of", name), label: "size of" }),
    "file-close": ({ name }) => request("close", "", name),
    "file-resize": ({ name, bytes }) => request("set", `to ${bytes} bytes the size of`, name),
    "file-rename": ({ name, to, directory }) => request("rename", `${name} to ${to} in`, placeOf(directory)),
    "file-remove": ({ name, directory }) => request("remove", `${name} in`, placeOf(directory)),
    "directory-open": ({ name, mode, directory }) => request("open", `(${mode}) the directory ${name} in`, placeOf(directory)),
    "directory-remove": ({ name, directory }) => request("remove", `the directory ${name} in`, placeOf(directory)),
    "directory-list": ({ directory }) => request("list", "", placeOf(directory)),
    "directories-list": ({ directory }) => request("list", "the directories in", placeOf(directory)),
    "directory-sync": ({ directory }) => request("sync", "", placeOf(directory)),
    "file-request": ({ operation, name }) => request(operation, "", name),
    "disk-fault": (fact) => plain("meet", faultTextOf(fact)),
    "disk-delay": (fact) => plain("meet", faultTextOf(fact)),
    "value-read": ({ how, value }, object) => regular(how, "", object, `: ${value}`),
    "value-write": ({ how, value }, object) => regular(how, "", object, `: ${value}`),
    "value-change": ({ how, before, after }, object) => wordsOfChange(how, object, `: ${before} becomes ${after}`),
    "mutex-lock": ({ condition, isSignalled }, object) => wordsOfLock(condition, isSignalled, object),
    "mutex-try-lock": ({ isGot }, object) => tries("lock", object, isGot),
    "semaphore-acquire": (_, object) => regular("acquire", "", object),
    "semaphore-try-acquire": ({ isGot }, object) => tries("acquire", object, isGot),
    "semaphore-release": ({ count }, object) => regular("release", "", count === 1 ? object : `${object}, ${count} times`),
    "condition-wait": (_, object) => wait("", on(object)),
    "condition-signal": (_, object) => regular("signal", "", object),
    "condition-broadcast": (_, object) => regular("broadcast", "", on(object)),
    release: (_, object) => regular("release", "", object),
    "task-start": () => plain("start", ""),
    "task-spawn": ({ name }) => plain("spawn", name),
    "task-join": ({ name }) => plain("join", name),
    "operation-begun": ({ operation }) => plain("begin", operation),
    "operation-returned": ({ operation, result }) => plain("end", `${operation} ${result}`),
    crash: () => ({ to: "crash", does: "crashes", short: "", full: "" }),
    "value-drawn": ({ value, count }) => plain("draw", `${value} of ${count}`),
    "time-passed": ({ toMs }) => ({ to: "pass", does: "passes", short: "", full: `to ${toMs} ms` }),
    sleep: ({ durationMs }) => plain("sleep", durationMs === null ? "" : `${durationMs} ms`),
    pause: () => plain("pause", ""),
    "page-write-wait": ({ page }) => wait("for a page write", `until page ${page} has been written`),
    "page-writes-wait": () => wait("for page writes", "until the page writes under way have ended"),
    // Its verb is not known apart.
    custom: ({ label }, object) => ({ to: label, does: label, short: "", full: on(object) }),
};
