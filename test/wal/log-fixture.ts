import { type Lsn, lsn } from "../../src/storage/index.ts";
import type { Task } from "../../src/task/index.ts";
import {
  type Log,
  type LogContents,
  type LoggedGroup,
  type LoggedRecord,
  openLog,
  policyNamed,
  scanLog,
} from "../../src/wal/index.ts";
import { CrashingDisk } from "./crashing-disk.ts";
import { ParkingDriver } from "./parking-driver.ts";

export interface LogFixture {
  readonly disk: CrashingDisk;
  readonly driver: ParkingDriver;
  readonly log: Log;
}

/** A new log, or one that goes on at `start` on a disk that has one. */
export function openFixture(
  options: {
    readonly policy?: string;
    readonly segmentBytes?: number;
    readonly disk?: CrashingDisk;
    readonly start?: Lsn;
    readonly choose?: (count: number) => number;
  } = {},
): LogFixture {
  const disk = options.disk ?? new CrashingDisk();
  const driver = new ParkingDriver(options.choose);
  const opening = openLog({
    disk,
    host: driver,
    policy: policyNamed(options.policy ?? "adaptive"),
    segmentBytes: options.segmentBytes ?? 1 << 20,
    startLsn: options.start ?? lsn(1),
  });
  return { disk, driver, log: driver.result(opening) };
}

/** What a scan finds, and the groups it hands out. */
export function scanOf(
  disk: CrashingDisk,
  redoLsn: Lsn = lsn(1),
): { readonly contents: LogContents; readonly groups: readonly LoggedGroup[] } {
  const groups: LoggedGroup[] = [];
  const visit = function* (group: LoggedGroup): Task<void> {
    groups.push(group);
  };
  const contents = new ParkingDriver().result(scanLog({ disk, redoLsn, visit }));
  return { contents, groups };
}

/** A group as text, for comparison: where it ends, and its records. */
export function textOfGroup({ lsn: end, continues, records }: LoggedGroup): string {
  return `${end}${continues ? "+" : ""}: ${records.map(textOfRecord).join("; ")}`;
}

function textOfRecord(record: LoggedRecord): string {
  if (record.kind === "decision") return `decision ${record.transaction} ${record.verdict}`;
  const subject = record.kind === "logical" ? record.tree : record.id;
  return `${subject} ${record.kind} ${record.payload.join(",")}`;
}
