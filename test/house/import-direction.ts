import { posix } from "node:path";
import { type Finding, type SourceFile, lineAt } from "./source-tree.ts";

/** The rooms of src/, low to high. */
export const ROOMS = [
  "task",
  "latch",
  "storage",
  "wal",
  "btree",
  "lsm",
  "engine",
  "drivers",
  "level",
  "server",
  "sim",
  "linearizability",
  "stress",
  "testing",
  "hunt",
  "cli",
  "lab",
] as const;

export type Room = (typeof ROOMS)[number];

const ENGINE = ["task", "latch", "storage", "wal", "btree", "lsm", "engine"] as const;
/** Without drivers and level, which use Node: hunt and lab run in a browser too. */
const BELOW_HUNT = [...ENGINE, "sim", "linearizability"] as const;

/** What each room may import besides itself. Whatever is not listed is forbidden. */
export const MAY_IMPORT: Readonly<Record<Room, readonly Room[]>> = {
  task: [],
  latch: ["task"],
  storage: ["task", "latch"],
  wal: ["task", "latch", "storage"],
  btree: ["task", "latch", "storage", "wal"],
  lsm: ["task", "latch", "storage", "wal", "btree"],
  engine: ["task", "latch", "storage", "wal", "btree", "lsm"],
  drivers: ["task", "latch", "storage", "wal"],
  level: [...ENGINE, "drivers"],
  server: [...ENGINE, "drivers", "level"],
  sim: ["task", "latch"],
  linearizability: ["task"],
  stress: ["task", "linearizability"],
  testing: ["task", "sim", "linearizability"],
  hunt: BELOW_HUNT,
  cli: [...BELOW_HUNT, "drivers", "level", "server", "stress", "hunt", "lab"],
  lab: [...BELOW_HUNT, "hunt"],
};

/** The package's top-level entry, `src/index.ts`, re-exports library rooms, never the programs. */
const ENTRY_MAY_IMPORT: readonly Room[] = [...BELOW_HUNT, "hunt"];

/** Doors: what a guest (lab or bench) may import from a room it does not live in. */
const DOORS: ReadonlySet<string> = new Set(["index.ts", "fast-check.ts"]);

interface Import {
  readonly specifier: string;
  readonly line: number;
}

const IMPORT_FORMS = [
  // The lazy run holds no quote and no semicolon, so it cannot leave the statement it began in.
  /^[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
  /^[ \t]*import\s*["']([^"']+)["']/gm,
  /^(?![ \t]*(?:\*|\/\/|\/\*)).*?\bimport\(\s*["']([^"']+)["']/gm,
];

/** Lists static, side-effect, dynamic and type imports, and re-exports, in order of line. */
export function importsOf(text: string): Import[] {
  return IMPORT_FORMS.flatMap((form) =>
    [...text.matchAll(form)].map((match) => ({
      specifier: match[1] ?? "",
      line: lineAt(text, match.index + match[0].length),
    })),
  ).toSorted((a, b) => a.line - b.line);
}

/** Finds imports that point upwards, sideways, or past a room's door. */
export function checkImportDirection(files: readonly SourceFile[]): Finding[] {
  const code = files.filter(({ path }) => /^(?:src|bench)\/.*\.tsx?$/.test(path));
  return code.flatMap((file) => [...homeless(file), ...badImports(file)]);
}

function homeless({ path }: SourceFile): Finding[] {
  if (path.startsWith("bench/") || path === "src/index.ts" || roomOf(path)) return [];
  return [{ file: path, line: 1, rule: "belongs to no room of src/" }];
}

function badImports({ path, text }: SourceFile): Finding[] {
  return importsOf(text)
    .filter(({ specifier }) => specifier.startsWith("."))
    .flatMap(({ specifier, line }) => {
      const target = posix.join(posix.dirname(path), specifier);
      const rule = brokenRule(path, target);
      return rule === undefined ? [] : [{ file: path, line, rule }];
    });
}

/** Names the rule that an import of `target` by `path` breaks, if it breaks one. */
function brokenRule(path: string, target: string): string | undefined {
  if (path.startsWith("bench/")) return guestRule("bench", target);
  if (!target.startsWith("src/")) return `leaves src/ for ${target}`;
  const from = roomOf(path);
  const to = roomOf(target);
  if (from === to) return undefined;
  if (to === undefined) return from === "cli" ? guestRule(from, target) : entryRule(from);
  const allowed = from === undefined ? ENTRY_MAY_IMPORT : MAY_IMPORT[from];
  const name = from ?? "src/index.ts";
  if (!allowed.includes(to)) return `${name} may not import ${to}; it may import ${list(allowed)}`;
  return from === "lab" ? guestRule(from, target) : undefined;
}

function guestRule(guest: string, target: string): string | undefined {
  if (!target.startsWith("src/") || DOORS.has(posix.basename(target))) return undefined;
  return `${guest} enters a room only by its index.ts, not ${target}`;
}

function entryRule(from: Room | undefined): string | undefined {
  if (from === undefined || from === "lab") return undefined;
  return `${from} may not import the package's entry, which stands above it`;
}

function roomOf(path: string): Room | undefined {
  const folder = /^src\/([^/]+)\//.exec(path)?.[1];
  return ROOMS.find((room) => room === folder);
}

function list(rooms: readonly Room[]): string {
  return rooms.length === 0 ? "nothing" : rooms.join(", ");
}
