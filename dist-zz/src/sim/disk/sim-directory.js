import { ACCESS_READ, ACCESS_WRITE, assert, LatchworkError, } from "../../task/index.js";
import { Directory } from "./directory.js";
import { SimDiskFile } from "./sim-disk-file.js";
/** One directory of a simulated disk. That of the disk outlives crashes; those below do not. */
export class SimDirectory {
    #work;
    #node;
    /** The directory that it is in, or null for the topmost; and its path from there. */
    #parent;
    #path;
    /** How many crashes the disk had seen when it was opened. */
    #crashes;
    constructor(work, node, parent, path) {
        this.#work = work;
        this.#node = node;
        this.#parent = parent;
        this.#path = path;
        this.#crashes = work.storage.crashes;
    }
    /** What it is called in reports. */
    get label() {
        return this.#path === "" ? "the directory" : `the directory ${this.#path}`;
    }
    open(name, mode) {
        const { storage, files } = this.#work;
        const isCreate = mode === "create";
        return this.#ask({
            fact: { kind: "file-open", name, mode, directory: this.#path },
            access: isCreate ? ACCESS_WRITE : ACCESS_READ,
            work: "none",
            perform: () => {
                if (isCreate)
                    this.#mayChange(name);
                const node = this.#node;
                const body = isCreate ? storage.create(node, name) : storage.find(node, name);
                const isThere = () => this.#isThere && node.file(name) === body;
                const { crashes } = storage;
                const path = this.#pathOf(name);
                const canWrite = mode !== "read";
                return new SimDiskFile(files, { name, path, body, canWrite, crashes, isThere });
            },
            ...(isCreate ? { happenAnyway: () => void storage.create(this.#node, name) } : {}),
        });
    }
    list() {
        return this.#ask({
            fact: { kind: "directory-list", directory: this.#path },
            access: ACCESS_READ,
            work: "none",
            perform: () => this.#names(false),
        });
    }
    rename(from, to) {
        const rename = () => this.#work.storage.rename(this.#node, from, to);
        const fact = { kind: "file-rename", name: from, to, directory: this.#path };
        return this.#changeNames(fact, from, rename);
    }
    remove(name) {
        const remove = () => this.#work.storage.remove(this.#node, name);
        return this.#changeNames({ kind: "file-remove", name, directory: this.#path }, name, remove);
    }
    syncDirectory() {
        return this.#ask({
            fact: { kind: "directory-sync", directory: this.#path },
            access: ACCESS_WRITE,
            work: "sync",
            perform: () => {
                if (this.#work.meets("failed sync", this.label)) {
                    this.#node.failSync();
                    throw diskError(`sync of ${this.label}`);
                }
                this.#node.sync();
                this.#work.refuseReplaced();
                this.#refuseRemoved();
            },
        });
    }
    directory(name, mode) {
        const { storage } = this.#work;
        const isCreate = mode === "create";
        return this.#ask({
            fact: { kind: "directory-open", name, mode, directory: this.#path },
            access: isCreate ? ACCESS_WRITE : ACCESS_READ,
            work: "none",
            perform: () => {
                if (isCreate)
                    this.#mayChange(name);
                const node = this.#node;
                const child = isCreate
                    ? storage.makeDirectory(node, name)
                    : storage.findDirectory(node, name);
                return new SimDirectory(this.#work, child, this, this.#pathOf(name));
            },
            ...(isCreate ? { happenAnyway: () => void storage.makeDirectory(this.#node, name) } : {}),
        });
    }
    listDirectories() {
        return this.#ask({
            fact: { kind: "directories-list", directory: this.#path },
            access: ACCESS_READ,
            work: "none",
            perform: () => this.#names(true),
        });
    }
    removeDirectory(name) {
        const remove = () => this.#work.storage.removeDirectory(this.#node, name);
        const fact = { kind: "directory-remove", name, directory: this.#path };
        return this.#changeNames(fact, name, remove);
    }
    #changeNames(fact, name, change) {
        return this.#ask({
            fact,
            access: ACCESS_WRITE,
            work: "none",
            perform: () => {
                this.#mayChange(name);
                change();
            },
            happenAnyway: change,
        });
    }
    #ask(errand) {
        const isOfNow = this.#parent === null || this.#crashes === this.#work.storage.crashes;
        assert(isOfNow, "an open directory does not outlive a crash");
        return this.#work.ask(this.label, errand);
    }
    /** @throws LatchworkError if a name cannot be changed. */
    #mayChange(name) {
        const path = this.#pathOf(name);
        if (this.#work.meets("write error", path))
            throw diskError(`change of ${path}`);
        this.#work.refuseReplaced();
        this.#refuseRemoved();
    }
    /** Whether its path leads to it still: nothing but a removal takes it away. */
    get #isThere() {
        const parent = this.#parent;
        if (parent === null)
            return true;
        return parent.#isThere && [...parent.#node.names.values()].includes(this.#node);
    }
    #refuseRemoved() {
        if (!this.#isThere)
            throw directoryChanged(`${this.label} was removed`);
    }
    #pathOf(name) {
        return this.#path === "" ? name : `${this.#path}/${name}`;
    }
    #names(areDirectories) {
        return [...this.#node.names]
            .flatMap(([name, entry]) => (entry instanceof Directory === areDirectories ? [name] : []))
            .toSorted();
    }
}
/** The fault of whoever has a file or directory open that is not to be found any more. */
export function directoryChanged(what) {
    return new LatchworkError("DIRECTORY_CHANGED", `${what} while it was open`);
}
/** The fault of a disk that reports an error. */
export function diskError(what) {
    return new LatchworkError("DISK_ERROR", `${what}: the disk reports an error, expected none`);
}
