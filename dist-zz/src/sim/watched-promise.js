/**
 * A promise that knows whether anybody has looked at it: awaited it, or asked for `then`, `catch`
 * or `finally`. For whoever has to report what went wrong in it if nobody else does.
 *
 * `await` and all these read a promise's `constructor`, to know its kind, and nothing else does. It
 * gives that of every promise, so that an `await` takes no turn more than it does of another.
 */
export class WatchedPromise extends Promise {
    #isSeen = false;
    static {
        void Object.defineProperty(WatchedPromise.prototype, "constructor", {
            get() {
                this.#isSeen = true;
                return Promise;
            },
        });
    }
    get isSeen() {
        return this.#isSeen;
    }
    /** Calls back if it is rejected, which does not count as a look. */
    whenRejected(callback) {
        const was = this.#isSeen;
        void this.then(undefined, callback);
        this.#isSeen = was;
    }
}
