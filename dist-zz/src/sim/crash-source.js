import { ACCESS_NONE, mustBeThere, NO_OBJECT } from "../task/index.js";
import { CallStep } from "./blocks/call-step.js";
import { OnceSource } from "./once-source.js";
/**
 * A crash as one more option of the schedule: a task whose only step is possible at every moment.
 *
 *     scheduler.addTask(new CrashSource(() => {
 *       scheduler.stopAll();
 *       disk.crash();
 *       scheduler.addTask(recovery);
 *     }));
 *
 * A run in which it is not taken before is crashed at its end, once all tasks have ended. The
 * source is used for one run at a time; {@link reset} makes it fit for the next.
 */
export class CrashSource extends OnceSource {
    isCrash = true;
    #crash;
    #rescues;
    #hasCrashed = false;
    /**
     * @param crash What the crash does; it may draw values and add tasks.
     * @param rescues See {@link TaskSource.rescues}; default always.
     */
    constructor(crash, name = "power", rescues = () => true) {
        super(name);
        this.#crash = crash;
        this.#rescues = rescues;
    }
    /** Whether the crash has come in this run. */
    get hasCrashed() {
        return this.#hasCrashed;
    }
    /** Makes it a crash that has not come yet. */
    reset() {
        super.reset();
        this.#hasCrashed = false;
    }
    rescues() {
        const given = this.#rescues();
        mustBeThere(`${this.name}: rescues`, given, "expected true or false");
        return given;
    }
    *code() {
        yield new CallStep(NO_OBJECT, { kind: "crash" }, ACCESS_NONE, () => undefined);
        this.#hasCrashed = true;
        const given = this.#crash();
        mustBeThere(`${this.name}: crash`, given, "it happens at once; add what takes steps as a task");
    }
}
