/** The shared-object ids of a disk's files, given anew in each run as they are first needed. */
export class ObjectNames {
    #scheduler;
    #ids = new Map();
    #names = new Map();
    #run = -1;
    constructor(scheduler) {
        this.#scheduler = scheduler;
    }
    idOf(name) {
        if (this.#run !== this.#scheduler.runs)
            this.#beginRun();
        let id = this.#ids.get(name);
        if (id === undefined) {
            id = this.#scheduler.newObject();
            this.#ids.set(name, id);
            this.#names.set(id, name);
        }
        return id;
    }
    nameOf(id) {
        return this.#run === this.#scheduler.runs ? (this.#names.get(id) ?? null) : null;
    }
    #beginRun() {
        this.#run = this.#scheduler.runs;
        this.#ids.clear();
        this.#names.clear();
    }
}
