/**
 * What stands around the drawing: the time line with its buttons, the verdict, the panels with
 * their tabs, keys and help.
 *
 * Invariants:
 * 1. What a key does, a button does too.
 * 2. The step that is shown is said in words, and a screen reader hears it.
 *
 * Left out: what the panels hold.
 */
export { Help } from "./help.tsx";
export { askForHint, HintButton } from "./hint-button.tsx";
export { carryOutKey, isForTheLab, KEYS } from "./keys.ts";
export { QuickSteps } from "./quick-steps.tsx";
export { type PanelProps, type Tab, Tabs } from "./tabs.tsx";
export { keepTheme, themeButton } from "./theme.tsx";
export { TimeLine } from "./time-line.tsx";
export { Verdict } from "./verdict.tsx";
