import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";

const THEMES = ["as the system", "light", "dark"] as const;
const STORED_AS = "latchwork-lab-theme";
const chosen = signal<(typeof THEMES)[number]>("as the system");

/** Shows the page in the theme that was chosen last, and in each that is chosen from now on. */
export function keepTheme(): void {
  chosen.value = stored();
  effect(() => {
    const { dataset } = document.documentElement;
    if (chosen.value === "as the system") delete dataset["theme"];
    else dataset["theme"] = chosen.value;
  });
}

/** The button that goes from one theme to the next. */
export function themeButton(): JSX.Element {
  return (
    <button
      type="button"
      onClick={() => {
        const next = THEMES[(THEMES.indexOf(chosen.value) + 1) % THEMES.length];
        chosen.value = next ?? "as the system";
        store(chosen.value);
      }}
    >
      Theme: {chosen.value}
    </button>
  );
}

function stored(): (typeof THEMES)[number] {
  try {
    const name = localStorage.getItem(STORED_AS);
    return THEMES.find((theme) => theme === name) ?? "as the system";
  } catch {
    return "as the system";
  }
}

function store(theme: string): void {
  try {
    localStorage.setItem(STORED_AS, theme);
  } catch {
    // From a file or in a frame the page may keep nothing: the theme lasts as long as the page.
  }
}
