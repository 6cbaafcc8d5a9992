import type { JSX } from "preact";
import { TextWithLines } from "./text-with-lines.tsx";
import type { Editing } from "./edit-state.ts";

/** The text of the scenario, with what is wrong beside its line while it is typed. */
export function ScenarioText({ editing }: { readonly editing: Editing }): JSX.Element {
  const checked = editing.checked.value;
  const fault = checked.kind === "fault" ? checked.fault : null;
  const problem =
    fault === null
      ? null
      : `${fault.problem}${fault.expected === "" ? "" : `; expected ${fault.expected}`}`;
  return (
    <>
      <TextWithLines
        id="scenario-text"
        label="Scenario"
        text={editing.text.value}
        onText={(text) => editing.type(text)}
        onSubmit={() => editing.show()}
        faultLine={fault?.line ?? null}
        fault={problem}
      />
      <p class="soft">
        {editing.isEdited.value && fault === null && "Not shown yet: Ctrl and Enter shows it. "}A
        replay line can be pasted here too.
      </p>
    </>
  );
}
