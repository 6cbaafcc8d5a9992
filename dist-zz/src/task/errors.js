/** A fault that the caller or the world is responsible for, with a stable code. */
export class LatchworkError extends Error {
    name = "LatchworkError";
    code;
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}
