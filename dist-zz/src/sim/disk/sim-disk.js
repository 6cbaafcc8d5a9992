import { ACCESS_NONE, ACCESS_READ, ACCESS_WRITE, assert, LatchworkError, optionNames, refuseUnknownName, refuseUnknownOptions, } from "../../task/index.js";
import { DISKS_OBJECT } from "../own-objects.js";
import { Device } from "./device.js";
import { Faults } from "./faults.js";
import { ObjectNames } from "./object-names.js";
import { SimDiskRequest } from "./request.js";
import { areEqual, SECTOR_BYTES, sectorsIn } from "./sectors.js";
import { directoryChanged, diskError, SimDirectory } from "./sim-directory.js";
import { DiskStorage, noSpace } from "./storage.js";
const OPTION_NAMES = optionNames({
    survival: true,
    faults: true,
    latency: true,
    queue: true,
    spaceBytes: true,
});
const LATENCY_NAMES = optionNames({ readMs: true, writeMs: true, syncMs: true });
const SURVIVALS = ["patterns", "sectors", "mixed"];
const QUEUES = ["parallel", "serial"];
/**
 * A disk whose requests are steps, and whose crashes and faults are decisions of
 * the schedule. See the essay in `index.ts` for what survives a crash.
 *
 * It is made disarmed: requests take no time, meet no faults, draw nothing, and so may be taken by
 * `runToCompletion` outside of any run, to build what a program begins with.
 */
