import { type Step, DiskRequest } from "../../task/index.ts";

/** A step of disk, log or gate in words. */
export interface ToldStep {
  readonly text: string;
  /** Whether a reader can do without it. */
  readonly isQuiet: boolean;
}

const LEADING_ZEROS = /log-0*(?=[0-9a-f])/g;

/** Log files go by their names without the zeros in front: `log-59`. */
export function shortNames(text: string): string {
  return text.replaceAll(LEADING_ZEROS, "log-");
}

/**
 * Says what a step of disk, log or gate does. What reads, opens or closes is quiet: it takes its
 * turn, but what becomes durable does not turn on it.
 *
 * @param name The file it is about.
 * @param durableLsn Up to where the log is durable.
 */
export function tellStep(
  step: Step,
  name: string,
  pageSize: number,
  durableLsn: number | null,
): ToldStep {
  const text = shortNames(step.describe(name));
  if (step instanceof DiskRequest) return tellRequest(text, pageSize);
  const position = / is durable to (\d+)/.exec(text)?.[1];
  if (position !== undefined) return tellWait(Number(position), durableLsn);
  if (text.startsWith("enter ")) return { text: text.replace("enter", "enters"), isQuiet: true };
  if (text.startsWith("seal ")) return { text: "closes the log's open block", isQuiet: false };
  const written = /^wait until (page \d+ has been written)$/.exec(text)?.[1];
  if (written !== undefined) return { text: `${written}: goes on`, isQuiet: false };
  const slept = /^sleep (.*)$/.exec(text)?.[1];
  if (slept !== undefined) return { text: `has waited ${slept} for company`, isQuiet: false };
  const isQuiet = /^(read page|wait|latch)/.test(text);
  return { text: text.replace(/^(\w+)/, "$1s"), isQuiet };
}

function tellWait(position: number, durableLsn: number | null): ToldStep {
  if (durableLsn !== null && durableLsn >= position) {
    return { text: `the log is durable to ${position}: goes on`, isQuiet: false };
  }
  return { text: `leads a flush, for the log to be durable to ${position}`, isQuiet: false };
}

function tellRequest(text: string, pageSize: number): ToldStep {
  const [, from, to, file] = /^write bytes (\d+)-(\d+) of (.*)$/.exec(text) ?? [];
  if (file !== undefined) {
    if (file !== "pages") return { text: text.replace("write", "writes"), isQuiet: false };
    const [first, last] = [Number(from), Number(to)].map((at) => Math.floor(at / pageSize));
    return {
      text: `writes page ${first === last ? first : `${first} to ${last}`}`,
      isQuiet: false,
    };
  }
  const segment = /^open \(create\) (log-.*) in /.exec(text)?.[1];
  if (segment !== undefined) return { text: `begins ${segment}`, isQuiet: false };
  const [, old, name] = /^rename (\S+) to (\S+) /.exec(text) ?? [];
  if (name !== undefined) return { text: `renames ${old} to ${name}`, isQuiet: false };
  const removed = /^remove (\S+) in/.exec(text)?.[1];
  if (removed !== undefined) return { text: `removes ${removed}`, isQuiet: false };
  const told = text.replace(/^(\w+)/, "$1s").replace(/ pages$/, " the page file");
  return { text: told, isQuiet: !/^(sync|set to) /.test(text) };
}
