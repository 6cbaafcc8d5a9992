#!/usr/bin/env bash
# @sinonjs/fake-timers (which vitest and jest use as well): whether code that imports from
# "node:timers" is faked depends on how it imports.
#
# Guess before running: the package replaces globals, so an import from node:timers is either always
# the real one (the package knows globals only) or always the fake one (it patches the module too).
#
# Found with @sinonjs/fake-timers 15.0.0: it assigns to the module's object. `import timers from
# "node:timers"` and `require("node:timers")` then give fakes, while `import { setTimeout }` and
# `import * as timers` of the same module go on with Node's own, even when they are imported after
# the fakes were put in: an ES module's names are only brought up to date by syncBuiltinESMExports.
# A library that must keep real time has to import names; one that wants to be testable must not.
#
# Exits 1 if the ways of importing agree.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @sinonjs/fake-timers@15.0.0
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import timers, { setTimeout as named } from "node:timers";
import * as namespace from "node:timers";
import FakeTimers from "@sinonjs/fake-timers";

const original = globalThis.setTimeout;
const clock = FakeTimers.install();
const later = await import("node:timers");
const isFake = {
  global: globalThis.setTimeout !== original,
  "default import": timers.setTimeout !== original,
  require: createRequire(import.meta.url)("node:timers").setTimeout !== original,
  "named import": named !== original,
  "namespace import": namespace.setTimeout !== original,
  "later import()": later.setTimeout !== original,
};
clock.uninstall();
console.log(`node ${process.version}, @sinonjs/fake-timers 15.0.0`);
for (const [way, fake] of Object.entries(isFake)) console.log(`${way}: ${fake ? "fake" : "real"}`);
const expected = [true, true, true, false, false, false];
process.exit(Object.values(isFake).join() === expected.join() ? 0 : 1);
JS
node try.mjs
