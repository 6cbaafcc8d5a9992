/**
 * Searches the wait-for graph for a cycle through one task.
 *
 * A waits for B means that A cannot go on before B does, so a cycle is a deadlock whatever the
 * others do (Coffman, Elphick, Shoshani 1971). Called whenever a task begins to wait, it finds
 * each deadlock at the moment its cycle closes.
 *
 * @returns the tasks of the cycle, each waiting for the next and the last for the first, or null.
 *   O(tasks + edges), and no allocation when `start` waits for nobody.
 */
export function findWaitCycle(start, blockersOf) {
    const first = [];
    blockersOf(start, first);
    if (first.length === 0)
        return null;
    const path = [start];
    const visited = new Set();
    return reaches(first, start, path, visited, blockersOf) ? path : null;
}
function reaches(from, goal, path, visited, blockersOf) {
    for (const task of from) {
        if (task === goal)
            return true;
        if (visited.has(task))
            continue;
        visited.add(task);
        path.push(task);
        const next = [];
        blockersOf(task, next);
        if (reaches(next, goal, path, visited, blockersOf))
            return true;
        path.pop();
    }
    return false;
}
