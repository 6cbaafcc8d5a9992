/** When requests are served. */
export class Device {
    #latency;
    #queue;
    #freeAtMs = 0;
    constructor(latency, queue) {
        this.#latency = latency;
        this.#queue = queue;
    }
    /** Whether requests wait for those made before. */
    get isSerial() {
        return this.#queue === "serial";
    }
    /** Nothing is being served. */
    reset() {
        this.#freeAtMs = 0;
    }
    /** When a request made now is ready; 0 if at once. */
    readyAtMs(work, nowMs, delayMs) {
        const takesMs = this.#takesMs(work) + delayMs;
        if (this.#queue === "parallel")
            return takesMs === 0 ? 0 : nowMs + takesMs;
        const readyAtMs = Math.max(nowMs, this.#freeAtMs) + takesMs;
        this.#freeAtMs = readyAtMs;
        return readyAtMs === nowMs ? 0 : readyAtMs;
    }
    #takesMs(work) {
        const { readMs = 0, writeMs = 0, syncMs = 0 } = this.#latency;
        switch (work) {
            case "read":
                return readMs;
            case "write":
                return writeMs;
            case "sync":
                return syncMs;
            case "none":
                return 0;
        }
    }
}
