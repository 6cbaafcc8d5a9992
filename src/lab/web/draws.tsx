import type { JSX } from "preact";
import type { LabState } from "./state/index.ts";

/**
 * What was left to chance in the step that led here, as which writes a crash leaves, and the other
 * ways that it could have gone.
 */
export function Draws({ lab }: { readonly lab: LabState }): JSX.Element | null {
  const stop = lab.reel.value.film.stops[lab.cursor.value];
  const open = (stop?.draws ?? []).filter(({ count }) => count > 1);
  if (stop === undefined || open.length === 0) return null;
  const what = stop.deed?.kind === "crash" ? "What the crash left" : "Left to chance in this step";
  return (
    <section aria-label={what}>
      <strong>{what}:</strong>{" "}
      {open.map(({ at, value, count }) => (
        <label key={at}>
          {open.length > 1 ? `draw ${at - (open[0]?.at ?? at) + 1} ` : ""}
          <select
            value={value}
            data-testid={`draw-${at}`}
            onChange={({ currentTarget }) => lab.draw(at, Number(currentTarget.value))}
          >
            {Array.from({ length: count }, (_, one) => (
              <option key={one} value={one}>
                possibility {one + 1} of {count}
              </option>
            ))}
          </select>{" "}
        </label>
      ))}
    </section>
  );
}
