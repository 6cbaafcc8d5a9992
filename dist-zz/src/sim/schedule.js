import { LatchworkError } from "../task/index.js";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const TOKEN = /([a-zA-Z]|\{\d{1,6}\})(\d{0,9})|=(\d{1,9})/y;
const STEPS_MAX = 10_000_000;
/** Prints a schedule, run-length encoded. */
export function formatSchedule(schedule) {
    let text = "";
    for (let i = 0; i < schedule.length;) {
        const choice = schedule[i] ?? 0;
        if (choice < 0) {
            text += `=${~choice}`;
            i++;
            continue;
        }
        let end = i + 1;
        while (schedule[end] === choice)
            end++;
        text += taskToken(choice) + (end - i > 1 ? String(end - i) : "");
        i = end;
    }
    return text;
}
/**
 * Reads a schedule as {@link formatSchedule} prints it.
 *
 * @throws LatchworkError BAD_SCHEDULE naming the first character that does not fit.
 */
export function parseSchedule(text) {
    const schedule = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
        const at = TOKEN.lastIndex;
        const match = TOKEN.exec(text);
        if (match === null)
            throw badSchedule(`unexpected ${JSON.stringify(text[at])}`, at);
        const [, task, count, value] = match;
        if (value !== undefined)
            schedule.push(~Number(value));
        else if (task !== undefined) {
            const steps = count === undefined || count === "" ? 1 : Number(count);
            if (steps < 1 || schedule.length + steps > STEPS_MAX) {
                throw badSchedule(`a step count of ${steps}`, at);
            }
            const id = task.startsWith("{") ? Number(task.slice(1, -1)) : LETTERS.indexOf(task);
            for (let i = 0; i < steps; i++)
                schedule.push(id);
        }
    }
    return schedule;
}
/** The letter (or `{number}`) by which schedules and stories name a task. */
export function taskToken(task) {
    return task < LETTERS.length ? LETTERS.charAt(task) : `{${task}}`;
}
function badSchedule(what, at) {
    return new LatchworkError("BAD_SCHEDULE", `schedule: ${what} at character ${at + 1}; expected task letters with counts, as a3b7a`);
}
