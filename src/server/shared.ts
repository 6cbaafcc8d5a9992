import type { Socket } from "node:net";
import type { Counts } from "./counts.ts";
import type { ServerLimits } from "./limits.ts";
import type { LocalHosts } from "./hosts.ts";
import type { Load } from "./load.ts";
import type { ServedTables } from "./served-tables.ts";
import type { Token } from "./token.ts";

/** What all requests of a server share. */
export interface Shared {
  readonly tables: ServedTables;
  readonly limits: Required<ServerLimits>;
  readonly load: Load;
  readonly counts: Counts;
  /** Null: no request needs one. */
  readonly token: Token | null;
  /** Null: whatever host is asked for is answered. */
  hosts: LocalHosts | null;
  /** Connections that are open. */
  readonly connections: Set<Socket>;
  /** Connections over the limit: whatever comes from them is refused. */
  readonly surplus: Set<Socket>;
  /** Connections on which an answer was given before its request had come in. */
  readonly answeredEarly: WeakSet<Socket>;
  /** Hears of answers with a status from 500 on, and why. */
  readonly onFault: (fault: unknown) => void;
  isStopping: boolean;
}
