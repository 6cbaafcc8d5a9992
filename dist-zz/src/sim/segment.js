import { doCommute } from "../task/index.js";
/** Whether two segments touch nothing in ways that do not commute. O(touches of a × of b). */
export function areIndependent(a, b) {
    if (a.task === b.task || a.isCrash || b.isCrash)
        return false;
    return a.footprint.every((mine) => b.footprint.every((other) => mine.objectId !== other.objectId || doCommute(mine.access, other.access)));
}
