/**
 * The latch protocols: one file each, one page of code each.
 *
 * A protocol decides in which order and mode an operation latches pages; what it does to them is in
 * the folder above. All leave the same trees. docs/protocols.md draws them side by side.
 *
 * Invariants, checked by one contract suite for all:
 * 1. Every page is touched only under its latch, or under the latch that stands for all.
 * 2. Every blocking acquire made while holding follows the protocol's latch order.
 * 3. All pages that an operation changes are latched until its change group is committed.
 * 4. A freed page can be reached by no operation in flight.
 */
import { inWords, LatchworkError } from "../../task/index.ts";
import type { Protocol } from "../protocol.ts";
import { BLink } from "./b-link.ts";
import { Crabbing } from "./crabbing.ts";
import { CrabbingPathCache } from "./crabbing-path-cache.ts";
import { Foster } from "./foster.ts";
import { LaninShasha } from "./lanin-shasha.ts";
import { OptimisticCoupling } from "./olc.ts";
import { OptimisticCrabbing } from "./optimistic-crabbing.ts";
import { SxTree } from "./sx-tree.ts";
import { TreeMutex } from "./tree-mutex.ts";
import { TreeMutexDurable } from "./tree-mutex-durable.ts";
import { TreeReadWrite } from "./tree-rw.ts";

export {
  BLink,
  Crabbing,
  CrabbingPathCache,
  Foster,
  LaninShasha,
  OptimisticCoupling,
  OptimisticCrabbing,
  SxTree,
  TreeMutex,
  TreeMutexDurable,
  TreeReadWrite,
};

/** Every right protocol, simplest first. */
export const PROTOCOLS: readonly Protocol[] = [
  new TreeMutex(),
  new TreeMutexDurable(),
  new TreeReadWrite(),
  new Crabbing(),
  new OptimisticCrabbing(),
  new CrabbingPathCache(),
  new OptimisticCoupling(),
  new SxTree(),
  new LaninShasha(),
  new BLink(),
  new Foster(),
];

/**
 * Finds a protocol by name.
 *
 * @throws LatchworkError UNKNOWN_NAME, listing the names there are.
 */
export function protocolNamed(name: string): Protocol {
  const found = PROTOCOLS.find((protocol) => protocol.name === name);
  if (found !== undefined) return found;
  const known = PROTOCOLS.map((protocol) => protocol.name).join(", ");
  throw new LatchworkError("UNKNOWN_NAME", `no protocol ${inWords(name)}; there are ${known}`);
}
