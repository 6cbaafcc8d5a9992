import type { HuntResult, Proof, Scenario, Shrunk } from "../../hunt/index.ts";
import { coverageText, type FailureKind, type Schedule, titleOf } from "../../sim/index.ts";
import { counted, grouped } from "./words.ts";

/** What came of a hunt or of a proof, as plain data and in words. */
export interface SearchResult {
  /**
   * `clean`: nothing was found in the schedules that were run. `proved`: every interleaving was run
   * (within a bound, if there was one), and none fails. `unfinished`: a proof that has not run all.
   */
  readonly verdict: "found" | "clean" | "proved" | "unfinished";
  /** Whether it was stopped before it was done. */
  readonly isStopped: boolean;
  /** Schedules run; of a proof, interleavings. */
  readonly runs: number;
  readonly steps: number;
  /** The verdict in one sentence, which claims no more than was run. */
  readonly headline: string;
  /** What was covered, or how the run was found. */
  readonly details: string;
  readonly found: FoundRun | null;
}

/** A run that fails, as short as it was made. */
export interface FoundRun {
  readonly scenario: Scenario;
  readonly schedule: Schedule;
  /** As one line, which replays it anywhere. */
  readonly replay: string;
  readonly kind: FailureKind;
  /** The failure in one line. */
  readonly title: string;
  readonly preemptions: number;
}

/** What came of a hunt. */
export function resultOfHunt(result: HuntResult): SearchResult {
  const { verdict } = result;
  const found = foundIn(result);
  const { runs, steps, interrupted } = verdict;
  const common = { isStopped: interrupted, runs, steps, found };
  if (found !== null) {
    return { verdict: "found", ...common, headline: foundLine(found), details: sizeLine(result) };
  }
  const many =
    runs === 1 ? "the one schedule that was" : `the ${grouped(runs)} schedules that were`;
  return {
    verdict: "clean",
    ...common,
    headline: `${interrupted ? "Stopped" : "Clean"}: nothing was found in ${many} run.`,
    details: `${coverageText(verdict)}. Other schedules may fail; only a proof speaks of all.`,
  };
}

/** What came of a proof, within a bound of preemptions or none. */
export function resultOfProof(proof: Proof, preemptionsMax: number | null): SearchResult {
  const { state, interleavings: runs, steps, result } = proof;
  const found = foundIn(result);
  const common = { isStopped: result.verdict.interrupted, runs, steps, found };
  if (found !== null) {
    return { verdict: "found", ...common, headline: foundLine(found), details: sizeLine(result) };
  }
  const details = `${counted(steps, "step")}${twinsText(proof)}`;
  if (state === "proved") {
    return { verdict: "proved", ...common, headline: provedLine(runs, preemptionsMax), details };
  }
  const why = proof.doubt === null ? shareText(proof) : ` ${proof.doubt}.`;
  const word = result.verdict.interrupted ? "Stopped, so not proved" : "Not proved";
  const noun = nounOf(preemptionsMax);
  return {
    verdict: "unfinished",
    ...common,
    headline: `${word}: ${counted(runs, noun)} ${runs === 1 ? "was" : "were"} run, none fails.`,
    details: `${details}.${why}`,
  };
}

function foundIn({ run, replay, shrunk, verdict: { finding } }: HuntResult): FoundRun | null {
  if (run === null || replay === null || finding === null) return null;
  const { failure, preemptions } = shrunk ?? finding;
  const { scenario, schedule } = run;
  return { scenario, schedule, replay, kind: failure.kind, title: titleOf(failure), preemptions };
}

function foundLine({ title }: FoundRun): string {
  return `Found: ${title}`;
}

/** Who found it, after how much, and what it was shrunk to. */
function sizeLine({ verdict: { finding }, shrunk }: HuntResult): string {
  if (finding === null) return "";
  const found = `By ${finding.strategy} after ${counted(finding.runs, "schedule")}`;
  if (shrunk === null) return `${found}, with ${counted(finding.preemptions, "preemption")}.`;
  const { tasks, operations, preemptions, isMinimal } = shrunk;
  const size =
    `${counted(tasks, "task")}, ${counted(operations, "operation")} and ` +
    counted(preemptions, "preemption");
  const least = isMinimal ? "; no fewer preemptions show it" : "";
  return `${found}; shrunk to ${size}${least}.${shortText(shrunk)}`;
}

/** How short the shrunk run is: only where everything was tried it is as short as it gets. */
function shortText({ isOneMinimal, cutBy }: Shrunk): string {
  if (cutBy === "stopped") return " Shrinking was stopped: it may get shorter.";
  if (isOneMinimal) return " Without any one of these it does not fail in this way.";
  return " Shrinking has used up its schedules: it may get shorter.";
}

function provedLine(runs: number, preemptionsMax: number | null): string {
  if (preemptionsMax === null) {
    return `Proved: every interleaving of this scenario was run, ${grouped(runs)}; none fails.`;
  }
  const bound = counted(preemptionsMax, "preemption");
  return (
    `Proved as far as ${bound}: every interleaving of this scenario with at most so many was ` +
    `run, by ${counted(runs, "schedule")}; none fails.`
  );
}

function twinsText({ twins }: Proof): string {
  return twins
    .map(({ length }) => `, counted up to exchanges of ${length} tasks that do the same`)
    .join("");
}

function shareText({ interleavings, estimate }: Proof): string {
  if (estimate === null) return "";
  const share = Math.min(interleavings / Math.max(estimate.orders, 1), 0.99);
  const percent = share < 0.01 ? "Less than 1" : `About ${Math.floor(share * 100)}`;
  return ` ${percent} % of an estimated ${grouped(Number(estimate.orders.toPrecision(2)))}.`;
}

function nounOf(preemptionsMax: number | null): string {
  return preemptionsMax === null ? "interleaving" : "schedule";
}
