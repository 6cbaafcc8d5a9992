/** What a disk writes at one stroke: it survives a crash as a whole or not at all. */
export const SECTOR_BYTES = 512;
/** A sector that was never written. */
export const ZERO_SECTOR = new Uint8Array(SECTOR_BYTES);
/**
 * The contents of a file, as sectors that are never written to once they are in the list. So to
 * save them is O(1), and the first change after that copies the list, not the bytes.
 */
export class Sectors {
    #list = [];
    #isShared = false;
    /** Bytes of the file; what the last sector has beyond is zero. */
    size = 0;
    /** The sector at an index; zeros where none was written. */
    at(index) {
        return this.#list[index] ?? ZERO_SECTOR;
    }
    set(index, sector) {
        this.#own();
        while (this.#list.length < index)
            this.#list.push(ZERO_SECTOR);
        this.#list[index] = sector;
    }
    /** Drops the sectors from an index on. */
    cutTo(count) {
        if (this.#list.length <= count)
            return;
        this.#own();
        this.#list.length = count;
    }
    /** Reads into `into`; returns the bytes read. */
    read(at, into) {
        const count = Math.max(0, Math.min(into.length, this.size - at));
        for (let done = 0; done < count;) {
            const from = (at + done) % SECTOR_BYTES;
            const length = Math.min(SECTOR_BYTES - from, count - done);
            const sector = this.at((at + done - from) / SECTOR_BYTES);
            into.set(sector.subarray(from, from + length), done);
            done += length;
        }
        return count;
    }
    save() {
        this.#isShared = true;
        return { list: this.#list, size: this.size };
    }
    restore(saved) {
        // Shared from here on, so that the saved list is never written to.
        this.#list = saved.list;
        this.#isShared = true;
        this.size = saved.size;
    }
    #own() {
        if (!this.#isShared)
            return;
        this.#list = this.#list.slice();
        this.#isShared = false;
    }
}
/** How many sectors so many bytes take. */
export function sectorsIn(bytes) {
    return Math.ceil(bytes / SECTOR_BYTES);
}
/** A sector whose bytes from a place on are zero. */
export function zeroedFrom(sector, from) {
    const cut = sector.slice();
    cut.fill(0, from);
    return cut;
}
/** Whether two stretches of bytes are the same; a loop, since `every` costs ten times as much. */
export function areEqual(a, b) {
    if (a.length !== b.length)
        return false;
    if (a !== b)
        for (let i = 0; i < a.length; i++)
            if (a[i] !== b[i])
                return false;
    return true;
}
