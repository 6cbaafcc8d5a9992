import type { Checksum, Lsn } from "../storage/index.ts";
import { ACCESS_WRITE, type Fact, type Host, type LatchworkError, Step } from "../task/index.ts";
import type { CommitPolicy } from "./commit-policy.ts";
import type { LogState } from "./commit-queue.ts";
import type { LogSegments } from "./log-segments.ts";

/** What a log is put together from; see `openLog`. */
export interface LogParts {
  readonly host: Host;
  readonly checksum: Checksum;
  readonly policy: CommitPolicy;
  readonly segments: LogSegments;
  /** Where the log goes on: everything before is durable. */
  readonly startLsn: Lsn;
  /** Called with why the log has failed, each time. Default: nobody is told. */
  readonly failed?: (error: LatchworkError) => void;
}

/** What the log has done since it was opened. Bytes are those of groups and block headers. */
export interface LogStats {
  readonly policy: string;
  readonly state: LogState;
  readonly endLsn: Lsn;
  readonly durableLsn: Lsn;
  readonly groups: number;
  readonly bytes: number;
  readonly images: number;
  readonly blocks: number;
  readonly flushes: number;
  readonly segments: number;
  /** The most tasks that one flush has served. */
  readonly largestBatch: number;
  /** What a flush takes, a moving average. */
  readonly flushMs: number;
}

/** The step before a block is closed: the last moment at which a group can still get into it. */
export class SealStep extends Step {
  constructor(objectId: number) {
    super();
    this.objectId = objectId;
    this.access = ACCESS_WRITE;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }

  override fact(): Fact {
    return { kind: "block-seal" };
  }
}
