import type { JsonFields } from "../../hunt/index.ts";
import type { GatePicture } from "./picture.ts";
import { numberIn, textIn } from "./trace-line.ts";

/** By name, as `the write gate`. */
export type Gates = ReadonlyMap<string, GatePicture>;

const NOBODY: GatePicture = { inside: [], queue: [] };

/**
 * The gates after one step: see docs/trace-format.md.
 *
 * @param partitions How many trees there are; gates of several have the same name in a trace.
 */
export function gatesAfter(gates: Gates, lines: readonly JsonFields[], partitions: number): Gates {
  const told = lines.filter(({ kind }) => typeof kind === "string" && CHANGES.has(kind));
  if (told.length === 0 || partitions > 1) return gates;
  const after = new Map(gates);
  for (const line of told) {
    if (line["kind"] === "crash") after.clear();
    else {
      const name = textIn(line, "gate");
      after.set(name, gateAfter(after.get(name) ?? NOBODY, line));
    }
  }
  return after;
}

const CHANGES: ReadonlySet<string> = new Set(["gate-queued", "gate-entered", "gate-left", "crash"]);

function gateAfter({ inside, queue }: GatePicture, line: JsonFields): GatePicture {
  const use = { task: numberIn(line, "task"), isExclusive: line["isExclusive"] === true };
  const others = (uses: GatePicture["inside"]): GatePicture["inside"] =>
    uses.filter(({ task }) => task !== use.task);
  switch (line["kind"]) {
    case "gate-queued":
      return { inside, queue: [...others(queue), use] };
    case "gate-entered":
      return { inside: [...others(inside), use], queue: others(queue) };
    default:
      return { inside: others(inside), queue };
  }
}

/** The tasks that one who stands before a gate waits for: who is inside, and who is before him. */
export function waitedForAtGates(gates: Gates, task: number): readonly number[] {
  for (const { inside, queue } of gates.values()) {
    const at = queue.findIndex((use) => use.task === task);
    const own = queue[at];
    if (own === undefined) continue;
    const inTheWay = [...inside, ...queue.slice(0, at)].filter(
      (use) => use.isExclusive || own.isExclusive,
    );
    return inTheWay.map((use) => use.task);
  }
  return [];
}
