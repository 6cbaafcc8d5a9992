import { SECTOR_BYTES, Sectors, sectorsIn, ZERO_SECTOR, zeroedFrom, } from "./sectors.js";
import { Unsynced } from "./unsynced.js";
/**
 * A file without its name: what readers see, what is durable, and what lies between the two.
 *
 * Readers see all that was written. Each sector and the size may survive a crash in any of their
 * unsynced versions, independently of each other: disks write in any order.
 */
export class FileBody {
    /** Counts the files of a disk as they are made. */
    serial;
    #live = new Sectors();
    #durable = new Sectors();
    #unsynced = new Map();
    #unsyncedSize = new Unsynced();
    constructor(serial) {
        this.serial = serial;
    }
    get size() {
        return this.#live.size;
    }
    get durableSize() {
        return this.#durable.size;
    }
    get unsyncedSize() {
        return this.#unsyncedSize;
    }
    /** The sectors with versions that are not durable, ascending. */
    get unsyncedSectors() {
        return [...this.#unsynced].toSorted(([a], [b]) => a - b);
    }
    durableSector(index) {
        return this.#durable.at(index);
    }
    read(at, into) {
        return this.#live.read(at, into);
    }
    /** The contents that readers see, or those that are durable. */
    bytes(durable = false) {
        const sectors = durable ? this.#durable : this.#live;
        const all = new Uint8Array(sectors.size);
        sectors.read(0, all);
        return all;
    }
    write(at, bytes, order) {
        for (let done = 0; done < bytes.length;) {
            const from = (at + done) % SECTOR_BYTES;
            const length = Math.min(SECTOR_BYTES - from, bytes.length - done);
            const index = (at + done - from) / SECTOR_BYTES;
            const sector = this.#live.at(index).slice();
            sector.set(bytes.subarray(done, done + length), from);
            this.#change(index, sector, order);
            done += length;
        }
        const end = at + bytes.length;
        if (end > this.size)
            this.#resize(end, order);
        // A failed sync may have given the size up; what is written beyond it makes it grow again.
        else if (end > this.#sizeOnceSynced)
            this.#unsyncedSize.add(order, end);
    }
    truncate(size, order) {
        if (size === this.size)
            return;
        const kept = sectorsIn(size);
        const last = size % SECTOR_BYTES;
        for (let index = kept; index < sectorsIn(this.size); index++) {
            this.#change(index, ZERO_SECTOR, order);
        }
        this.#live.cutTo(kept);
        if (last > 0)
            this.#change(kept - 1, zeroedFrom(this.#live.at(kept - 1), last), order);
        this.#resize(size, order);
    }
    sync() {
        for (const [index, unsynced] of this.#unsynced) {
            const written = unsynced.sync();
            if (written !== null)
                this.#durable.set(index, written.value);
            if (unsynced.versions.length === 0)
                this.#unsynced.delete(index);
        }
        const size = this.#unsyncedSize.sync();
        if (size !== null)
            this.#durable.size = size.value;
    }
    failSync() {
        for (const unsynced of this.#unsynced.values())
            unsynced.failSync();
        this.#unsyncedSize.failSync();
    }
    /** Makes the file what survived of it, all of it durable. */
    settle({ size, sectors }) {
        for (const [index, sector] of sectors)
            this.#durable.set(index, sector);
        this.#durable.size = size;
        this.#durable.cutTo(sectorsIn(size));
        const last = size % SECTOR_BYTES;
        const index = sectorsIn(size) - 1;
        if (last > 0)
            this.#durable.set(index, zeroedFrom(this.#durable.at(index), last));
        this.#live.restore(this.#durable.save());
        this.#unsynced.clear();
        this.#unsyncedSize = new Unsynced();
    }
    /** Flips bits of one byte, both where readers look and where it is durable. */
    damage(at, mask) {
        const index = Math.floor(at / SECTOR_BYTES);
        for (const sectors of [this.#live, this.#durable]) {
            const sector = sectors.at(index).slice();
            const place = at % SECTOR_BYTES;
            sector[place] = (sector[place] ?? 0) ^ mask;
            sectors.set(index, sector);
        }
    }
    save() {
        return {
            live: this.#live.save(),
            durable: this.#durable.save(),
            sectors: [...this.#unsynced].map(([index, unsynced]) => [index, unsynced.copy()]),
            size: this.#unsyncedSize.copy(),
        };
    }
    restore({ live, durable, sectors, size }) {
        this.#live.restore(live);
        this.#durable.restore(durable);
        this.#unsynced.clear();
        for (const [index, unsynced] of sectors)
            this.#unsynced.set(index, unsynced.copy());
        this.#unsyncedSize = size.copy();
    }
    get #sizeOnceSynced() {
        return this.#unsyncedSize.pending?.value ?? this.durableSize;
    }
    #change(index, sector, order) {
        this.#live.set(index, sector);
        let unsynced = this.#unsynced.get(index);
        if (unsynced === undefined) {
            unsynced = new Unsynced();
            this.#unsynced.set(index, unsynced);
        }
        unsynced.add(order, sector);
    }
    #resize(size, order) {
        this.#live.size = size;
        this.#unsyncedSize.add(order, size);
    }
}
