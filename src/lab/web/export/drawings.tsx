import { signal } from "@preact/signals";
import type { JSX } from "preact";
import {
  type ChosenStops,
  offeredStops,
  readStops,
  sceneSvg,
  type Strip,
  stripSvg,
  type Theme,
} from "../../index.ts";
import type { LabState } from "../state/index.ts";
import type { SavedFile } from "./download.ts";
import { pngOf } from "./png.ts";
import { nameOf } from "./run-files.ts";

const [SVG, PNG] = ["image/svg+xml", "image/png"];

/** The steps of a strip as the visitor wrote them; null for those that are offered. */
const written = signal<string | null>(null);
const theme = signal<Theme>("light");

interface DrawingsProps {
  readonly lab: LabState;
  readonly save: (file: SavedFile) => void;
}

/** Drawings of this moment, and of several moments beside each other. */
export function Drawings({ lab, save }: DrawingsProps): JSX.Element {
  const moment = (): string => sceneSvg(lab.picture.value, { theme: theme.value });
  const name = `${nameOf(lab)}-step-${lab.cursor.value}.svg`;
  return (
    <>
      <h3>Drawings</h3>
      <p>
        <label>
          Colours{" "}
          <select
            value={theme.value}
            onChange={({ currentTarget: { value } }) => {
              theme.value = value === "dark" ? "dark" : "light";
            }}
          >
            <option value="light">for light slides and paper</option>
            <option value="dark">for dark slides</option>
          </select>
        </label>
      </p>
      <p>
        <button type="button" onClick={() => save({ name, type: SVG, make: moment })}>
          This moment as SVG
        </button>
      </p>
      <StripForm lab={lab} save={save} />
    </>
  );
}

/** Which steps stand beside each other, and as what they are saved. */
function StripForm({ lab, save }: DrawingsProps): JSX.Element {
  const reel = lab.reel.value;
  const text = written.value ?? offeredStops(reel).join(", ");
  const chosen = readStops(text, reel.length - 1);
  const fault = chosen.kind === "fault" ? chosen.message : "";
  const strip = (): Strip => stripSvg(reel, stopsOf(chosen), theme.value);
  const name = `${nameOf(lab)}-strip`;
  return (
    <>
      <p>
        <label>
          Steps of a strip{" "}
          <input
            type="text"
            spellcheck={false}
            value={text}
            aria-invalid={fault !== ""}
            aria-describedby="strip-fault"
            onInput={({ currentTarget: { value } }) => {
              written.value = value;
            }}
          />
        </label>{" "}
        <button
          type="button"
          onClick={() => {
            written.value = `${text.trim() === "" ? "" : `${text}, `}${lab.cursor.value}`;
          }}
        >
          Add this step
        </button>
      </p>
      <p id="strip-fault" role="status" class="fault">
        {fault}
      </p>
      <p>
        <button
          type="button"
          disabled={fault !== ""}
          onClick={() => save({ name: `${name}.png`, type: PNG, make: () => pngOf(strip()) })}
        >
          Strip as PNG
        </button>{" "}
        <button
          type="button"
          disabled={fault !== ""}
          onClick={() => save({ name: `${name}.svg`, type: SVG, make: () => strip().svg })}
        >
          Strip as SVG
        </button>
      </p>
    </>
  );
}

/** Requires: nothing is wrong with them, as where the buttons of a strip are on. */
function stopsOf(chosen: ChosenStops): readonly number[] {
  if (chosen.kind === "stops") return chosen.stops;
  throw new Error(chosen.message);
}
