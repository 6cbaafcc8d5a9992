import { type Protocol, protocolNamed, withShortcuts } from "../../src/btree/index.ts";

/** The protocols that know shortcuts, with each of them. */
export const WITH_SHORTCUTS: readonly Protocol[] = [
  "crabbing",
  "optimistic-crabbing",
  "b-link",
  "foster",
  "olc",
]
  .map(protocolNamed)
  .flatMap((protocol) => [
    withShortcuts(protocol, { atOnce: true }),
    withShortcuts(protocol, { pathCache: true }),
  ]);
