import type { Proof, Story } from "../hunt/index.ts";
import type { Estimate } from "../sim/index.ts";
import { foldedText } from "./layout.ts";
import { describeFinding, printStory } from "./outcome.ts";
import { coloured, counted, grouped, print, rounded } from "./output.ts";
import type { OwnProtocols } from "./protocol-file.ts";

/** Of what took less time, a rate would tell how fast the process began, and no more. */
const SECONDS_OF_RATE = 0.5;

/** A proof that has ended, as it is reported. */
export interface Proved {
  readonly label: string;
  readonly source: string;
  readonly protocol: string;
  readonly bug: string | null;
  readonly preemptions: number | null;
  readonly proof: Proof;
  /** Of this sitting; a search that was resumed took longer. */
  readonly seconds: number;
  /** The part of it that came after the probes of the estimate. */
  readonly searchSeconds: number;
  /** Interleavings run in this sitting. */
  readonly ranNow: number;
  readonly story: Story | null;
}

/** One line about an estimate, before the search. */
export function estimateText(label: string, { orders, low, high, probes }: Estimate): string {
  const spread = `${rounded(low)} to ${rounded(high)} by ${counted(probes, "probe")}`;
  return foldedText(`${label}: about ${rounded(orders)} interleavings (${spread})\n`);
}

/** Prints how a proof ended, and the story of what it found. */
export function printProved(proved: Proved, own: OwnProtocols): void {
  const { proof, label, story } = proved;
  if (story !== null) {
    say(`${coloured("red", "found")}: ${story.kind ?? "nothing"} in ${label}\n`);
    say(`  ${describeFinding(proof.result)}\n\n`);
    printStory(story, own);
    return;
  }
  say(`${headline(proved)}\n  ${label}: ${details(proved)}\n`);
  if (proof.doubt !== null) say(`  not proved: ${proof.doubt}\n`);
}

/** The same as `--json` prints it. */
export function provedJson(proved: Proved): object {
  const { source, protocol, bug, preemptions, proof, seconds, story } = proved;
  const { state, interleavings, steps, counts, estimate, doubt, result } = proof;
  return {
    source,
    protocol,
    bug,
    preemptions,
    state,
    interleavings,
    steps,
    estimate,
    search: counts,
    twins: proof.twins,
    doubt,
    interrupted: result.verdict.interrupted,
    seconds,
    kind: story?.kind ?? null,
    foundAfter: result.verdict.finding?.runs ?? null,
    replay: result.replay,
    story,
  };
}

function headline({ proof, preemptions }: Proved): string {
  const { state, interleavings, estimate, result } = proof;
  const what = nounOf(preemptions);
  if (state === "proved") {
    const count = counted(interleavings, what);
    const every =
      preemptions === null
        ? `every one of ${count} of this scenario`
        : `every interleaving of this scenario with at most ` +
          `${counted(preemptions, "preemption")}, by ${count}`;
    return `${coloured("green", "proved")}: ${every}: no failure`;
  }
  const word = result.verdict.interrupted ? "stopped" : "unfinished";
  const share = estimate === null ? "" : `, ${shareText(interleavings, estimate)}`;
  return `${coloured("yellow", word)}: ${counted(interleavings, what)}, no failure${share}`;
}

/** What is counted: within a bound, one interleaving may be run by several schedules. */
export function nounOf(preemptions: number | null): string {
  return preemptions === null ? "interleaving" : "schedule";
}

function shareText(interleavings: number, { orders }: Estimate): string {
  const share = Math.min(interleavings / Math.max(orders, 1), 0.99);
  const percent = share < 0.01 ? "less than 1" : `about ${Math.floor(share * 100)}`;
  return `${percent} % of an estimated ${rounded(orders)}`;
}

function details({ proof, searchSeconds, ranNow, preemptions }: Proved): string {
  const { steps, result } = proof;
  const parts = [counted(steps, "step")];
  for (const { length } of proof.twins) {
    parts.push(`counted up to exchanges of ${length} tasks that do the same`);
  }
  const { abandoned } = result.verdict;
  if (abandoned > 0) parts.push(`${counted(abandoned, "run")} given up`);
  if (searchSeconds >= SECONDS_OF_RATE) {
    parts.push(`${grouped(ranNow / searchSeconds)} ${nounOf(preemptions)}s/s`);
  }
  return parts.join(", ");
}

function say(text: string): void {
  print(foldedText(text));
}
