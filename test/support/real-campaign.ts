import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { protocolNamed } from "../../src/btree/index.ts";
import {
  checkHistory,
  type CheckOptions,
  checkOrder,
  type History,
  jsonLinesOf,
  verdictText,
} from "../../src/linearizability/index.ts";
import { openSmall, RealRun, throughEngine, throughLevel } from "./real-run.ts";
import { emptyTally, type Tally } from "./run-campaign.ts";
import { treeMap } from "./run-models.ts";

/**
 * Judges real runs under a protocol, through both doors, on a directory of its own. They cannot be
 * repeated, so a history that is refuted is kept in a file, which the failure names.
 *
 * @param each Operations of each client.
 */
export async function judgeReal(
  protocol: string,
  load: { readonly clients: number; readonly each: number; readonly seed: string },
  budget: CheckOptions,
): Promise<Tally> {
  const tally = emptyTally();
  const place = mkdtempSync(join(tmpdir(), "latchwork-real-"));
  const refute = (history: History, why: string): void => {
    const file = join(
      tmpdir(),
      `refuted-${protocol}-${process.pid}-${tally.failures.length}.jsonl`,
    );
    writeFileSync(file, [...jsonLinesOf(history)].join(""));
    tally.failures.push(`${protocol}, a real run kept in ${file}: ${why}`);
  };
  const judge = (history: History): void => {
    const verdict = checkHistory(history, treeMap(), { ...budget, scan: "per-key" });
    tally.runs++;
    tally.histories++;
    tally.operations += history.operations.length;
    tally.explored += verdict.explored;
    if (verdict.kind === "unknown") tally.unknown++;
    if (verdict.kind === "not-linearizable") refute(history, verdictText(verdict, history));
  };
  try {
    const outer = new RealRun();
    const before = await openSmall(place, protocol);
    await outer.work(throughLevel(before), { ...load, keys: 200 });
    await before.close();
    const after = await openSmall(place, protocol);
    await outer.look(throughLevel(after));
    judge(outer.history());
    // From here on another recording, which has to begin with an empty tree.
    await after.clear();
    const inner = new RealRun();
    await inner.work(throughEngine(after), { ...load, keys: 200 });
    await inner.look(throughEngine(after));
    const history = inner.history();
    judge(history);
    if (protocolNamed(protocol).scanPromise === "atomic") {
      tally.histories++;
      const fault = checkOrder(history, treeMap(), after.order);
      if (fault !== null) refute(history, `the order of the latch: ${JSON.stringify(fault)}`);
    }
    await after.close();
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
  return tally;
}
