import { Step } from "./step.js";
/**
 * One request to a disk, begun when it is made: the step to wait on, and then its result.
 *
 *     const count = yield* file.read(0, buffer);
 *
 * Taking it throws a LatchworkError (DISK_ERROR, NO_SPACE, NO_SUCH_FILE, DIRECTORY_CHANGED) if the
 * request failed, and a driver throws that into the task that waits.
 */
export class DiskRequest extends Step {
    /**
     * `step` waits on this request too, and is to be woken once it is enabled. Requests whose drivers
     * ask again at each turn, and those that are always enabled, have nothing to do.
     */
    join(_step) { }
    *[Symbol.iterator]() {
        yield this;
        return this.value;
    }
}
