import { inWords, LatchworkError } from "../task/index.js";
import { runAsync } from "./async-driver.js";
import { compareRuns, followed, runTwice } from "./determinism.js";
import { Explorer } from "./explore.js";
import { retell } from "./retelling.js";
import { formatSchedule, parseSchedule } from "./schedule.js";
import { Scheduler } from "./scheduler.js";
import { SetupProgram } from "./setup-program.js";
import { budgetOf, checkOptions, schedulerOptionsOf, strategiesOf, } from "./simulate-options.js";
import { Trace } from "./trace.js";
/**
 * Runs a program under many schedules, until one fails or the budget is used.
 *
 * Whatever function it is given is called and its result looked at: one that gives a promise or a
 * generator where neither can be run is refused, and never taken for one that went well.
 *
 * @throws LatchworkError BAD_ARGUMENT if the setup declares no task, for a final check that cannot
 *   be run, or for an option that is none; NEEDS_ASYNC if a task or the check is async;
 *   UNKNOWN_NAME for a strategy that there is not; whatever the setup throws.
 */
export function simulate(setup, options = {}) {
    checkOptions(options);
    const scheduler = new Scheduler(schedulerOptionsOf(options));
    const program = new SetupProgram(setup, options.start);
    const run = (strategy) => runUnder(scheduler, program, strategy, options);
    const explorer = new Explorer(scheduler);
    return inPrint(explorer.exploreBy(run, strategiesOf(options), budgetOf(options)));
}
/**
 * Runs a program once, along a schedule as a verdict prints it.
 *
 * @throws LatchworkError BAD_SCHEDULE if the text is no schedule.
 */
export function replay(setup, scheduleText, options = {}) {
    const wanted = scheduleIn(scheduleText, options);
    const scheduler = tracedScheduler(options);
    runUnder(scheduler, new SetupProgram(setup, options.start), followed(wanted), options);
    return retell(scheduler, wanted);
}
/**
 * Runs a program with async tasks under many schedules. As {@link simulate} otherwise.
 *
 * @throws LatchworkError as a rejection, like whatever the setup throws.
 */
export async function simulateAsync(setup, options = {}) {
    checkOptions(options);
    const scheduler = new Scheduler(schedulerOptionsOf(options));
    const program = new SetupProgram(setup, options.start, true);
    const run = async (strategy) => runAsyncUnder(scheduler, program, strategy, options);
    const explorer = new Explorer(scheduler);
    return inPrint(await explorer.exploreAsync(run, strategiesOf(options), budgetOf(options)));
}
/** Runs a program with async tasks once, along a schedule. As {@link replay} otherwise. */
export async function replayAsync(setup, scheduleText, options = {}) {
    const wanted = scheduleIn(scheduleText, options);
    const scheduler = tracedScheduler(options);
    const program = new SetupProgram(setup, options.start, true);
    await runAsyncUnder(scheduler, program, followed(wanted), options);
    return retell(scheduler, wanted);
}
function runUnder(scheduler, program, strategy, options) {
    return options.checkDeterminism === true
        ? runTwice(scheduler, program, strategy, schedulerOptionsOf(options))
        : scheduler.run(program, strategy);
}
async function runAsyncUnder(scheduler, program, strategy, options) {
    if (options.checkDeterminism !== true)
        return runAsync(scheduler, program, strategy);
    scheduler.trace ??= new Trace();
    await runAsync(scheduler, program, strategy);
    const again = tracedScheduler(options);
    await runAsync(again, program, followed(scheduler.schedule));
    scheduler.failure = compareRuns(scheduler, again) ?? scheduler.failure;
    return scheduler;
}
function scheduleIn(text, options) {
    checkOptions(options);
    if (typeof text === "string")
        return parseSchedule(text);
    const message = `schedule: expected a text, as a3b7a, found ${inWords(text)}`;
    throw new LatchworkError("BAD_SCHEDULE", message);
}
function tracedScheduler(options) {
    const scheduler = new Scheduler(schedulerOptionsOf(options));
    scheduler.trace = new Trace();
    return scheduler;
}
function inPrint(verdict) {
    const { finding } = verdict;
    return { ...verdict, schedule: finding === null ? null : formatSchedule(finding.schedule) };
}