export class SimDisk {
    #scheduler;
    #home;
    #storage;
    #top;
    #survival;
    #faults;
    #device;
    #objects;
    #onFault = null;
    /** Requests made and not taken yet, oldest first. */
    #inFlight = new Set();
    #begunRequest = (request) => {
        assert(this.#inFlight.delete(request), "a request is taken once, and not after a crash");
        const { happenAnyway, work } = request.errand;
        const isOrdered = happenAnyway !== undefined || work === "sync" || this.#faults.canStrike;
        if (isOrdered)
            this.#scheduler.touch(DISKS_OBJECT, ACCESS_WRITE);
    };
    /**
     * @param home Notified of requests that are awaited; null where no async function can have them.
     * @throws LatchworkError BAD_ARGUMENT for an option, a fault or a way that there is not.
     */
    constructor(scheduler, options = {}, home = null) {
        refuseUnknownOptions("a disk", options, OPTION_NAMES);
        refuseUnknownOptions("latency", options.latency, LATENCY_NAMES);
        refuseUnknownName("survival", options.survival, SURVIVALS);
        refuseUnknownName("queue", options.queue, QUEUES);
        this.#scheduler = scheduler;
        this.#home = home;
        this.#storage = new DiskStorage(options.spaceBytes ?? Number.POSITIVE_INFINITY);
        this.#survival = options.survival ?? "patterns";
        this.#faults = new Faults(options.faults ?? {}, (count) => scheduler.chooseValue(count));
        this.#device = new Device(options.latency ?? {}, options.queue ?? "parallel");
        this.#objects = new ObjectNames(scheduler);
        const work = {
            storage: this.#storage,
            files: this,
            ask: (object, errand) => this.#ask(object, errand),
            meets: (fault, name) => this.#faultOf(fault, name),
            refuseReplaced: () => this.#refuseReplaced(),
        };
        this.#top = new SimDirectory(work, this.#storage.top, null, "");
        this.#faults.onFault = (fault, name) => this.#report({ kind: "disk-fault", fault, name });
    }
    /** Most bytes of all files together; a test may take space away, or give more. */
    get spaceBytes() {
        return this.#storage.spaceBytes;
    }
    set spaceBytes(bytes) {
        this.#storage.spaceBytes = bytes;
    }
    /** Whether a request may hang for ever; where nothing comes that would end it, none should. */
    get canStick() {
        return this.#faults.canStick;
    }
    set canStick(canStick) {
        this.#faults.canStick = canStick;
    }
    /** Whether a request hangs that will never end. */
    get isStuck() {
        return [...this.#inFlight].some((request) => request.isStuck);
    }
    /** Called with each fault and delay as it is made, for stories; null to call nobody. */
    set onFault(listener) {
        this.#onFault = listener;
    }
    /** Whether some request has met a fault since the disk was made or put back. */
    get hasMadeFault() {
        return this.#faults.hasStruck;
    }
    /** From now on requests take their time and may meet faults. */
    arm() {
        this.#faults.isArmed = true;
    }
    /** From now on requests take no time and meet no faults but planned ones. */
    disarm() {
        this.#faults.isArmed = false;
    }
    /** Plans a fault for the next request that can meet it, of one file or of any. Draws nothing. */
    failNext(fault, name = null) {
        this.#faults.plan(fault, name);
    }
    open(name, mode) {
        return this.#top.open(name, mode);
    }
    list() {
        return this.#top.list();
    }
    rename(from, to) {
        return this.#top.rename(from, to);
    }
    remove(name) {
        return this.#top.remove(name);
    }
    syncDirectory() {
        return this.#top.syncDirectory();
    }
    directory(name, mode) {
        return this.#top.directory(name, mode);
    }
    listDirectories() {
        return this.#top.listDirectories();
    }
    removeDirectory(name) {
        return this.#top.removeDirectory(name);
    }
    /** See {@link DiskFile.read}. */
    read(file, at, into) {
        return this.#askFile(file, {
            fact: { kind: "file-read", name: file.path, at, bytes: into.length },
            access: ACCESS_READ,
            work: "read",
            perform: () => {
                const fault = this.#faults.faultOf(["read error", "corrupted read"], file.path);
                if (fault === "read error")
                    throw diskError(`read of ${file.path} at ${at}`);
                const count = file.body.read(at, into);
                if (fault === "corrupted read" && count > 0)
                    this.#corrupt(into.subarray(0, count));
                return count;
            },
        });
    }
    /** See {@link DiskFile.write}. */
    write(file, at, bytes) {
        assert(file.canWrite, "a file that is written was opened for writing");
        const { body, path: name } = file;
        const copy = bytes.slice();
        const write = (part) => body.write(at, part, this.#storage.nextOrder());
        return this.#askFile(file, {
            fact: { kind: "file-write", name, at, bytes: bytes.length },
            access: ACCESS_WRITE,
            work: "write",
            perform: () => {
                assert(areEqual(copy, bytes), "bytes are not changed until their write is taken");
                const fault = this.#faults.faultOf(["write error", "no space"], name);
                if (fault === "no space")
                    throw noSpace(name);
                this.#storage.reserve(name, body, at + bytes.length);
                if (fault === null)
                    return write(copy);
                // Nothing, the first half, or all of it has got through.
                const half = Math.floor(sectorsIn(bytes.length) / 2) * SECTOR_BYTES;
                write(copy.subarray(0, [0, half, bytes.length][this.#faults.detail(3)] ?? 0));
                throw diskError(`write of ${name} at ${at}`);
            },
            happenAnyway: () => {
                this.#storage.reserve(name, body, at + bytes.length);
                write(copy);
            },
        });
    }
    /** See {@link DiskFile.sync}. */
    sync(file) {
        return this.#askFile(file, {
            fact: { kind: "file-sync", name: file.path },
            access: ACCESS_WRITE,
            work: "sync",
            perform: () => {
                if (this.#faultOf("failed sync", file.path)) {
                    file.body.failSync();
                    throw diskError(`sync of ${file.path}`);
                }
                file.body.sync();
                this.confirm(file);
            },
        });
    }
    /** See {@link DiskFile.confirm}. */
    confirm(file) {
        this.#refuseReplaced();
        if (file.isThere())
            return;
        throw directoryChanged(`${file.path} was renamed, removed or replaced`);
    }
    /** See {@link DiskFile.size}. */
    size(file) {
        return this.#askFile(file, {
            fact: { kind: "file-size", name: file.path },
            access: ACCESS_READ,
            work: "none",
            perform: () => file.body.size,
        });
    }
    /** See {@link DiskFile.truncate}. */
    truncate(file, bytes) {
        assert(file.canWrite, "a file that is truncated was opened for writing");
        const truncate = () => {
            this.#storage.reserve(file.path, file.body, bytes);
            file.body.truncate(bytes, this.#storage.nextOrder());
        };
        return this.#askFile(file, {
            fact: { kind: "file-resize", name: file.path, bytes },
            access: ACCESS_WRITE,
            work: "write",
            perform: () => {
                if (this.#faults.faultOf(["write error"], file.path) !== null) {
                    throw diskError(`change of ${file.path}`);
                }
                truncate();
            },
            happenAnyway: truncate,
        });
    }
    /** See {@link DiskFile.close}. */
    close(file) {
        return this.#askFile(file, {
            fact: { kind: "file-close", name: file.path },
            access: ACCESS_NONE,
            work: "none",
            perform: () => {
                file.isClosed = true;
            },
        });
    }
    /**
     * The power fails and comes back: what survives is drawn, and then it is all there is, durable.
     * Open files and requests from before can no longer be used. Tasks are the scheduler's
     * business, see `stopAll`.
     *
     * @param choose What draws; the schedule by default, which needs a run.
     */
    crash(choose = (count) => this.#scheduler.chooseValue(count)) {
        this.#storage.crash(this.#survival, choose, () => this.#finishInFlight());
        this.#inFlight.clear();
        this.#device.reset();
    }
    /** Finds the directory by its path anew, as whoever opens the database does first. */
    lookUp() {
        this.#storage.lookUp();
    }
    /** All that is on the disk, as it is now. Requires: no request is in flight. O(files). */
    snapshot() {
        assert(this.#inFlight.size === 0, "no request is in flight when the disk is saved");
        return this.#storage.snapshot();
    }
    /**
     * Goes back to a snapshot of this disk, for the next run. O(files). Files that were open then can
     * be used again. Faults planned and made are forgotten; the disk stays armed or not.
     */
    restore(snapshot) {
        this.#storage.restore(snapshot);
        this.#inFlight.clear();
        this.#device.reset();
        this.#faults.reset();
    }
    /** Makes a file of these contents, name and all durable at once; replaces one of that name. */
    put(path, bytes) {
        this.#storage.put(path, bytes);
    }
    /** The paths of all files, sorted; without a step, for checks. */
    names() {
        return [...this.#storage.livePaths().keys()].toSorted();
    }
    /** What a read of the whole file would give now, or null if there is none; without a step. */
    peek(path) {
        return this.#storage.livePaths().get(path)?.bytes() ?? null;
    }
    /** The paths that a crash would leave if nothing unsynced survived, sorted; without a step. */
    durableNames() {
        return [...this.#storage.durablePaths().keys()].toSorted();
    }
    /** What a crash would leave of a file if nothing unsynced survived, or null if not even it. */
    peekDurable(path) {
        return this.#storage.durablePaths().get(path)?.bytes(true) ?? null;
    }
    /** Takes a file's name away behind everybody's back; it stays open to whoever has it open. */
    takeAway(path) {
        const { directory, name } = this.#storage.place(path);
        this.#storage.remove(directory, name);
    }
    /** Flips bits of a byte on the medium, as bit rot does; reads find them flipped from now on. */
    damage(path, at, mask = 1) {
        const { directory, name } = this.#storage.place(path);
        this.#storage.find(directory, name).damage(at, mask);
    }
    /** Names a shared object of this disk in reports: a file's name, or null if it is not its own. */
    describeObject(objectId) {
        return this.#objects.nameOf(objectId);
    }
    #askFile(file, errand) {
        assert(file.crashes === this.#storage.crashes, "an open file does not outlive a crash");
        assert(!file.isClosed, "a file that is used is open");
        return this.#ask(file.path, errand);
    }
    #ask(object, errand) {
        const scheduler = this.#scheduler;
        // A crash finishes changes in flight in the order in which they were asked for; delays are
        // drawn, and a serial disk's time is given out, request by request.
        const isOrdered = errand.happenAnyway !== undefined || this.#faults.canDelay || this.#device.isSerial;
        if (isOrdered)
            scheduler.touch(DISKS_OBJECT, ACCESS_WRITE);
        let readyAtMs = 0;
        if (this.#faults.isArmed) {
            const delayMs = this.#faults.delayMs();
            readyAtMs = this.#device.readyAtMs(errand.work, scheduler.timeMs, delayMs);
            if (delayMs > 0)
                this.#report({ kind: "disk-delay", request: errand.fact, delayMs });
        }
        const objectId = this.#objects.idOf(object);
        const begun = this.#begunRequest;
        const home = this.#home;
        const request = new SimDiskRequest(errand, objectId, scheduler, readyAtMs, begun, home);
        this.#inFlight.add(request);
        return request;
    }
    #report(fault) {
        this.#onFault?.(fault);
        this.#scheduler.trace?.tell(fault);
    }
    /** Whether a request meets a fault. Where it can, the directory may be replaced too. */
    #faultOf(fault, name) {
        const met = this.#faults.faultOf([fault, "replaced directory"], name);
        if (met === "replaced directory")
            this.#storage.replaceDirectory();
        return met === fault;
    }
    #refuseReplaced() {
        if (this.#storage.isReplaced)
            throw directoryChanged(`${this.#top.label} is another one by now`);
    }
    /** Flips one bit, in a sector that is drawn. */
    #corrupt(bytes) {
        const sector = this.#faults.detail(sectorsIn(bytes.length));
        const place = Math.min(sector * SECTOR_BYTES + SECTOR_BYTES / 2, bytes.length - 1);
        bytes[place] = (bytes[place] ?? 0) ^ 1;
    }
    /** Lets every change that was asked for and not made yet happen, as it may have in part. */
    #finishInFlight() {
        for (const { errand } of this.#inFlight) {
            try {
                errand.happenAnyway?.();
            }
            catch (error) {
                // What could not have been done has not happened.
                if (!(error instanceof LatchworkError))
                    throw error;
            }
        }
    }
}
