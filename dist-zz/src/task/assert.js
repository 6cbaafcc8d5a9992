/**
 * A broken invariant: our bug, never the caller's.
 *
 * It is thrown by {@link assert} and by the guards that catch misuse of a latch. `rule` names the
 * kind of violation, so that a simulator can sort failures without reading messages.
 */
export class InvariantViolation extends Error {
    name = "InvariantViolation";
    rule;
    constructor(message, rule = "invariant") {
        super(message);
        this.rule = rule;
    }
}
/**
 * Throws unless `condition` holds. Always on, in production too.
 *
 * @param expected What should have held, as a constant sentence: it is evaluated on the hot path.
 * @throws InvariantViolation when `condition` is false.
 */
export function assert(condition, expected) {
    if (!condition)
        throw notSo(expected);
}
/** Apart from {@link assert}, which so stays small enough to be inlined. */
function notSo(expected) {
    return new InvariantViolation(`expected that ${expected}; it is not so`);
}
/**
 * Throws what {@link assert} throws, and says what there is instead. To be called where the
 * condition was found not to hold, so that the words cost nothing as long as all is well.
 *
 * @throws InvariantViolation always.
 */
export function broken(expected, found) {
    throw new InvariantViolation(`expected that ${expected}; found ${found}`);
}
