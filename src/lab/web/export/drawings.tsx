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
import { download, downloadText } from "./download.ts";
import { pngOf } from "./png.ts";
import { nameOf } from "./run-files.ts";

const SVG_TYPE = "image/svg+xml";

/** The steps of a strip as the visitor wrote them; null for those that are offered. */
const written = signal<string | null>(null);
const theme = signal<Theme>("light");

interface DrawingsProps {
  readonly lab: LabState;
  /** Told what has become of a file. */
  readonly tell: (what: string) => void;
}

/** Drawings of this moment, and of several moments beside each other. */
export function Drawings({ lab, tell }: DrawingsProps): JSX.Element {
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
        <button type="button" onClick={() => void save(name, moment, tell)}>
          This moment as SVG
        </button>
      </p>
      <StripForm lab={lab} tell={tell} />
    </>
  );
}

/** Which steps stand beside each other, and as what they are saved. */
function StripForm({ lab, tell }: DrawingsProps): JSX.Element {
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
          onClick={() => void save(`${name}.png`, async () => await pngOf(strip()), tell)}
        >
          Strip as PNG
        </button>{" "}
        <button
          type="button"
          disabled={fault !== ""}
          onClick={() => void save(`${name}.svg`, () => strip().svg, tell)}
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

async function save(
  name: string,
  make: () => string | Promise<Blob>,
  tell: DrawingsProps["tell"],
): Promise<void> {
  try {
    const made = await make();
    if (typeof made === "string") downloadText(name, SVG_TYPE, made);
    else download(name, made);
    tell(`Saved ${name}.`);
  } catch (error) {
    tell(`Not saved: ${error instanceof Error ? error.message : String(error)}`);
  }
}
