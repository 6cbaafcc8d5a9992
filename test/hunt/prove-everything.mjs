// npm run prove:everything -- [--only PART] [--protocol P] [--workers N] [--runs N] [--bank-runs N]
//                             [--json]
//
// Runs every interleaving of each small scenario (small-scenarios.json) under each right protocol,
// in memory and on a disk that crashes once, and of the scenario of each bug and decoy of the bank
// as far as the budget goes. Prints how many there are. Exits with 1 if a right protocol or a decoy
// fails, if not every interleaving of a small scenario was run, or if a planted bug was missed
// although all were.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { PROTOCOLS } from "../../dist/btree/index.js";
import { BUGS, parseScenario, scenarioOfBug } from "../../dist/hunt/index.js";
import { Crew } from "../../dist/hunt/threads/index.js";
import { conclude, countOf, readWords, refuse, Show, wholeNumber } from "../kill/command.mjs";

const PARTS = ["memory", "disk", "bank"];
const USAGE =
  "npm run prove:everything -- [--only memory|disk|bank] [--protocol P] [--workers N]\n" +
  "                            [--runs N] [--bank-runs N] [--json]\n" +
  "--runs: most for each small scenario; --bank-runs: for each bug and decoy";

function readOptions() {
  const { values } = readWords(USAGE, {
    options: {
      only: { type: "string" },
      protocol: { type: "string" },
      workers: { type: "string", default: String(availableParallelism()) },
      runs: { type: "string", default: "1000000" },
      "bank-runs": { type: "string", default: "20000" },
      json: { type: "boolean", default: false },
    },
  });
  const { only, protocol } = values;
  const names = PROTOCOLS.map(({ name }) => name);
  if (only !== undefined && !PARTS.includes(only)) {
    refuse(`--only: expected ${PARTS.join(", ")}, found ${JSON.stringify(only)}`);
  }
  if (protocol !== undefined && !names.includes(protocol)) {
    refuse(`--protocol: expected ${names.join(", ")}, found ${JSON.stringify(protocol)}`);
  }
  return {
    parts: only === undefined ? PARTS : [only],
    protocols: protocol === undefined ? names : [protocol],
    workers: wholeNumber("--workers", values.workers),
    runs: wholeNumber("--runs", values.runs),
    bankRuns: wholeNumber("--bank-runs", values["bank-runs"]),
    json: values.json,
  };
}

/** What is to be proved of the small scenarios, row by row. */
function smallJobs({ parts, protocols, runs }) {
  const path = new URL("small-scenarios.json", import.meta.url);
  const { trees, groups } = JSON.parse(readFileSync(path, "utf8"));
  return groups.flatMap(({ what, crashes, cases }) => {
    const part = crashes === undefined ? "memory" : "disk";
    if (!parts.includes(part)) return [];
    return cases.flatMap(([tree, tasks]) => {
      const built = trees[tree] === null ? "" : `tree ${trees[tree]}\n`;
      const power = crashes === undefined ? "" : `crashes ${crashes}\n`;
      const text = `capacity 2\n${built}${tasks.map((task) => `task ${task}\n`).join("")}${power}`;
      const { scenario } = parseScenario(text);
      const name = `${trees[tree] ?? "[]"} ${tasks.join(", ")}`;
      return protocols.map((protocol) => ({
        what,
        name,
        protocol,
        runs,
        within: preemptionsFor(protocol, tasks),
        scenario: { ...scenario, protocol },
      }));
    });
  });
}

/**
 * Within how many preemptions a small scenario is proved; null for all. Under olc each read of a
 * page is several steps, and more than two operations have millions of interleavings.
 */
function preemptionsFor(protocol, tasks) {
  const isLarge = tasks.length > 2 || tasks.some((task) => task.includes(" then "));
  return protocol === "olc" && isLarge ? 2 : null;
}

function bankJobs({ parts, bankRuns }) {
  if (!parts.includes("bank")) return [];
  return BUGS.map((bug) => ({
    bug: bug.id,
    kind: bug.kind,
    protocol: bug.protocol,
    name: bug.id,
    runs: bankRuns,
    scenario: scenarioOfBug(bug),
  }));
}

