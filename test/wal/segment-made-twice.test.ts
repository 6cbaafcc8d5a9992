import { expect, it } from "vitest";
import { Scheduler, SimDisk, SimHost } from "../../src/sim/index.ts";
import { lsn } from "../../src/storage/index.ts";
import { runToCompletion, type Task, taskId } from "../../src/task/index.ts";
import { inspectLog, openLog, policyNamed, segmentName } from "../../src/wal/index.ts";
import { BytePages } from "./changes.ts";
import { openFixture } from "./log-fixture.ts";

const FIRST = lsn(1);

/** A segment of two blocks of one flush, of which the first is torn and the second is whole. */
function tornSegment(): Uint8Array {
  const { disk, driver, log } = openFixture();
  const pages = new BytePages();
  pages.change(log, [2], 1, 1);
  log.beginBatch();
  for (const id of [3, 4]) pages.change(log, [id], 1, 1);
  log.endBatch();
  driver.result(log.flushTo(log.endLsn));
  const bytes = disk.files.get(segmentName(FIRST))?.now.slice() ?? new Uint8Array(0);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  return bytes;
}

/** Takes some steps of a task; false if it ended before. */
function takeSteps(task: Task<unknown>, steps: number): boolean {
  for (let taken = 0; taken < steps; taken++) {
    const next = task.next();
    if (next.done === true) return false;
    next.value.take(taskId(0));
  }
  return task.next().done !== true;
}

/** Runs once for each way in which choices can fall out. */
function forEachChoice(run: (choose: (count: number) => number) => void): number {
  const path: { at: number; of: number }[] = [];
  for (let runs = 1; ; runs++) {
    let depth = 0;
    run((count) => {
      const choice = (path[depth] ??= { at: 0, of: count });
      depth++;
      return choice.at;
    });
    while (path.length > 0 && (path.at(-1)?.at ?? 0) + 1 === path.at(-1)?.of) path.pop();
    const last = path.at(-1);
    if (last === undefined) return runs;
    last.at++;
  }
}

// The log begins anew where a segment begins already, as its only block is torn. A crash on the way
// must not put old and new together, so that a block seems to have been durable behind nothing.
it("segment_begins_where_one_begins_already: any crash leaves a torn tail at most", () => {
  const bytes = tornSegment();
  let states = 0;
  for (let steps = 0, goesOn = true; goesOn; steps++) {
    states += forEachChoice((choose) => {
      const scheduler = new Scheduler();
      const disk = new SimDisk(scheduler, { survival: "sectors" });
      disk.put(segmentName(FIRST), bytes);
      const host = new SimHost(scheduler);
      const policy = policyNamed("each");
      const opening = openLog({ disk, host, policy, segmentBytes: 4096, startLsn: FIRST });
      goesOn = takeSteps(opening, steps);
      disk.crash(choose);
      const contents = runToCompletion(inspectLog({ disk, redoLsn: FIRST }));
      expect([contents.damage, contents.endLsn]).toEqual([null, FIRST]);
    });
  }
  expect(states).toBeGreaterThan(20);
});
