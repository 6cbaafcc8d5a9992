import type { LatchId, LatchOrder } from "../latch/index.ts";
import type { PageId, Reclamation } from "../storage/index.ts";
import type { Task } from "../task/index.ts";
import type { AtOnce } from "./at-once.ts";
import type { Operation } from "./operation.ts";
import type { Protocol, ProtocolPromises, ScanPromise } from "./protocol.ts";
import type { RowSink, ScanRange } from "./scan-range.ts";
import type { TreeStore } from "./tree-store.ts";
import type { WriteRun } from "./write-run.ts";

/** Which shortcuts operations take; each is one that a protocol need not have. */
export interface Shortcuts {
  /** Whether an operation that need not wait is carried out at once, by no task: {@link AtOnce}. */
  readonly atOnce?: boolean;
  /**
   * Whether such an operation begins at the pages that the last one came down by, if they are still
   * those of its key: for keys that come in order or in clusters. Implies `atOnce`.
   */
  readonly pathCache?: boolean;
}

/** The operations at once that a protocol has and somebody asks for; null if there are none. */
export function atOnceOf(protocol: Protocol, wanted: Shortcuts): AtOnce | null {
  const { atOnce = false, pathCache = false } = wanted;
  return atOnce || pathCache ? (protocol.atOnce?.(pathCache) ?? null) : null;
}

/**
 * A protocol whose operations take shortcuts first, for whoever runs tasks only, as hunts do; the
 * protocol itself if it knows none. By default its name says so, as `crabbing-cached-path`.
 */
export function withShortcuts(
  protocol: Protocol,
  wanted: Shortcuts,
  name: string = `${protocol.name}-${wanted.pathCache === true ? "cached-path" : "at-once"}`,
): Protocol {
  const atOnce = atOnceOf(protocol, wanted);
  return atOnce === null ? protocol : new ShortcutsFirst(name, protocol, atOnce);
}

/** What a protocol of {@link withShortcuts} is made of; null for any other protocol. */
export function partsOf(protocol: Protocol): { atOnce: AtOnce; byLatches: Protocol } | null {
  return protocol instanceof ShortcutsFirst ? protocol.parts : null;
}

function hasRuns(protocol: Protocol): protocol is Protocol & Required<Pick<Protocol, "writeRun">> {
  return protocol.writeRun !== undefined;
}

class ShortcutsFirst implements Protocol, ProtocolPromises {
  readonly name: string;
  readonly scanPromise: ScanPromise;
  readonly reclamation: Reclamation;
  readonly leavesUnfinished: boolean;
  readonly postsApart: boolean;
  readonly keepsLeftLinks: boolean;
  readonly figures?: (store: TreeStore) => Readonly<Record<string, number>>;
  readonly writeRun?: (op: Operation, run: WriteRun) => Task<void>;
  readonly #protocol: Protocol;
  readonly #atOnce: AtOnce;

  constructor(name: string, protocol: Protocol, atOnce: AtOnce) {
    this.name = name;
    this.scanPromise = protocol.scanPromise;
    this.reclamation = protocol.reclamation ?? "at-once";
    this.postsApart = protocol.postsApart ?? false;
    this.leavesUnfinished = protocol.leavesUnfinished ?? false;
    this.keepsLeftLinks = protocol.keepsLeftLinks ?? true;
    const counts = protocol;
    if (counts.figures !== undefined) this.figures = (store) => counts.figures?.(store) ?? {};
    const runs = protocol;
    if (hasRuns(runs)) this.writeRun = (op, run) => runs.writeRun(op, run);
    this.#protocol = protocol;
    this.#atOnce = atOnce;
  }

  latchOrder(store: TreeStore): LatchOrder {
    return this.#protocol.latchOrder(store);
  }

  coveringLatch(page: PageId): LatchId {
    return this.#protocol.coveringLatch(page);
  }

  atOnce(): AtOnce {
    return this.#atOnce;
  }

  get parts(): { atOnce: AtOnce; byLatches: Protocol } {
    return { atOnce: this.#atOnce, byLatches: this.#protocol };
  }

  *get(op: Operation, key: Uint8Array): Task<boolean> {
    if (op.turn.pending) yield op.turn;
    return this.#atOnce.get(op, key) ?? (yield* this.#protocol.get(op, key));
  }

  *put(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (op.turn.pending) yield op.turn;
    return this.#atOnce.put(op, key, value) ?? (yield* this.#protocol.put(op, key, value));
  }

  *insert(op: Operation, key: Uint8Array, value: Uint8Array): Task<boolean> {
    if (op.turn.pending) yield op.turn;
    return this.#atOnce.insert(op, key, value) ?? (yield* this.#protocol.insert(op, key, value));
  }

  *delete(op: Operation, key: Uint8Array): Task<boolean> {
    if (op.turn.pending) yield op.turn;
    return this.#atOnce.delete(op, key) ?? (yield* this.#protocol.delete(op, key));
  }

  scan(op: Operation, range: ScanRange, sink: RowSink): Task<number> {
    return this.#protocol.scan(op, range, sink);
  }
}
