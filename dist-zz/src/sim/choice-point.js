/** The scheduler's one choice point, refilled for each decision so that none is allocated. */
export class LiveChoicePoint {
    kind = "task";
    count = 0;
    currentIndex = -1;
    crashIndex = -1;
    stepIndex = 0;
    decisionIndex = 0;
    runner = null;
    options = [];
    /** Whether an option is a crash, or a task {@link forgotten}. */
    isOdd = false;
    /** A task that can go on though it was parked and not woken, or null. */
    forgotten = null;
    #tasks;
    constructor(tasks) {
        this.#tasks = tasks;
    }
    get taskCount() {
        return this.#tasks.length;
    }
    /** How many options there are beside a crash. */
    get othersCount() {
        return this.crashIndex < 0 ? this.count : this.count - 1;
    }
    /** Whether every task has ended. O(tasks). */
    get areAllDone() {
        return this.#tasks.every((task) => task.isDone);
    }
    /**
     * Whether a crash is the only option and may be taken: nobody waits in vain, or it may rescue
     * those who do. O(tasks).
     */
    get mayCrash() {
        const crash = this.crashIndex < 0 ? undefined : this.options[this.crashIndex];
        if (crash === undefined || this.othersCount > 0)
            return false;
        if (crash.source.rescues?.() !== false)
            return true;
        return this.#tasks.every((task) => task.isDone || task.isCrash);
    }
    /**
     * Makes the tasks that can go on the options; returns how many there are. Of several crashes only
     * the first is one of them.
     */
    collect(current) {
        const options = this.options;
        const tasks = this.#tasks;
        let count = 0;
        let currentIndex = -1;
        if (this.isOdd)
            this.#clear();
        for (let i = 0; i < tasks.length; i++) {
            const task = tasks[i];
            if (task === undefined || !task.isEnabled())
                continue;
            if ((task.isParked || task.isCrash) && this.#isLeftOut(task, count))
                continue;
            if (task === current)
                currentIndex = count;
            options[count++] = task;
        }
        this.currentIndex = currentIndex;
        this.count = count;
        return count;
    }
    /**
     * The option whose task took the fewest steps: whoever can go on does, in the end. A crash is not
     * among them unless it is the only option.
     */
    fairIndex() {
        let best = this.crashIndex === 0 && this.count > 1 ? 1 : 0;
        for (let i = best + 1; i < this.count; i++) {
            if (i === this.crashIndex)
                continue;
            if (this.#option(i).stepsTaken < this.#option(best).stepsTaken)
                best = i;
        }
        return best;
    }
    taskAt(index) {
        return this.#option(index).id;
    }
    stepsTaken(task) {
        return this.#tasks[task]?.stepsTaken ?? 0;
    }
    pendingAt(index) {
        return this.kind === "value" ? null : this.#option(index).pending;
    }
    canTakeAt(index) {
        const { releases, step, id } = this.#option(index);
        return releases.length > 0 || step?.canTake(id) === true;
    }
    pendingOf(task) {
        return this.#tasks[task]?.pending ?? null;
    }
    /** The tasks that can go on, as of the last {@link collect}. */
    enabledTasks() {
        return this.options.slice(0, this.count).map(({ id }) => id);
    }
    #clear() {
        this.isOdd = false;
        this.crashIndex = -1;
        this.forgotten = null;
    }
    /** Looks closer at a task that was parked or is a crash: whether it is no option after all. */
    #isLeftOut(task, index) {
        if (task.isParked && task.isForgotten) {
            this.forgotten ??= task;
            this.isOdd = true;
        }
        if (!task.isCrash)
            return false;
        if (this.crashIndex >= 0)
            return true;
        this.crashIndex = index;
        this.isOdd = true;
        return false;
    }
    #option(index) {
        const option = this.options[index];
        if (option === undefined || index >= this.count) {
            throw new RangeError(`option ${index} of ${this.count}`);
        }
        return option;
    }
}
