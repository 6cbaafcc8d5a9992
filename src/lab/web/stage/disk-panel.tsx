import type { JSX } from "preact";
import type { DiskPicture } from "../../index.ts";

/** What would survive if the power failed now. */
export function DiskPanel({ disk }: { readonly disk: DiskPicture }): JSX.Element {
  const { groups, durableTo, unsynced } = disk;
  const volatile = groups.filter(({ state }) => state === "in memory");
  return (
    <section class="disk" aria-label="Log and disk" data-testid="disk">
      <h2>Log and disk</h2>
      {groups.length > 0 && (
        <ol class="groups">
          {groups.map(({ position, pages, state }) => (
            <li key={position} class={state === "durable" ? "durable" : "volatile"}>
              <strong>{MARKS[state]}</strong> {state}
              <br />
              {pages.length === 1 ? "page" : "pages"} {pages.join(", ")}
              <br />
              to {position}
            </li>
          ))}
        </ol>
      )}
      <p>
        {groups.length === 0
          ? "No change has been logged yet."
          : `The log survives a crash up to position ${durableTo}. ${lostText(volatile.length)}`}
      </p>
      {unsynced.length > 0 && <p>Written and not synced: {unsynced.join(", ")}.</p>}
    </section>
  );
}

function lostText(count: number): string {
  if (count === 0) return "Every change so far is durable.";
  return `A crash now may lose ${count === 1 ? "one change" : `${count} changes`}.`;
}

const MARKS: Readonly<Record<DiskPicture["groups"][number]["state"], string>> = {
  "in memory": "○",
  durable: "●",
  "in doubt": "?",
};
