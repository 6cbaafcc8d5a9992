import { parseReplay, type Scenario } from "../../../src/hunt/index.ts";
import { parseSchedule, type Schedule } from "../../../src/sim/index.ts";

/** A run whose trace is known: the same bytes in Node and in every browser. */
export interface PinnedRun {
  readonly name: string;
  readonly line: string;
  readonly hash: string;
}

/**
 * Ten runs of every kind: in memory and on a disk, in partitions, in batches, of a bug and of a
 * right protocol. A change of what runs do, or of the trace format, changes the hashes; then they
 * are taken anew from `traceHash`, after a look at what has changed.
 */
export const PINNED_RUNS: readonly PinnedRun[] = [
  {
    name: "a run of crabbing that goes well",
    line: "LW1:protocol crabbing;capacity 3;tree [10,20,30][40];task get 30;task insert 15;schedule a3b4#8f1e98",
    hash: "5edc68b1",
  },
  {
    name: "C1, a reader that loses a key",
    line: "LW1:protocol crabbing;bug C1;capacity 3;tree [10,20,30][40];task get 30;task insert 15;schedule abab3aba#45be92",
    hash: "4673a070",
  },
  {
    name: "C5, a deadlock",
    line: "LW1:protocol crabbing;bug C5;capacity 2;tree [10,20][30];task delete 30;task scan;schedule b2aba2#340c29",
    hash: "d884c1e3",
  },
  {
    name: "B3, a scan to the left",
    line: "LW1:protocol b-link;bug B3;capacity 2;tree [10,20][30,40];task scan-back;task insert 15;schedule b2aba3b2ab#7e4588",
    hash: "ec2f7db6",
  },
  {
    name: "F1, a page that was freed",
    line: "LW1:protocol foster;bug F1;capacity 2;tree [10,20];task insert 15 then get 20;task delete 20;schedule a5b19a#d2608f",
    hash: "e5aedc21",
  },
  {
    name: "O4, a version that is too old",
    line: "LW1:protocol olc;bug O4;capacity 3;tree [10,20];task get 20;task insert 5;schedule a7b12a4#259d01",
    hash: "5497a325",
  },
  {
    name: "S1, a deadlock with the tree's latch",
    line: "LW1:protocol sx-tree;bug S1;capacity 3;tree [10,12,14][20][30][40][50][60];task insert 16;task get 20;schedule a3b2a5#c439ac",
    hash: "31e4aae4",
  },
  {
    name: "W1, a write that a crash loses",
    line: "LW1:protocol crabbing;bug W1;capacity 2;tree [10];task insert 20;crashes 1;schedule a6b=0c25#350c27",
    hash: "55f84a29",
  },
  {
    name: "P2, a batch over two partitions",
    line: "LW1:protocol crabbing;bug P2;capacity 2;tree [10,20];task batch put 10 and put 20;crashes 1;partitions 2;schedule a7bc81#fa121c",
    hash: "7667dbb6",
  },
  {
    name: "A2, writes that go down together",
    line: "LW1:protocol crabbing;bug A2;capacity 4;tree [10,20];task put 10;task put 20;crashes 1;batching 1,16,4096;faults sync;schedule aba8=1bc=0d25#c355d8",
    hash: "a2f27756",
  },
];

/** The run of a line. */
export function runOfLine(line: string): {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
} {
  const file = parseReplay(line);
  return { scenario: file.scenario, schedule: parseSchedule(file.schedule) };
}
