import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { LabState } from "../state/index.ts";
import { downloadText } from "./download.ts";
import { Drawings } from "./drawings.tsx";
import { nameOf, RUN_FILES, type RunFile } from "./run-files.ts";

/** What the last button did. */
const said = signal("");

/** Everything of this run that can be saved as a file. */
export function ExportPanel({ lab }: { readonly lab: LabState }): JSX.Element {
  const { isOver } = lab.reel.value.film;
  return (
    <section aria-label="Export">
      <h2>Take it with you</h2>
      <p>Files are made here, in the page; nothing is sent anywhere.</p>
      <h3>The run</h3>
      <ul class="files">
        {RUN_FILES.map((file) => (
          <li key={file.id}>
            <button
              type="button"
              disabled={file.isWhole && !isOver}
              onClick={() => save(lab, file)}
            >
              {file.title}
            </button>{" "}
            {file.about}
          </li>
        ))}
      </ul>
      {!isOver && <p>Story and trace as text want a run that is over: let it go on to its end.</p>}
      <Drawings
        lab={lab}
        tell={(what) => {
          said.value = what;
        }}
      />
      <p role="status">{said.value}</p>
    </section>
  );
}

function save(lab: LabState, { make, end, type }: RunFile): void {
  const name = `${nameOf(lab)}${end}`;
  try {
    downloadText(name, type, make(lab));
    said.value = `Saved ${name}.`;
  } catch (error) {
    said.value = `Not saved: ${error instanceof Error ? error.message : String(error)}`;
  }
}
