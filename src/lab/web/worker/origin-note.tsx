import type { JSX } from "preact";
import { workers } from "./workers.ts";

/** Says beside a verdict whose word it is, where it is not that of the house. */
export function OriginNote({ origin }: { readonly origin: number | null }): JSX.Element | null {
  if (origin === null) return null;
  return (
    <p data-testid="origin">
      {workers.isInUse(origin)
        ? "So says the worker of your own code. The judge runs beside that code, which could " +
          "mislead it."
        : "This is of code of your own that is not used any more."}
    </p>
  );
}
