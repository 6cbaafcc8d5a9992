/** The colours that a drawing uses, by name. */
export const COLOURS = [
  "ink",
  "ink-soft",
  "paper",
  "panel",
  "line",
  "accent",
  "warn",
  "bad",
  "task-0",
  "task-1",
  "task-2",
  "task-3",
  "task-4",
  "task-5",
] as const;
export type Colour = (typeof COLOURS)[number];

export type Theme = "light" | "dark";
export type Palette = Readonly<Record<Colour, string>>;

/**
 * The colours of both themes. Tasks have those of Okabe and Ito ("Color Universal Design", 2008),
 * made darker or lighter until they stand out from the paper; the page's style sheet has the same.
 */
export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ink: "#1b1f24",
    "ink-soft": "#57606a",
    paper: "#ffffff",
    panel: "#f5f7f9",
    line: "#c9d1d9",
    accent: "#0b5cad",
    warn: "#7a4a00",
    bad: "#b3261e",
    "task-0": "#0072b2",
    "task-1": "#b34700",
    "task-2": "#00735c",
    "task-3": "#8f3f71",
    "task-4": "#6b5d00",
    "task-5": "#3c5a8a",
  },
  dark: {
    ink: "#e6edf3",
    "ink-soft": "#a3adb8",
    paper: "#0d1117",
    panel: "#161b22",
    line: "#3d4752",
    accent: "#79b8ff",
    warn: "#f0b95b",
    bad: "#ff8f87",
    "task-0": "#56b4e9",
    "task-1": "#ff9a56",
    "task-2": "#3fd2a8",
    "task-3": "#e39ac6",
    "task-4": "#f0e442",
    "task-5": "#a9c1f5",
  },
};

/** How many tasks have a colour of their own; the letter tells all of them apart. */
export const TASK_COLOURS = 6;

/** The colour of a task. */
export function taskColour(task: number): Colour {
  return COLOURS[COLOURS.indexOf("task-0") + (task % TASK_COLOURS)] ?? "ink";
}
