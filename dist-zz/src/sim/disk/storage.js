import { assert, LatchworkError } from "../../task/index.js";
import { bodiesFrom, directoriesFrom, Directory, pathsFrom, } from "./directory.js";
import { FileBody } from "./file-body.js";
import { SECTOR_BYTES, sectorsIn } from "./sectors.js";
import { drawSurvivors } from "./survival.js";
/** What is on a disk: names, files, and what of them is durable. No requests, time or faults. */
export class DiskStorage {
    /** The topmost directory. Its serial is none of those counted. */
    top = new Directory(-1);
    /** Most bytes that the files may take, in whole sectors; may be changed at any time. */
    spaceBytes;
    /** How many crashes there were. */
    crashes = 0;
    /** What the directory's path leads to by now, if it is not this directory any more. */
    #replacement = null;
    #order = 0;
    #serial = 0;
    constructor(spaceBytes) {
        this.spaceBytes = spaceBytes;
    }
    /** Numbers an effect, after all that were before. */
    nextOrder() {
        return ++this.#order;
    }
    /** @throws LatchworkError NO_SUCH_FILE. */
    find(directory, name) {
        const body = directory.file(name);
        if (body !== undefined)
            return body;
        throw new LatchworkError("NO_SUCH_FILE", `${name}: no such file in the directory`);
    }
    /** Makes a file, or empties the one there is. @throws LatchworkError DISK_ERROR. */
    create(directory, name) {
        refuseName("a directory", directory.child(name), name);
        const known = directory.file(name);
        if (known !== undefined) {
            known.truncate(0, this.nextOrder());
            return known;
        }
        const body = new FileBody(this.#serial++);
        directory.change({ order: this.nextOrder(), kind: "create", body, from: null, to: name });
        return body;
    }
    /** @throws LatchworkError NO_SUCH_FILE or DISK_ERROR. */
    rename(directory, from, to) {
        const body = this.find(directory, from);
        if (from === to)
            return;
        refuseName("a directory", directory.child(to), to);
        directory.change({ order: this.nextOrder(), kind: "rename", body, from, to });
    }
    /** @throws LatchworkError NO_SUCH_FILE. */
    remove(directory, name) {
        const body = this.find(directory, name);
        const order = this.nextOrder();
        directory.change({ order, kind: "remove", body, from: name, to: null });
    }
    /** @throws LatchworkError NO_SUCH_FILE, or DISK_ERROR if it is a file's name. */
    findDirectory(directory, name) {
        refuseName("a file", directory.file(name), name);
        const child = directory.child(name);
        if (child !== undefined)
            return child;
        throw new LatchworkError("NO_SUCH_FILE", `${name}: no such directory in the directory`);
    }
    /** Makes a directory, or gives the one there is. @throws LatchworkError DISK_ERROR. */
    makeDirectory(directory, name) {
        refuseName("a file", directory.file(name), name);
        const known = directory.child(name);
        if (known !== undefined)
            return known;
        const body = new Directory(this.#serial++);
        directory.change({ order: this.nextOrder(), kind: "create", body, from: null, to: name });
        return body;
    }
    /** @throws LatchworkError NO_SUCH_FILE, or DISK_ERROR if it is not empty. */
    removeDirectory(directory, name) {
        const body = this.findDirectory(directory, name);
        if (body.names.size > 0) {
            throw new LatchworkError("DISK_ERROR", `${name}: a directory that is not empty stays`);
        }
        directory.change({ order: this.nextOrder(), kind: "remove", body, from: name, to: null });
    }
    /** Makes a file of these contents, all durable at once. Its directory has to be there. */
    put(path, bytes) {
        const body = new FileBody(this.#serial++);
        body.write(0, bytes, this.nextOrder());
        body.sync();
        const { directory, name } = this.place(path);
        directory.put(name, body);
    }
    /** The directory that a path goes to, and the name in it. @throws LatchworkError NO_SUCH_FILE. */
    place(path) {
        const names = path.split("/");
        const name = names.pop() ?? "";
        let directory = this.top;
        for (const one of names)
            directory = this.findDirectory(directory, one);
        return { directory, name };
    }
    /** The files by their paths, as readers see them. */
    livePaths() {
        return pathsFrom(this.top, ({ names }) => names);
    }
    /** The files by their paths that a crash would leave if nothing unsynced survived. */
    durablePaths() {
        return pathsFrom(this.top, ({ durableNames }) => durableNames);
    }
    /** Whether the directory's path leads to another one. */
    get isReplaced() {
        return this.#replacement !== null;
    }
    /**
     * Puts a copy of the directory in its place, as `cp -a` and two renames do: all that can be read
     * now, durable. Who has files open keeps those of before; after a crash there is only the copy.
     */
    replaceDirectory() {
        this.#replacement = this.#copiesOf(this.top);
    }
    /** Goes to where the directory's path leads now; true if that is another directory. */
    lookUp() {
        if (this.#replacement === null)
            return false;
        this.top.settle(this.#replacement);
        this.#replacement = null;
        return true;
    }
    /** Sees to it that a file may be so large. @throws LatchworkError NO_SPACE. */
    reserve(name, body, size) {
        const more = (sectorsIn(size) - sectorsIn(body.size)) * SECTOR_BYTES;
        if (more <= 0 || this.spaceBytes === Number.POSITIVE_INFINITY)
            return;
        let used = 0;
        for (const one of new Set(this.livePaths().values()))
            used += sectorsIn(one.size);
        if (used * SECTOR_BYTES + more > this.spaceBytes)
            throw noSpace(name);
    }
    /** Loses what is lost; `finish` lets unfinished requests have their effects before. */
    crash(survival, choose, finish) {
        const firstInFlight = this.#order + 1;
        finish();
        this.crashes++;
        if (this.lookUp())
            return;
        const { names, bodies } = drawSurvivors(this.top, firstInFlight, survival, choose);
        for (const [directory, left] of names)
            directory.settle(left);
        for (const [body, settled] of bodies)
            body.settle(settled);
    }
    snapshot() {
        assert(this.#replacement === null, "a directory that is saved is where it was");
        return {
            directories: [...directoriesFrom(this.top)].map((one) => [one, one.save()]),
            bodies: [...bodiesFrom(this.top)].map((body) => [body, body.save()]),
            order: this.#order,
            serial: this.#serial,
            crashes: this.crashes,
            spaceBytes: this.spaceBytes,
        };
    }
    restore(snapshot) {
        assert(snapshot.serial <= this.#serial, "a snapshot is restored to the disk it is of");
        for (const [directory, saved] of snapshot.directories)
            directory.restore(saved);
        this.#replacement = null;
        for (const [body, saved] of snapshot.bodies)
            body.restore(saved);
        this.#order = snapshot.order;
        this.#serial = snapshot.serial;
        this.crashes = snapshot.crashes;
        this.spaceBytes = snapshot.spaceBytes;
    }
    /** Copies of all that is in a directory, durable. */
    #copiesOf(directory) {
        const copies = new Map();
        for (const [name, entry] of directory.names) {
            if (entry instanceof Directory) {
                const copy = new Directory(this.#serial++);
                copy.settle(this.#copiesOf(entry));
                copies.set(name, copy);
                continue;
            }
            const copy = new FileBody(this.#serial++);
            copy.write(0, entry.bytes(), this.nextOrder());
            copy.sync();
            copies.set(name, copy);
        }
        return copies;
    }
}
function refuseName(what, found, name) {
    if (found !== undefined)
        throw new LatchworkError("DISK_ERROR", `${name}: it is ${what}`);
}
/** The fault of a full disk. */
export function noSpace(name) {
    return new LatchworkError("NO_SPACE", `${name}: no space is left on the disk to write it`);
}
