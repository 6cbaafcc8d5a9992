/** Brands a number as a latch's id. */
export function latchId(id) {
    return id;
}
