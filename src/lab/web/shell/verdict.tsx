import type { JSX } from "preact";
import type { Film, FilmFailure } from "../../index.ts";

/** What came of the run, once the cursor is at its end. */
export function Verdict({ film }: { readonly film: Film }): JSX.Element {
  const { failure, preemptions, stops } = film;
  const cost = `${counted(stops.length - 1, "step")}, ${counted(preemptions, "preemption")}`;
  if (failure === null) {
    return (
      <section class="verdict good" role="status" data-testid="verdict">
        <h2>✓ The run is over, and nothing went wrong</h2>
        The tree is whole, and some order of the operations explains every answer. {cost}.
      </section>
    );
  }
  return (
    <section class="verdict bad" role="status" data-testid="verdict">
      <h2>✗ {KINDS[failure.kind]}</h2>
      {failure.message} ({cost})
    </section>
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

const KINDS: Readonly<Record<FilmFailure["kind"], string>> = {
  deadlock: "Deadlock: each waits for the next",
  "potential-deadlock": "Another order of these acquires would be a deadlock",
  "latch-order": "A latch was taken against the order of the protocol",
  stuck: "Nobody can go on",
  "lost-wakeup": "Nobody wakes a task that could go on",
  livelock: "Livelock: it runs on and comes to no end",
  "latch-held": "An operation has ended and still holds a latch",
  "double-release": "A latch was released twice",
  "latch-misuse": "A page or latch was used against its rules",
  "freed-page": "A page was used that had been freed",
  "broken-tree": "The tree is broken",
  "not-linearizable": "No order of the operations explains the answers",
  "wrong-result": "An answer is wrong",
  "not-durable": "What was acknowledged is not there after the crash",
  "not-recovered": "The database does not open after the crash",
  exception: "The code threw an error",
  escape: "A task awaited what the simulator does not know",
  nondeterminism: "The same decisions gave another run",
};
