import { InvariantViolation, labelOf } from "../../task/index.js";
/**
 * Makes objects of a class betray themselves when they are awaited. JavaScript would go on at once
 * with the object itself, as if the step had been taken.
 *
 * They get a `then` that is no part of their type, so that to the compiler and to `yield` they are
 * what they were. It costs nothing until somebody looks for it.
 *
 * @param stepOf What would have to be taken, and its home.
 * @param isPending Whether the object still is a step to take; if not, it is a value like others.
 */
export function betrayAwaiting(prototype, stepOf, isPending = isAlways) {
    // oxlint-disable-next-line no-thenable -- that it is one is what finds out who awaits it
    Object.defineProperty(prototype, "then", {
        configurable: true,
        get() {
            if (!isPending(this))
                return undefined;
            // It is looked up where `await` is written, and called in a promise job, which has no stack.
            const place = new Error("a step is awaited");
            return () => {
                const { step, home } = stepOf(this);
                if (home === null)
                    throw awaitedInVain(labelOf(step.fact()));
                home.awaited(step, place);
            };
        },
    });
}
function isAlways() {
    return true;
}
/**
 * For a step that is awaited by no task that is known: by a final check, by a setup, or by whoever
 * makes steps of a class of their own, which have no home.
 */
export function awaitedInVain(what) {
    const found = `escape: a step is awaited, which does not take it (${what})`;
    const advice = "a task writes await t.run(...), a final check is a generator function";
    return new InvariantViolation(`${found}; ${advice}, with yield*`, "escape");
}
