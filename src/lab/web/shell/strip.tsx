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
  // Made once for a film: a long run has thousands of slices, and a seek changes none of them.
  const slices = useMemo(() => <Slices film={film} />, [film]);
  const steps = Math.max(1, film.stops.length - 1);
  const here = `${(100 * cursor) / steps}%`;
  const rest = `${100 - (100 * cursor) / steps}%`;
  return (
    <svg
      class="strip"
      aria-hidden="true"
      onClick={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        seek(Math.ceil(((event.clientX - left) / width) * steps));
      }}
    >
      {slices}
      <rect x={here} width={rest} y="0" height="24" fill="var(--paper)" opacity="0.55" />
      <line x1={here} x2={here} y1="0" y2="24" stroke="var(--ink)" stroke-width="3" />
    </svg>
  );
}

/** The slices of a task are one shape, so that a run of thousands of steps is a few shapes. */
function Slices({ film }: Pick<StripProps, "film">): JSX.Element {
  const steps = Math.max(1, film.stops.length - 1);
  const slices = slicesOf(film);
  const tasks = [...new Set(slices.map(({ task }) => task))];
  return (
    <>
      <svg width="100%" height="100%" viewBox={`0 0 ${steps} 25.6`} preserveAspectRatio="none">
        {tasks.map((task) => (
          <path
            key={task}
            fill={`var(--task-${task % 6})`}
            d={slices
              .filter((slice) => slice.task === task)
              .map(({ from, steps: own }) => `M${from} 2h${own}v16h${-own}z`)
              .join("")}
          />
        ))}
      </svg>
      {slices
        .filter(({ steps: own }) => own / steps > 0.015)
        .map(({ name, from, steps: own }) => (
          <text
            key={from}
            x={`${(100 * (from + own / 2)) / steps}%`}
            y="14.5"
            text-anchor="middle"
            font-size="12"
            font-weight="700"
            fill="var(--paper)"
          >
            {name}
          </text>
        ))}
    </>
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