/** Proves all of them, as many at a time as there are workers; the rows are in their order. */
async function proveAll(jobs, { workers }, show) {
  const crew = new Crew({ workers });
  process.once("SIGINT", () => crew.stop());
  let done = 0;
  try {
    return await Promise.all(
      jobs.map(async ({ scenario, runs, ...job }, priority) => {
        const { within: preemptionsMax = null } = job;
        const setting = { runsMax: runs, seed: 1, probes: 0, preemptionsMax, shrink: null };
        const plan = { scenario, setting, resumed: null };
        const proof = await crew.ask({ kind: "prove", plan, isKept: false }, priority);
        done++;
        show.progress(`${done} of ${jobs.length}, ${job.name} under ${job.protocol}`);
        return rowOf(job, proof);
      }),
    );
  } finally {
    await crew.close();
  }
}

function rowOf(job, { state, interleavings, counts, result }) {
  const { asleep, impossible, strayed } = counts;
  const { interrupted, finding } = result.verdict;
  return {
    ...job,
    state,
    interleavings,
    givenUp: asleep + impossible + strayed,
    failure: finding?.failure.kind ?? null,
    interrupted,
    replay: result.replay,
  };
}

function problemOf({ bug, kind, name, protocol, state, failure, replay }) {
  if (state === "failed" && kind !== "bug") {
    return `${name} under ${protocol}: ${failure}: latchwork replay '${replay}'`;
  }
  if (state === "proved" && kind === "bug") return `${bug}: was not found by all interleavings`;
  if (state === "unfinished" && bug === undefined) {
    return `${name} under ${protocol}: not every interleaving was run`;
  }
  return null;
}

const WORDS = { proved: "", failed: " FAILED", unfinished: " of more" };

function tableOf(rows, protocols) {
  if (rows.length === 0) return [];
  const lines = [["", ...protocols]];
  for (let i = 0; i < rows.length; i += protocols.length) {
    const { what, name } = rows[i];
    if (what !== rows[i - 1]?.what) lines.push([`${what}:`]);
    const cells = rows.slice(i, i + protocols.length);
    lines.push([`  ${name}`, ...cells.map(cellOf)]);
  }
  lines.push(["together", ...protocols.map((_, at) => grouped(sumOf(rows, protocols.length, at)))]);
  return laidOut(lines);
}

function cellOf({ interleavings, state, within }) {
  const bound = state === "proved" && within !== null ? ` within ${within} preemptions` : "";
  return grouped(interleavings) + WORDS[state] + bound;
}

function sumOf(rows, step, at) {
  return rows.reduce((sum, row, i) => (i % step === at ? sum + row.interleavings : sum), 0);
}

function laidOut(lines) {
  const width = Math.max(...lines.map(([first]) => first.length));
  const widths = lines[0].map(
    (_, i) => 2 + Math.max(...lines.map((line) => (line[i] ?? "").length)),
  );
  return lines.map(([first, ...cells]) =>
    `${first.padEnd(width)}${cells.map((cell, i) => cell.padStart(widths[i + 1])).join("")}`.trimEnd(),
  );
}

function grouped(number) {
  return number.toLocaleString("en-US");
}

/** What came of the bank: the bugs that were found, and what was proved or not all run. */
function bankLines(rows) {
  if (rows.length === 0) return [];
  const those = (kind, state) => rows.filter((row) => row.kind === kind && row.state === state);
  const list = (some) => some.map((row) => `${row.bug} ${grouped(row.interleavings)}`).join(", ");
  const line = (kind, state, what) => {
    const some = those(kind, state);
    return some.length === 0 ? [] : [`${countOf(some.length, kind)} ${what}: ${list(some)}`];
  };
  return [
    "",
    ...line("bug", "failed", "found, after so many interleavings"),
    ...line("bug", "proved", "MISSED, though all interleavings were run"),
    ...line("bug", "unfinished", "not found in so many, of more"),
    ...line("decoy", "proved", "not reported in any of so many interleavings"),
    ...line("decoy", "unfinished", "not reported in so many, of more"),
    ...line("decoy", "failed", "REPORTED"),
  ];
}

const options = readOptions();
const show = new Show(options.json);
const rows = await proveAll([...smallJobs(options), ...bankJobs(options)], options, show);
show.end();
const small = rows.filter(({ bug }) => bug === undefined);
const bank = rows.filter(({ bug }) => bug !== undefined);
const isInterrupted = rows.some(({ interrupted }) => interrupted);
const problems = isInterrupted ? ["interrupted"] : rows.flatMap((row) => problemOf(row) ?? []);
const clean = small.filter(({ state }) => state === "proved").length;
const right =
  small.length === 0
    ? []
    : [`${clean} of ${countOf(small.length, "proof")}: every interleaving was run, and none fails`];
const lines = [...tableOf(small, options.protocols), ...right, ...bankLines(bank), ...problems];
conclude({ small, bank, problems }, options.json, lines);
if (isInterrupted) process.exitCode = 130;
