#!/usr/bin/env bash
# vite 8: a bundle in the format `iife` has `import.meta.url` replaced by `{}.url`, and what uses it
# throws when the page loads.
#
# Guess before running: as Vite 7, which bundles with Rollup and has the address of the script or page
# stand in for it; or, where that cannot be, a build that fails. A module that says
# `new URL("../", import.meta.url)` would go on working in a classic script.
#
# Found with vite 8.3.8 (which bundles with rolldown) beside vite 7.2.6, on Node 20.20.2: the build of 8
# ends with exit code 0 and a warning (EMPTY_IMPORT_META) that a quiet log level hides. In a page the
# bundle throws `TypeError: Invalid URL` at its first line, so nothing of it runs. The bundle of 7 gives
# the script's address. What helps: `define: { "import.meta.url": ... }` in the configuration.
#
# Exits 1 if vite 8's bundle does not throw, or vite 7's does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for version in 7.2.6 8.3.8; do
  mkdir "$version"
  (
    cd "$version"
    npm init -y >/dev/null
    npm install --silent --no-audit --no-fund "vite@$version" >/dev/null
    echo 'window.above = new URL("../", import.meta.url).href;' >main.js
    cat >build.mjs <<'JS'
import { build } from "vite";
const output = { format: "iife", entryFileNames: "out.js" };
await build({
  configFile: false,
  logLevel: "silent",
  build: { outDir: "out", minify: false, rollupOptions: { input: "main.js", output } },
});
JS
    node build.mjs
  )
done
cat >run.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";

/** What a page at this address would get from the bundle, as a classic script. */
function load(version) {
  const src = "https://example.org/app/scripts/out.js";
  const window = {};
  const document = { currentScript: { tagName: "SCRIPT", src }, baseURI: "https://example.org/app/" };
  try {
    runInContext(readFileSync(`${version}/out/out.js`, "utf8"), createContext({ window, document, URL }));
    return window.above;
  } catch (error) {
    return `throws ${error.name}: ${error.message}`;
  }
}
const [seven, eight] = [load("7.2.6"), load("8.3.8")];
console.log(`vite 7.2.6: ${seven}`);
console.log(`vite 8.3.8: ${eight}`);
process.exit(seven === "https://example.org/app/" && eight.startsWith("throws TypeError") ? 0 : 1);
JS
node run.mjs
