import * as fs from "node:fs";
import { join } from "node:path";
import type { FileDirectory } from "./file-directory.ts";
import { LatchworkError } from "../task/index.ts";
import { lifeOfSocket } from "./lock-socket.ts";
import { isOfThisBoot, type Life, lifeOf, type ProcessName } from "./process.ts";
import { LOCK_FILE } from "../wal/index.ts";

/** What a lock file says. */
export interface Holder extends ProcessName {
  /** Shared by no other attempt to take a lock. */
  readonly ticket: string;
  /** The number of the directory that is locked, so that a copy is not taken for it; or empty. */
  readonly directory: string;
  /** The number of the socket that is open while the holder lives; empty if there is none. */
  readonly socket: string;
  /** After how long a silence the lock may be taken over, in milliseconds; 0 for never. */
  readonly leaseMs: number;
  /** Counts the holder's signs of life. */
  readonly beats: number;
}

/** The longest lease, a day: far below what a timer can count, and too long to wait. */
export const LEASE_MS_MAX = 86_400_000;

/** @throws LatchworkError BAD_ARGUMENT for a lease that is too long. */
export function refuseLongLease(leaseMs: number): void {
  if (leaseMs <= LEASE_MS_MAX) return;
  const message = `lockLeaseMs must be ${LEASE_MS_MAX} or less, which is a day, not ${leaseMs}`;
  throw new LatchworkError("BAD_ARGUMENT", message);
}

/** Begins the name of the socket of a holder; its ticket follows. */
export const SOCKET_PREFIX: string = `${LOCK_FILE}.alive-`;
/** Where the holder stands in a lock that is a directory; see {@link Claim}. */
export const HOLDER_FILE = "holder";

/** All of them are as long, so that one can be written over another, and far below a sector. */
const TEXT_LENGTH = 510;

/** The text of a lock file: a line of JSON, and blanks. */
export function textOf(holder: Holder): string {
  return `${JSON.stringify(holder).padEnd(TEXT_LENGTH)}\n`;
}

/** A ticket becomes a part of names of files. */
const TICKET = /^[\w-]+$/u;

/** Reads the text of a lock file, of this version or one before; null if it is none. */
export function parseHolder(text: string): Holder | null {
  try {
    const found = JSON.parse(text) as Partial<Holder> | null;
    if (found === null) return null;
    const { boot = "", host = "", pid = 0, pidSpace = "", start = "", ticket = "" } = found;
    const { directory = "", socket = "", leaseMs = 0, beats = 0 } = found;
    const texts = [boot, host, pidSpace, start, ticket, directory, socket];
    if (texts.some((each) => typeof each !== "string") || !TICKET.test(ticket)) return null;
    const counts = [pid, leaseMs, beats];
    if (counts.some((each) => !Number.isSafeInteger(each) || each < 0)) return null;
    if (pid === 0 || leaseMs > LEASE_MS_MAX) return null;
    return { pid, start, pidSpace, boot, host, ticket, directory, socket, leaseMs, beats };
  } catch {
    return null;
  }
}

/**
 * Reads who a lock names; null if there is none, or a directory with nothing in it: none holds
 * that, see {@link Claim}.
 *
 * @throws LatchworkError DATABASE_IN_USE if it is not one of ours; DISK_ERROR.
 */
export function readHolder(directory: FileDirectory, name: string): Holder | null {
  try {
    const text = readText(directory.pathOf(name));
    if (text === null) return null;
    const holder = parseHolder(text);
    if (holder !== null) return holder;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // It has gone, or become another, since it was looked at; whoever claims it looks again.
    if (CHANGED.has(code)) return null;
    const message = `${join(directory.path, name)} cannot be read (${code})`;
    throw new LatchworkError("DISK_ERROR", message);
  }
  const what = "is not a lock file of ours; if nothing has the database open, remove it";
  throw new LatchworkError("DATABASE_IN_USE", `${join(directory.path, name)} ${what}`);
}

/** What is said of a file or directory that another has taken the place of. */
const CHANGED: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);
/** The text of what cannot be a lock. */
const NOT_OURS = "";

/**
 * The text of a lock, which is a file, or a directory with a file in it. Nothing else is opened: a
 * pipe would keep the process waiting for ever, and a link may lead to a foreign file.
 */
function readText(path: string): string | null {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (!status.isDirectory()) return readIfFile(path, status);
  const place = join(path, HOLDER_FILE);
  const inside = fs.lstatSync(place, { throwIfNoEntry: false });
  if (inside !== undefined) return readIfFile(place, inside);
  const names = fs.readdirSync(path);
  return names.length === 0 || names.includes(HOLDER_FILE) ? null : NOT_OURS;
}

function readIfFile(path: string, status: fs.Stats): string {
  return status.isFile() ? fs.readFileSync(path, "utf8") : NOT_OURS;
}

/**
 * Whether a holder lives that is named by a lock in this directory.
 *
 * A lock that was copied along with its directory locks nothing: its holder has another directory
 * open. The numbers of directories can be compared if the holder runs, or ran, on this machine.
 *
 * In another container of this machine, whose processes cannot be asked for, a holder lives as long
 * as its socket is open: the kernel closes it when the last thread of the process is gone, and not
 * before. The file of the socket is the same in all containers, whatever networks they have.
 */
export async function lifeOfHolder(directory: FileDirectory, holder: Holder): Promise<Life> {
  const isThisMachine = directory.isOfOneMachine && isOfThisBoot(holder);
  const life = lifeOf(holder, isThisMachine);
  const isKnown = isThisMachine || life !== "elsewhere";
  const { number } = directory.identity;
  if (isKnown && holder.directory !== "" && holder.directory !== String(number)) return "dead";
  if (life !== "elsewhere" || !isThisMachine || holder.socket === "") return life;
  return lifeOfSocket(directory.pathOf(`${SOCKET_PREFIX}${holder.ticket}`), holder.socket);
}
