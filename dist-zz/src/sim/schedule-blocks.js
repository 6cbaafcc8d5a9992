/** Cuts a schedule wherever another task goes on. */
export function blocksOf(schedule) {
    const blocks = [];
    for (const decision of schedule) {
        const last = blocks.at(-1);
        const isSame = last !== undefined && (decision < 0 || decision === last.task);
        if (isSame)
            last.decisions.push(decision);
        else
            blocks.push({ task: Math.max(decision, -1), decisions: [decision] });
    }
    return blocks;
}
/** Strings blocks together again. */
export function scheduleOf(blocks) {
    return blocks.flatMap((block) => block.decisions);
}
/** How many times another task goes on. */
export function switchesOf(schedule) {
    return Math.max(blocksOf(schedule).length - 1, 0);
}
/**
 * Lists the small changes around one block that could make a run quieter, most promising first.
 * Whether a change is legal shows only when it is run.
 */
export function changesAt(blocks, index) {
    const block = blocks[index];
    if (block === undefined || block.task < 0)
        return [];
    const changes = [without(blocks, index)];
    const next = blocks.findIndex((other, i) => i > index && other.task === block.task);
    if (next >= 0)
        changes.push(moved(blocks, next, index + 1), moved(blocks, index, next - 1));
    if (index + 1 < blocks.length)
        changes.push(moved(blocks, index, index + 1));
    return changes;
}
function without(blocks, index) {
    return blocks.filter((_, i) => i !== index);
}
/** Takes a block out and puts it back so that it ends up at `to`. */
function moved(blocks, from, to) {
    const rest = without(blocks, from);
    return [...rest.slice(0, to), ...blocks.slice(from, from + 1), ...rest.slice(to)];
}
