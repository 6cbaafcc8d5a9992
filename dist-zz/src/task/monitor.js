/**
 * Shared state that needs no step of its own, such as the end of the log or the list of free pages.
 *
 * A segment of one task runs without another coming in between, so the state is consistent by
 * itself, as inside a monitor (Hoare, CACM 1974). But the *order* of two segments that enter it can
 * matter, so each says that it does: the simulator records it, the event loop has nothing to do,
 * and a driver with threads would take a short spin latch until the segment ends.
 */
export class Monitor {
    objectId;
    #host;
    /** @param name What reports call it, as `the end of the log`. */
    constructor(host, name) {
        this.#host = host;
        this.objectId = host.newObject(name);
    }
    /** The segment that runs now touches the state, and in this way. O(1). */
    touch(access) {
        this.#host.touch(this.objectId, access);
    }
}
