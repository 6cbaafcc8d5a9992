import { posix } from "node:path";
import { importsOf } from "./import-direction.ts";
import type { Finding, SourceFile } from "./source-tree.ts";

/** Finds files of src/ that import each other in a circle, types included; one finding a circle. */
export function checkImportCircles(files: readonly SourceFile[]): Finding[] {
  const code = files.filter(({ path }) => /^src\/.*\.tsx?$/.test(path));
  const imports = new Map(code.map((file) => [file.path, importedBy(file)]));
  const findings: Finding[] = [];
  const done = new Set<string>();
  for (const { path } of code) {
    const circle = circleFrom(path, imports, done);
    if (circle === null) continue;
    const rule = `is imported by what it imports: ${[...circle, circle[0]].join(" -> ")}`;
    findings.push({ file: circle[0] ?? path, line: 1, rule });
  }
  return findings;
}

function importedBy({ path, text }: SourceFile): string[] {
  return importsOf(text)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier));
}

/**
 * The first circle that can be reached from a file, without files that an earlier call was `done`
 * with: each of those is in no circle, or in one that was found. O(files and imports).
 */
function circleFrom(
  start: string,
  imports: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): string[] | null {
  const path: string[] = [];
  function visit(file: string): string[] | null {
    const at = path.indexOf(file);
    if (at >= 0) return path.slice(at);
    if (done.has(file)) return null;
    path.push(file);
    let circle: string[] | null = null;
    for (const next of imports.get(file) ?? []) circle ??= visit(next);
    path.pop();
    done.add(file);
    return circle;
  }
  return visit(start);
}
