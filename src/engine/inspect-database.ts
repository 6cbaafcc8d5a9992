import {
  bodyBytesOf,
  countOf,
  rootOf,
  treeParameters,
  type TreeParameters,
  usedBytesOf,
} from "../btree/index.ts";
import {
  asEditor,
  type Checksum,
  crc32,
  HIGHEST_LEVEL,
  levelOf,
  META_PAGE,
  pageFault,
  type PageId,
  pageId,
} from "../storage/index.ts";
import {
  type Disk,
  LatchworkError,
  optionNames,
  refuseUnknownOptions,
  type Task,
} from "../task/index.ts";
import { type Control, type LogContents, PAGES_FILE, type SegmentReport } from "../wal/index.ts";
import {
  damagedPages,
  isPageInUse,
  type LoadedPages,
  loadPages,
  spacePagesOf,
} from "./check-pages.ts";
import { controlOf, surveyLog } from "./survey-files.ts";

/** The pages of one level of the tree, as the page file has them. */
export interface LevelSummary {
  /** 0 for the leaves. */
  readonly level: number;
  readonly pages: number;
  readonly entries: number;
  /** The part of the bytes that entries could use which they do use, 0 to 1. */
  readonly fill: number;
}

export interface PagesSummary {
  readonly bytes: number;
  readonly pages: number;
  readonly inUse: number;
  readonly free: number;
  /** The page that the tree hangs from, and how many levels it has; 0 if that is unknown. */
  readonly root: number;
  readonly height: number;
  /** From the root's level down. */
  readonly levels: readonly LevelSummary[];
}

export interface LogSummary {
  readonly segments: readonly SegmentReport[];
  readonly redoLsn: number;
  readonly endLsn: number;
  /** Groups after the redo position: what a recovery has to read. */
  readonly groups: number;
  readonly unfinishedGroups: number;
}

/** What the files of a directory say. */
export interface Inspection {
  readonly control: Control | null;
  /** Null if the page file cannot be read, or its page size is unknown. */
  readonly pages: PagesSummary | null;
  readonly log: LogSummary | null;
  /** Whether opening has something to redo, so that the page file lags behind the database. */
  readonly isRecoveryDue: boolean;
  /** One line for each thing that is wrong; recovery heals none of them. */
  readonly damage: readonly string[];
}

export interface InspectOptions {
  /** The files; they are only read. */
  readonly disk: Disk;
  readonly checksum?: Checksum;
}

const OPTION_NAMES = optionNames<InspectOptions>({ disk: true, checksum: true });

/** The most readings of a database that changes meanwhile. */
const ATTEMPTS = 5;
/** How often a page is read again that may have been written just then. */
const READS_AGAIN = 3;

/**
 * Looks at a database as it lies in its files: changes nothing, takes no lock, and may be done
 * while a process has it open. Memory: the size of the page file.
 *
 * What is in the page file is the state of the last checkpoint, and of the pages written since; a
 * page that the log is going to replace is no damage. While a process changes the database, its
 * files may not fit together: damage is what two readings in a row have found.
 *
 * @throws LatchworkError NOT_A_DATABASE if there is none.
 */
export function* inspectDatabase(options: InspectOptions): Task<Inspection> {
  refuseUnknownOptions("inspectDatabase", options, OPTION_NAMES);
  const { disk, checksum = crc32 } = options;
  let before: Inspection | null = null;
  for (let attempt = 1; ; attempt++) {
    const [control, fault] = yield* controlOf(disk, checksum);
    if (control === null) {
      return { control, pages: null, log: null, isRecoveryDue: false, damage: [fault] };
    }
    const found: Inspection = yield* inspectFiles(disk, control, checksum);
    // Damage stays; files that only did not fit together look different the next time.
    const known = before === null ? null : new Set(before.damage);
    const damage = found.damage.filter((line) => known === null || known.has(line));
    const inspection: Inspection = { ...found, damage };
    const isAtRest = before !== null && isSameMoment(before, found);
    if (damage.length === 0 || isAtRest || attempt >= ATTEMPTS) return inspection;
    before = inspection;
  }
}

