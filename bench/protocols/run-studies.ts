import { setImmediate as nextTurn } from "node:timers/promises";
import { nodeChecksum } from "../../src/drivers/index.ts";
import { Progress } from "../progress.ts";
import { grownDatabase, type TreeSize } from "./database.ts";
import { type Grown, runCell } from "./run-cell.ts";
import type { Measured, Planned } from "./studies.ts";

/** Databases that were grown, by the sizes of their trees. */
export class GrownDatabases {
  readonly #byKey = new Map<string, Grown>();

  of(tree: TreeSize): Grown {
    const key = `${tree.keys} ${tree.pageSize}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const grown = { ...tree, files: grownDatabase(tree, nodeChecksum), checksum: nodeChecksum };
    this.#byKey.set(key, grown);
    return grown;
  }
}

/** Runs what is planned, in order, until it is interrupted; gives what was complete by then. */
export async function runStudies(
  planned: readonly Planned[],
  isInterrupted: () => boolean,
): Promise<Measured[]> {
  const databases = new GrownDatabases();
  const progress = new Progress(planned.length, "runs in virtual time");
  const measured: Measured[] = [];
  for (const plan of planned) {
    // Signals are heard between two runs only.
    await nextTurn();
    if (isInterrupted()) break;
    measured.push({ ...plan, figures: runCell(plan.cell, databases.of(plan.tree)) });
    progress.step(`${plan.study}, ${plan.cell.protocol}, ${plan.cell.cores} cores`);
  }
  return measured;
}
