import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { LabState } from "../state/index.ts";
import { save, type SavedFile } from "./download.ts";
import { Drawings } from "./drawings.tsx";
import { nameOf, RUN_FILES } from "./run-files.ts";

/** What the last button did. */
const said = signal("");

async function saveAndTell(file: SavedFile): Promise<void> {
  said.value = await save(file);
}

/** Everything of this run that can be saved as a file. */
export function ExportPanel({ lab }: { readonly lab: LabState }): JSX.Element {
  const { isOver } = lab.reel.value.film;
  const name = nameOf(lab);
  return (
    <section aria-label="Export">
      <h2>Take it with you</h2>
      <p>Files are made here, in the page; nothing is sent anywhere.</p>
      <h3>The run</h3>
      <ul class="files">
        {RUN_FILES.map(({ id, title, about, end, type, isWhole, make }) => (
          <li key={id}>
            <button
              type="button"
              disabled={isWhole && !isOver}
              onClick={() =>
                void saveAndTell({ name: `${name}${end}`, type, make: () => make(lab) })
              }
            >
              {title}
            </button>{" "}
            {about}
          </li>
        ))}
      </ul>
      {!isOver && <p>Story and trace as text want a run that is over: let it go on to its end.</p>}
      <Drawings lab={lab} save={(file) => void saveAndTell(file)} />
      <p role="status">{said.value}</p>
    </section>
  );
}