/** Whether the database has not changed between two readings. */
function isSameMoment(one: Inspection, other: Inspection): boolean {
  return (
    one.control?.redoLsn === other.control?.redoLsn &&
    one.log?.endLsn === other.log?.endLsn &&
    one.pages?.bytes === other.pages?.bytes
  );
}

function* inspectFiles(disk: Disk, control: Control, checksum: Checksum): Task<Inspection> {
  const damage: string[] = [];
  const survey = yield* orDamage(damage, surveyLog(disk, control.redoLsn, checksum));
  if (survey?.contents.damage) damage.push(survey.contents.damage.message);
  const imaged = survey?.imaged ?? new Set<PageId>();
  const pages = yield* orDamage(damage, inspectPages(disk, control, checksum, imaged, damage));
  const contents = survey?.contents ?? null;
  return {
    control,
    pages,
    log: contents === null ? null : logSummary(contents),
    isRecoveryDue: contents === null || contents.endLsn > control.redoLsn,
    damage,
  };
}

/** Turns a fault into a line of damage, and then gives null. */
function* orDamage<T>(damage: string[], task: Task<T>): Task<T | null> {
  try {
    return yield* task;
  } catch (error) {
    if (!(error instanceof LatchworkError)) throw error;
    damage.push(error.message);
    return null;
  }
}

function logSummary(contents: LogContents): LogSummary {
  const { segments, redoLsn, endLsn, groups, unfinishedGroups } = contents;
  return { segments, redoLsn, endLsn, groups, unfinishedGroups };
}

function* inspectPages(
  disk: Disk,
  control: Control,
  checksum: Checksum,
  imaged: ReadonlySet<PageId>,
  damage: string[],
): Task<PagesSummary> {
  const params = treeParameters(control.pageSize, control.mostEntries);
  const file = yield* disk.open(PAGES_FILE, "read");
  try {
    const bytes = yield* file.size();
    const loaded = yield* loadPages(file, params);
    const { memory, pages } = loaded;
    for (let again = 0; again < READS_AGAIN; again++) {
      // Whoever has the database open may be writing a page at the moment it is read.
      for (const { id } of yield* damagedPages(loaded, PAGES_FILE, checksum)) {
        if (id >= pages) continue;
        yield* file.read(id * params.pageSize, asEditor(memory.frame(id)).bytes);
      }
    }
    const unhealed = (id: PageId): boolean => !imaged.has(id);
    const found = yield* damagedPages(loaded, PAGES_FILE, checksum, unhealed);
    damage.push(...found.map(({ problem }) => problem));
    return pagesSummary(loaded, params, bytes, checksum);
  } finally {
    yield* file.close();
  }
}

function pagesSummary(
  loaded: LoadedPages,
  { pageSize }: TreeParameters,
  bytes: number,
  checksum: Checksum,
): PagesSummary {
  const { memory, pages } = loaded;
  const spaces = spacePagesOf(loaded);
  const levels = new Map<number, { pages: number; entries: number; used: number; body: number }>();
  let inUse = 0;
  for (let number = 0; number < pages; number++) {
    const id = pageId(number);
    if (!isPageInUse(loaded, id, spaces)) continue;
    inUse++;
    const page = memory.frame(id);
    const level = levelOf(page);
    if (level > HIGHEST_LEVEL || pageFault(page, id, PAGES_FILE, checksum) !== null) continue;
    const sums = levels.get(level) ?? { pages: 0, entries: 0, used: 0, body: 0 };
    levels.set(level, sums);
    sums.pages++;
    sums.entries += countOf(page);
    sums.used += usedBytesOf(page);
    sums.body += bodyBytesOf(page);
  }
  const root = rootOf(memory.frame(META_PAGE));
  const isRootThere = root < pages && levelOf(memory.frame(root)) <= HIGHEST_LEVEL;
  return {
    bytes,
    pages: Math.floor(bytes / pageSize),
    inUse,
    free: pages - inUse,
    root,
    height: isRootThere ? levelOf(memory.frame(root)) + 1 : 0,
    levels: [...levels]
      .toSorted(([a], [b]) => b - a)
      .map(([level, { used, body, ...rest }]) => ({ level, ...rest, fill: used / body })),
  };
}
