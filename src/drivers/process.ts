import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, named so that no other can ever be taken for it, as far as the system can say. */
export interface ProcessName {
  readonly pid: number;
  /** When it began, in the clock ticks of `boot`; empty where the system does not say. */
  readonly start: string;
  /** In which numbering of processes `pid` counts, as each container has its own. */
  readonly pidSpace: string;
  /** Which run of the machine it lives in; empty where the system does not say. */
  readonly boot: string;
  readonly host: string;
}

/** Whether a process lives; unknown of those `elsewhere`, in another container or machine. */
export type Life = "alive" | "dead" | "elsewhere";

/** Where the facts stand in /proc/pid/stat, counted from behind the command's name. */
const STATE_FIELD = 0;
const START_FIELD = 19;

/** The name of the numbering that contains all others; the same in every Linux. */
const OUTERMOST_PID_SPACE = "pid:[4026531836]";

export function ownProcess(): ProcessName {
  return {
    pid: process.pid,
    start: statOf(process.pid)?.start ?? "",
    pidSpace: pidSpace(),
    boot: bootId(),
    host: hostname(),
  };
}

/** Whether this process has a pid that those outside of its container do not know it by. */
export function isInContainer(): boolean {
  const space = pidSpace();
  return space !== "" && space !== OUTERMOST_PID_SPACE;
}

/** Whether a process runs, or ran, in this very run of this machine, in whatever container. */
export function isOfThisBoot(name: ProcessName): boolean {
  const boot = bootId();
  return boot !== "" && name.boot === boot;
}

/**
 * Whether a process still runs. One that is stopped (SIGSTOP) does; one that has ended but was not
 * yet collected by its parent does not; another one that was given the same pid is not it.
 *
 * @param isThisMachine Whether it is known to be of this machine, whatever it calls its host.
 */
export function lifeOf(name: ProcessName, isThisMachine: boolean): Life {
  if (!isThisMachine && name.host !== hostname()) return "elsewhere";
  if (name.boot !== bootId()) return "dead";
  if (name.pidSpace !== pidSpace()) return "elsewhere";
  if (!hasProcess(name.pid)) return "dead";
  const stat = statOf(name.pid);
  if (stat === null) return "alive";
  if (name.start !== "" && stat.start !== name.start) return "dead";
  return stat.hasEnded ? "dead" : "alive";
}
function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

interface Stat {
  readonly start: string;
  readonly hasEnded: boolean;
}

/** Reads what Linux says of a process; null where there is no such file. */
function statOf(pid: number): Stat | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === "") return null;
  // The name, in parentheses, may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[STATE_FIELD] ?? "";
  const isZombie = state === "Z" || state === "X";
  return { start: fields[START_FIELD] ?? "", hasEnded: isZombie && !hasOtherThreads(pid) };
}

/** A killed process is a zombie only once all its threads are; one may still be writing. */
function hasOtherThreads(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

function pidSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

function bootId(): string {
  return readText("/proc/sys/kernel/random/boot_id").trim();
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
