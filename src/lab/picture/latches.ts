import type { JsonFields } from "../../hunt/index.ts";
import type { LatchPicture, LatchUse, Mode } from "./picture.ts";
import { fieldsIn, numberIn, textIn } from "./trace-line.ts";

/** By object id. */
export type Latches = ReadonlyMap<number, LatchPicture>;

/**
 * The latches after one step: see "Latches and queues" in docs/trace-format.md.
 *
 * @param partitions How many trees there are; object ids are theirs in turn.
 */
export function latchesAfter(
  latches: Latches,
  lines: readonly JsonFields[],
  partitions: number,
): Latches {
  const told = lines.filter(({ kind }) => typeof kind === "string" && CHANGES.has(kind));
  if (told.length === 0) return latches;
  const table = new LatchTable(latches, partitions);
  for (const line of told) table.read(line);
  return table.latches;
}

class LatchTable {
  latches: Map<number, LatchPicture>;
  readonly #partitions: number;

  constructor(latches: Latches, partitions: number) {
    this.latches = new Map(latches);
    this.#partitions = partitions;
  }

  read(line: JsonFields): void {
    const kind = textIn(line, "kind");
    if (kind === "crash") {
      this.latches.clear();
      return;
    }
    const name = fieldsIn(line, "object");
    const objectId = name === null ? numberIn(line, "objectId") : numberIn(name, "id");
    if (objectId < 0) return;
    const use = useOf(line);
    const latch = this.#latchOf(line, objectId);
    this.#set({
      ...latch,
      name: name === null ? latch.name : textIn(name, "name"),
      ...changed(latch, kind, use),
    });
  }

  #set(latch: LatchPicture): void {
    const { holders, queue, blocked, objectId } = latch;
    if (holders.length + queue.length + blocked.length === 0) this.latches.delete(objectId);
    else this.latches.set(objectId, latch);
  }

  #latchOf(line: JsonFields, objectId: number): LatchPicture {
    const page = numberIn(line, "latch");
    const partition = partitionOf(objectId, this.#partitions);
    return (
      this.latches.get(objectId) ?? {
        objectId,
        partition,
        page,
        name: page === 0 ? "the meta page" : `page ${page}`,
        holders: [],
        queue: [],
        blocked: [],
      }
    );
  }
}

const CHANGES: ReadonlySet<string> = new Set([
  "latch-ask",
  "latch-queued",
  "latch-blocked",
  "latch-granted",
  "latch-upgraded",
  "latch-released",
  "crash",
]);

function changed(
  { holders, queue, blocked }: LatchPicture,
  kind: string,
  use: LatchUse,
): Pick<LatchPicture, "holders" | "queue" | "blocked"> {
  const others = (uses: readonly LatchUse[]): LatchUse[] =>
    uses.filter(({ task }) => task !== use.task);
  switch (kind) {
    case "latch-ask":
      return { holders, queue, blocked: others(blocked) };
    case "latch-queued": {
      const rest = others(queue);
      return {
        holders,
        queue: use.heldMode === null ? [...rest, use] : [use, ...rest],
        blocked: others(blocked),
      };
    }
    case "latch-blocked":
      return { holders, queue, blocked: [...others(blocked), use] };
    case "latch-released":
      return { holders: others(holders), queue, blocked };
    default:
      return {
        holders: [...others(holders), { ...use, heldMode: null }],
        queue: others(queue),
        blocked: others(blocked),
      };
  }
}

function useOf(line: JsonFields): LatchUse {
  return {
    task: numberIn(line, "task"),
    mode: modeOf(textIn(line, "mode")),
    heldMode: line["heldMode"] === null ? null : modeOf(textIn(line, "heldMode")),
    site: textIn(line, "site"),
  };
}

/** A mode by its letter. */
export function modeOf(text: string): Mode {
  return text === "X" || text === "U" ? text : "S";
}

/** The partition of a latch's object: the objects are those of the trees in turn. */
export function partitionOf(objectId: number, partitions: number): number | null {
  return partitions > 1 && objectId % 2 === 0 ? (objectId / 2) % partitions : null;
}
