/** The tasks of a run by id, and what summaries of the run say of each. */
export class TaskTable {
    tasks = [];
    get taskCount() {
        return this.tasks.length;
    }
    stepsTaken(task) {
        return this.tasks[task]?.stepsTaken ?? 0;
    }
    pendingOf(task) {
        return this.tasks[task]?.pending ?? null;
    }
    parentOf(task) {
        return this.tasks[task]?.parent ?? null;
    }
    wasStopped(task) {
        return this.tasks[task]?.wasStopped ?? false;
    }
}
