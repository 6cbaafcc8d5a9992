/** An open file of a simulated disk. It outlives its name, but no crash. */
export class SimDiskFile {
    name;
    path;
    body;
    canWrite;
    /** How many crashes the disk had seen when the file was opened. */
    crashes;
    /** Whether its path leads to it still. */
    isThere;
    isClosed = false;
    #disk;
    constructor(disk, { name, path, body, canWrite, crashes, isThere }) {
        this.#disk = disk;
        this.name = name;
        this.path = path;
        this.body = body;
        this.canWrite = canWrite;
        this.crashes = crashes;
        this.isThere = isThere;
    }
    read(at, into) {
        return this.#disk.read(this, at, into);
    }
    write(at, bytes) {
        return this.#disk.write(this, at, bytes);
    }
    sync() {
        return this.#disk.sync(this);
    }
    confirm() {
        this.#disk.confirm(this);
    }
    size() {
        return this.#disk.size(this);
    }
    truncate(bytes) {
        return this.#disk.truncate(this, bytes);
    }
    close() {
        return this.#disk.close(this);
    }
}
