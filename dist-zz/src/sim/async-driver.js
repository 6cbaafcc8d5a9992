import { AsyncSource } from "./async-task.js";
/**
 * Runs a program once, some of whose tasks are async functions. Steps, decisions and results are as
 * under `Scheduler.run`; only what comes between two steps of such a task takes promise jobs.
 */
export async function runAsync(scheduler, program, strategy) {
    // From here on this is a promise job, and those that are due run before `whenQuiet` calls.
    await Promise.resolve();
    scheduler.begin(program, strategy);
    try {
        for (;;) {
            const task = scheduler.pickAndTake();
            if (task === null)
                break;
            if (task.source instanceof AsyncSource) {
                await task.source.advance(whenQuiet, task.fault);
                // The function has seen it; the generator around it has not, and need not.
                task.fault = null;
            }
            if (!scheduler.failed)
                scheduler.resume(task);
        }
        scheduler.end();
    }
    finally {
        for (const { source } of scheduler.tasks)
            if (source instanceof AsyncSource)
                source.close();
    }
    if (!scheduler.failed) {
        const failure = (await program.finishAsync?.()) ?? null;
        if (failure !== null)
            scheduler.fail(failure);
    }
    return scheduler;
}
// As they were when this was loaded: a test suite may replace them while a program runs.
const nextTick = typeof process === "object" && typeof process.nextTick === "function"
    ? process.nextTick.bind(process)
    : null;
const Channel = globalThis.MessageChannel;
/**
 * Calls back once the promise jobs that are due have run, and those that they make.
 *
 * Under Node a tick that is asked for within a promise job comes right after them, before any
 * timer or I/O, and ticks come in the order in which they were asked for. Elsewhere a message to
 * ourselves is the earliest there is.
 */
function whenQuiet(callback) {
    if (nextTick !== null) {
        nextTick(callback);
        return;
    }
    const { port1, port2 } = new Channel();
    port1.addEventListener("message", () => {
        port1.close();
        callback();
    });
    port1.start();
    port2.postMessage(null);
}
