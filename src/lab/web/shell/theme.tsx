import { signal } from "@preact/signals";
import type { JSX } from "preact";

const THEMES = ["as the system", "light", "dark"] as const;
const chosen = signal(0);

/** The button that goes from one theme to the next. */
export function themeButton(): JSX.Element {
  const theme = THEMES[chosen.value] ?? "as the system";
  return (
    <button
      type="button"
      onClick={() => {
        chosen.value = (chosen.value + 1) % THEMES.length;
        const next = THEMES[chosen.value] ?? "as the system";
        if (next === "as the system") delete document.documentElement.dataset["theme"];
        else document.documentElement.dataset["theme"] = next;
      }}
    >
      Theme: {theme}
    </button>
  );
}
