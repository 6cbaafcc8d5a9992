import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// What the compiled code of an entry really loads, file by file; types leave nothing behind.
const IMPORT =
  /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']/gm;

/** Packages that run in a browser too. */
const PORTABLE = new Set(["seedrandom", "crc-32"]);

function loadedBy(entry: string): Map<string, string[]> {
  const loaded = new Map<string, string[]>();
  const open = [new URL(`../../dist/${entry}`, import.meta.url).href];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (loaded.has(file)) continue;
    const text = readFileSync(fileURLToPath(file), "utf8");
    const found = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
    loaded.set(file, found);
    for (const specifier of found) {
      if (specifier.startsWith(".")) open.push(new URL(specifier, file).href);
    }
  }
  return loaded;
}

describe("what runs in a browser too", () => {
  it.each([
    "index.js",
    "sim/index.js",
    "hunt/index.js",
    "linearizability/index.js",
    "lab/index.js",
  ])("%s loads nothing of Node", (entry) => {
    const loaded = loadedBy(entry);
    const foreign = [...loaded].flatMap(([file, found]) =>
      found
        .filter((specifier) => !specifier.startsWith(".") && !PORTABLE.has(specifier))
        .map((specifier) => `${file.replace(/.*\/dist\//, "")} loads ${specifier}`),
    );
    expect(foreign).toEqual([]);
    expect(loaded.size).toBeGreaterThan(1);
  });
});
