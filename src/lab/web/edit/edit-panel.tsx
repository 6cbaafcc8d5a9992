import type { JSX } from "preact";
import { READY_SCENARIOS } from "../../index.ts";
import type { LabState } from "../state/index.ts";
import { BugChoice, ProtocolChoice } from "./choices.tsx";
import { editingOf } from "./edit-state.ts";
import { OwnProtocol } from "./own-protocol.tsx";
import { ScenarioText } from "./scenario-text.tsx";

/** The scenario as text, the lists to choose from, and a protocol of the reader's own. */
export function EditPanel({ lab }: { readonly lab: LabState }): JSX.Element {
  const editing = editingOf(lab);
  const isWrong = editing.checked.value.kind === "fault";
  return (
    <section aria-label="Edit">
      <h2>Edit the scenario</h2>
      <p>
        <label>
          Begin from{" "}
          <select
            value=""
            onChange={({ currentTarget }) => {
              const ready = READY_SCENARIOS.find(({ name }) => name === currentTarget.value);
              if (ready !== undefined) editing.type(ready.text);
              currentTarget.value = "";
            }}
          >
            <option value="">a ready scenario ...</option>
            {READY_SCENARIOS.map(({ name, about }) => (
              <option key={name} value={name}>
                {name}: {about}
              </option>
            ))}
          </select>
        </label>
      </p>
      <ProtocolChoice editing={editing} />
      <BugChoice editing={editing} />
      <ScenarioText editing={editing} />
      <p class="row">
        <button type="button" class="primary" disabled={isWrong} onClick={() => editing.show()}>
          Show it in the lab
        </button>
        <button type="button" disabled={!editing.isEdited.value} onClick={() => editing.discard()}>
          Discard changes
        </button>
      </p>
      <OwnProtocol editing={editing} />
    </section>
  );
}
