import { type HeapProfiler, type Profiler, Session } from "node:inspector/promises";
import { assert } from "../../src/task/index.ts";
import { nameOf, phaseOf } from "./phases.ts";

const CPU_INTERVAL_US = 200;
const HEAP_INTERVAL_BYTES = 4096;
const NS_A_US = 1000;

/** Samples of the processor's time, in nanoseconds in all. */
export interface CpuTimes {
  readonly phases: Map<string, number>;
  readonly functions: Map<string, number>;
}

/** Runs work under V8's sampling profiler, and adds up where its time went. */
export async function sampleCpu(work: () => Promise<void> | void): Promise<CpuTimes> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: CPU_INTERVAL_US });
  await session.post("Profiler.start");
  await work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  return addUp(profile);
}

function addUp({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): CpuTimes {
  const phases = new Map<string, number>();
  const functions = new Map<string, number>();
  const known = placesOf(nodes);
  for (const [at, id] of samples.entries()) {
    const place = known.get(id);
    assert(place !== undefined, "a sample is of a node of the profile");
    const ns = Math.max(0, timeDeltas[at + 1] ?? 0) * NS_A_US;
    add(phases, place.phase, ns);
    add(functions, place.name, ns);
  }
  return { phases, functions };
}

interface Place {
  readonly name: string;
  readonly phase: string;
}

/** What each node of the tree of calls is, its callers known. */
function placesOf(nodes: readonly Profiler.ProfileNode[]): Map<number, Place> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<number, Place>();
  const visit = (id: number, callers: string): void => {
    const node = byId.get(id);
    assert(node !== undefined, "a child is a node of the profile");
    const { functionName, url } = node.callFrame;
    const phase = phaseOf(functionName, url) ?? callers;
    places.set(id, { name: nameOf(functionName, url), phase });
    for (const child of node.children ?? []) visit(child, phase);
  };
  const root = nodes[0];
  if (root !== undefined) visit(root.id, "other");
  return places;
}

/** Runs work under V8's sampling heap profiler: bytes by the function that allocated them. */
export async function sampleHeap(work: () => Promise<void> | void): Promise<Map<string, number>> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: HEAP_INTERVAL_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await work();
  const { profile } = await session.post("HeapProfiler.stopSampling");
  session.disconnect();
  const allocators = new Map<string, number>();
  const visit = (node: HeapProfiler.SamplingHeapProfileNode): void => {
    const { functionName, url } = node.callFrame;
    if (node.selfSize > 0) add(allocators, nameOf(functionName, url), node.selfSize);
    for (const child of node.children) visit(child);
  };
  visit(profile.head);
  return allocators;
}

function add(into: Map<string, number>, name: string, more: number): void {
  into.set(name, (into.get(name) ?? 0) + more);
}
