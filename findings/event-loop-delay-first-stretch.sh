#!/usr/bin/env bash
# Node's perf_hooks.monitorEventLoopDelay: it does not see a stretch that begins before its first
# tick, and an idle loop has a "delay" of the resolution.
#
# Guess before running: after enable() every stretch in which the loop stands still is in the
# histogram, at the latest when it ends, and an idle loop shows a delay near 0.
#
# Found with Node 20.20.2: a loop that is kept busy for 200 ms right after enable() gives a maximum of
# about 10 ms; the same 200 ms begun 50 ms later give 200 ms or more. Each sample is the time between
# two ticks of a timer, so there is none before the second tick, and at rest each is the resolution
# (10 ms by default), not 0. Who measures one piece of work has to enable the histogram, let a few
# ticks pass, reset it, and only then begin.
#
# Exits 1 if the first stretch is seen, or the later one is not.
set -euo pipefail
node --input-type=module <<'JS'
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

function keepBusy(ms) {
  const began = performance.now();
  while (performance.now() - began < ms);
}

async function longest(pauseMs, busyMs) {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  if (pauseMs > 0) await sleep(pauseMs);
  keepBusy(busyMs);
  await sleep(60);
  histogram.disable();
  return histogram.max / 1e6;
}

const first = await longest(0, 200);
const later = await longest(50, 200);
const histogram = monitorEventLoopDelay({ resolution: 10 });
histogram.enable();
await sleep(1_000);
histogram.disable();
const idle = histogram.mean / 1e6;
console.log(`node ${process.version}`);
console.log(`busy for 200 ms right after enable: longest ${first.toFixed(1)} ms`);
console.log(`busy for 200 ms, 50 ms after enable: longest ${later.toFixed(1)} ms`);
console.log(`idle for a second: mean ${idle.toFixed(1)} ms`);
process.exit(first < 100 && later >= 190 && idle > 8 ? 0 : 1);
JS
