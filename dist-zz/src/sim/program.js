import { optionNames } from "../task/index.js";
/** For whoever takes {@link SchedulerOptions}. */
export const SCHEDULER_OPTION_NAMES = optionNames({
    releaseSteps: true,
    stepsMax: true,
});
