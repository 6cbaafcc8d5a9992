import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "../../src/task/index.ts";
import { type Errand, type Findings, OPERATIONS_COUNTED, TRIES } from "./errand.ts";
import { sampleCpu, sampleHeap } from "./samplers.ts";
import { openSubject, type Subject } from "./subjects.ts";

const NS_A_MS = 1e6;
const NS_A_US = 1000;
/** Long enough for the observer of collections to be told of one. */
const TOLD_AFTER_MS = 20;

/**
 * Measures one case, from the process that was made for it.
 *
 * Half of the operations warm up, a quarter is timed without a profiler, a quarter with one.
 * Requires: the process was started with `--expose-gc` and a large young generation.
 */
export async function measure(errand: Errand): Promise<Findings> {
  const subject = await openSubject(errand);
  const part = Math.floor(errand.keys / 4);
  try {
    await subject.run(2 * part);
    const start = performance.now();
    const startCpu = process.cpuUsage();
    await subject.run(part);
    const { user, system } = process.cpuUsage(startCpu);
    const wall = ((performance.now() - start) / part) * NS_A_MS;
    const cpu = ((user + system) / part) * NS_A_US;
    const { phases, functions } = await sampleCpu(() => subject.run(part));
    const counted = Math.min(OPERATIONS_COUNTED, part);
    const { heap, buffers } = await allocatedBy(subject, counted);
    const allocators = await sampleHeap(() => subject.run(counted));
    return {
      wall,
      cpu,
      allocated: heap,
      buffers,
      phases: perOperation(phases, part),
      functions: perOperation(functions, part),
      allocators: perOperation(allocators, counted),
    };
  } finally {
    await subject.close();
  }
}

/** Bytes that an operation allocates. */
interface Allocated {
  readonly heap: number;
  readonly buffers: number;
}

/**
 * Bytes that an operation allocates: how far V8's counters move, where no collection came between.
 * The least of some tries: what others allocate meanwhile only adds to it.
 */
async function allocatedBy(subject: Subject, count: number): Promise<Allocated> {
  assert(globalThis.gc !== undefined, "the process was started with --expose-gc");
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ["gc"] });
  let least: Allocated = { heap: Number.POSITIVE_INFINITY, buffers: 0 };
  for (let attempt = 0; attempt < TRIES; attempt++) {
    globalThis.gc();
    // oxlint-disable-next-line no-await-in-loop -- one attempt after another
    await sleep(TOLD_AFTER_MS);
    collections = 0;
    const before = process.memoryUsage();
    // oxlint-disable-next-line no-await-in-loop
    await subject.run(count);
    const after = process.memoryUsage();
    // oxlint-disable-next-line no-await-in-loop
    await sleep(TOLD_AFTER_MS);
    const heap = Math.max(0, after.heapUsed - before.heapUsed) / count;
    const buffers = Math.max(0, after.arrayBuffers - before.arrayBuffers) / count;
    if (collections === 0 && heap < least.heap) least = { heap, buffers };
  }
  observer.disconnect();
  assert(Number.isFinite(least.heap), "some try came to its end without a collection");
  return least;
}

function perOperation(totals: ReadonlyMap<string, number>, count: number): Record<string, number> {
  return Object.fromEntries([...totals].map(([name, total]) => [name, total / count]));
}
