import type { JSX } from "preact";
import { counted, type Film, type FilmFailure } from "../../index.ts";

interface VerdictProps {
  readonly film: Film;
  /** Whether a level asked for just this failure. */
  readonly isWanted: boolean;
}

/** What came of the run, once the cursor is at its end. */
export function Verdict({ film, isWanted }: VerdictProps): JSX.Element {
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
      <h2>
        ✗ {isWanted ? "The failure you were after: " : ""}
        {KINDS[failure.kind]}
      </h2>
      {failure.cycle.length > 0 ? (
        <Cycle film={film} failure={failure} />
      ) : (
        <p>
          {failure.message} ({cost})
        </p>
      )}
    </section>
  );
}

/** A deadlock, a line for each task; the whole report is folded. */
function Cycle({
  film: { tasks },
  failure: { cycle, message },
}: {
  readonly film: Film;
  readonly failure: FilmFailure;
}): JSX.Element {
  return (
    <>
      <ul>
        {cycle.map(({ task, wants, holds }) => (
          <li key={task}>
            {tasks[task]?.name ?? ""} waits {wants}, and holds {holds.join(" and ")}.
          </li>
        ))}
      </ul>
      <p>None of these steps can ever be taken, so the run ends here.</p>
      <details>
        <summary>The report</summary>
        <p>{message}</p>
      </details>
    </>
  );
}

const KINDS: Readonly<Record<FilmFailure["kind"], string>> = {
  deadlock: "deadlock, each waits for the next",
  "potential-deadlock": "nobody got stuck this time, but could have",
  "latch-order": "a latch was taken against the order of the protocol",
  stuck: "nobody can go on",
  "lost-wakeup": "nobody wakes a task that could go on",
  livelock: "livelock: it runs on and comes to no end",
  "latch-held": "an operation has ended and still holds a latch",
  "double-release": "a latch was released twice",
  "latch-misuse": "a page or latch was used against its rules",
  "freed-page": "a page was used that had been freed",
  "broken-tree": "the tree is broken",
  "not-linearizable":
    "a wrong answer: no order of the operations explains the answers (not linearizable)",
  "wrong-result": "an answer is wrong",
  "not-durable": "what was acknowledged is not there after the crash",
  "not-recovered": "the database does not open after the crash",
  exception: "the code threw an error",
  escape: "a task awaited what the simulator does not know",
  nondeterminism: "the same decisions gave another run",
};
