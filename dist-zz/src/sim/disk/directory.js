/**
 * Which names there are, which are durable, and the changes in between.
 *
 * Of the changes that no sync has made durable any subset survives a crash, each as a whole, and
 * what survives takes effect in order. ext4 and XFS promise more (their journal keeps a prefix of
 * the changes), but not to every caller on every mount, and code that is right here is right there.
 * A rename is one change: afterwards the new name means the old file or the renamed one, and is
 * never missing if it was there before.
 *
 * A directory in a directory is a name like any other: until the outer one is synced, a crash may
 * take it away with all that is in it, durable or not.
 */
export class Directory {
    /** Counts the files and directories of a disk as they are made; the topmost has none before. */
    serial;
    #live = new Map();
    #durable = new Map();
    #changes = [];
    constructor(serial) {
        this.serial = serial;
    }
    get changes() {
        return this.#changes;
    }
    get names() {
        return this.#live;
    }
    get durableNames() {
        return this.#durable;
    }
    /** The file of a name, as it is now; undefined if there is none. */
    file(name) {
        const entry = this.#live.get(name);
        return entry instanceof Directory ? undefined : entry;
    }
    /** The directory of a name, as it is now; undefined if there is none. */
    child(name) {
        const entry = this.#live.get(name);
        return entry instanceof Directory ? entry : undefined;
    }
    /** Gives a file or a directory a name that is durable at once. */
    put(name, body) {
        this.#live.set(name, body);
        this.#durable.set(name, body);
    }
    change(change) {
        const noted = { ...change, isSkipped: false };
        apply(this.#live, noted);
        this.#changes.push(noted);
    }
    sync() {
        const written = this.#changes.filter((change) => !change.isSkipped);
        for (const change of written)
            apply(this.#durable, change);
        // What was skipped stays in doubt, unless a newer change of its names is durable now.
        this.#changes = this.#changes.filter((skipped) => skipped.isSkipped &&
            !written.some((change) => change.order > skipped.order && touchSameName(change, skipped)));
    }
    failSync() {
        this.#changes = this.#changes.map((change) => ({ ...change, isSkipped: true }));
    }
    /** The names if just these changes survive a crash. */
    after(survivors) {
        const names = new Map(this.#durable);
        for (const change of survivors)
            apply(names, change);
        return names;
    }
    /** Makes the names what survived of them, all durable. */
    settle(names) {
        this.#live = new Map(names);
        this.#durable = new Map(names);
        this.#changes = [];
    }
    save() {
        return {
            live: new Map(this.#live),
            durable: new Map(this.#durable),
            changes: [...this.#changes],
        };
    }
    restore({ live, durable, changes }) {
        this.#live = new Map(live);
        this.#durable = new Map(durable);
        this.#changes = [...changes];
    }
}
function apply(names, { body, from, to }) {
    // A name that means another file by now was taken away and given anew.
    if (from !== null && names.get(from) === body)
        names.delete(from);
    if (to !== null)
        names.set(to, body);
}
function touchSameName(a, b) {
    const names = [b.from, b.to];
    return [a.from, a.to].some((name) => name !== null && names.includes(name));
}
/** All files and directories that one holds: now, durably, or by a change in between. */
export function entriesOf(directory) {
    return new Set([
        ...directory.names.values(),
        ...directory.durableNames.values(),
        ...directory.changes.map(({ body }) => body),
    ]);
}
/** A directory and all below it, outer ones first, as {@link entriesOf} finds them. */
export function directoriesFrom(top) {
    const found = new Set([top]);
    for (const directory of found) {
        for (const entry of entriesOf(directory))
            if (entry instanceof Directory)
                found.add(entry);
    }
    return found;
}
/** All files of a directory and of those below it. */
export function bodiesFrom(top) {
    const found = new Set();
    for (const directory of directoriesFrom(top)) {
        for (const entry of entriesOf(directory))
            if (!(entry instanceof Directory))
                found.add(entry);
    }
    return found;
}
/** The files of a directory and of those below it by their paths, as `names` says what is there. */
export function pathsFrom(top, names) {
    const paths = new Map();
    for (const [name, entry] of names(top)) {
        if (!(entry instanceof Directory))
            paths.set(name, entry);
        else
            for (const [path, body] of pathsFrom(entry, names))
                paths.set(`${name}/${path}`, body);
    }
    return paths;
}
