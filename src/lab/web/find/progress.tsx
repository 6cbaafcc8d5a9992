import type { JSX } from "preact";
import { grouped } from "../../index.ts";
import { finding, type Running } from "./find-state.ts";

/** How far the search is; nothing if there is none. */
export function Progress(): JSX.Element | null {
  const running = finding.running.value;
  if (running === null) return null;
  const total = totalOf(running);
  return (
    <p>
      <progress
        aria-label={running.what === "hunt" ? "Progress of the hunt" : "Progress of the proof"}
        max={total}
        value={Math.min(running.pace.runs, total)}
      />
      <br />
      <span data-testid="pace">{paceText(running, total)}</span>
    </p>
  );
}

/** Runs that are expected: the budget, or, of a proof, what it is estimated to need if less. */
function totalOf({ runsMax, pace: { estimate } }: Running): number {
  return Math.max(1, Math.min(runsMax, estimate ?? runsMax));
}

/** After so long a rate means something. */
const SECONDS_OF_RATE = 0.2;

function paceText({ what, startedMs, nowMs, pace, isStopping }: Running, total: number): string {
  if (isStopping) return "Stopping ...";
  if (pace.isEstimating) return "Estimating how many there are ...";
  const noun = what === "hunt" ? "schedules" : "interleavings";
  const seconds = (nowMs - startedMs) / 1000;
  const about = pace.estimate === null ? "" : "about ";
  const done = `${grouped(pace.runs)} of ${about}${grouped(total)} ${noun}`;
  if (seconds < SECONDS_OF_RATE || pace.runs === 0) return done;
  const rate = pace.runs / seconds;
  const left = Math.max(0, total - pace.runs) / rate;
  return `${done}, ${grouped(rate)} a second, about ${Math.ceil(left)} s left at most`;
}
