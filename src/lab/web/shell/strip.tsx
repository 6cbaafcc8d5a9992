import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { Film } from "../../index.ts";

interface StripProps {
  readonly film: Film;
  readonly cursor: number;
  readonly seek: (stop: number) => void;
}

/** Steps of one task in a row. */
interface Slice {
  readonly task: number;
  readonly name: string;
  readonly from: number;
  readonly steps: number;
}

/** Who took which step, as a strip under the slider. It repeats what the slider says in words. */
export function Strip({ film, cursor, seek }: StripProps): JSX.Element {
  const slices = useMemo(() => slicesOf(film), [film]);
  const steps = Math.max(1, film.stops.length - 1);
  const at = (count: number): string => `${(100 * count) / steps}%`;
  return (
    <svg
      class="strip"
      aria-hidden="true"
      onClick={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        seek(Math.ceil(((event.clientX - left) / width) * steps));
      }}
    >
      {slices.map(({ task, name, from, steps: own }) => (
        <g key={from} opacity={from < cursor ? 1 : 0.45}>
          <rect x={at(from)} width={at(own)} y="2" height="16" fill={`var(--task-${task % 6})`} />
          {own / steps > 0.015 && (
            <text
              x={at(from + own / 2)}
              y="14.5"
              text-anchor="middle"
              font-size="12"
              font-weight="700"
              fill="var(--paper)"
            >
              {name}
            </text>
          )}
        </g>
      ))}
      <line x1={at(cursor)} x2={at(cursor)} y1="0" y2="24" stroke="var(--ink)" stroke-width="3" />
    </svg>
  );
}

function slicesOf({ stops, tasks }: Film): Slice[] {
  const slices: Slice[] = [];
  for (const [stop, { deed }] of stops.entries()) {
    if (deed === null) continue;
    const last = slices.at(-1);
    if (last?.task === deed.task) slices[slices.length - 1] = { ...last, steps: last.steps + 1 };
    else {
      const name = tasks[deed.task]?.name ?? "";
      slices.push({ task: deed.task, name, from: stop - 1, steps: 1 });
    }
  }
  return slices;
}
