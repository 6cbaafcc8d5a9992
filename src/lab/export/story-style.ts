import { COLOURS, PALETTES, sceneCss, TASK_COLOURS, type Theme } from "../draw/index.ts";

/** Beside those of the drawings. */
const MORE: Readonly<Record<Theme, string>> = {
  light: "--good: #116329;",
  dark: "--good: #6fdd8b;",
};

function coloursIn(theme: Theme): string {
  const palette = PALETTES[theme];
  return `${COLOURS.map((name) => `--${name}: ${palette[name]};`).join(" ")} ${MORE[theme]}`;
}

const TASKS = Array.from(
  { length: TASK_COLOURS },
  (_, task) => `.t${task} { color: var(--task-${task}); }`,
);

/** The style sheet of a story's page: one step at a time on a screen, all of them on paper. */
export const STORY_STYLE: string = `
:root { color-scheme: light dark; ${coloursIn("light")} }
@media screen and (prefers-color-scheme: dark) { :root { ${coloursIn("dark")} } }
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 1400px; padding: 0 16px 32px; color: var(--ink);
  background: var(--paper);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
}
[hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h1 { margin: 18px 0 4px; font-size: 20px; line-height: 1.3; }
h2 { margin: 0 0 8px; font-size: 17px; line-height: 1.35; }
h1, h2, li, td, p { overflow-wrap: anywhere; }
p { margin: 4px 0; }
a { color: var(--accent); }
.badge { padding: 1px 9px; border: 2px solid; border-radius: 4px; font-weight: 600; }
.badge.bad { color: var(--bad); }
.badge.good { color: var(--good); }
.badge.open { color: var(--warn); border-style: dashed; }
.soft { color: var(--ink-soft); }
.task { font-weight: 700; }
${TASKS.join("\n")}
${sceneCss((name) => `var(--${name})`)}
.parts { position: absolute; }
#tools {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 6px 12px;
  align-items: center; margin: 10px -16px; padding: 8px 16px; background: var(--panel);
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line);
}
#tools .group { display: inline-flex; flex-wrap: wrap; gap: 4px; }
#tools input { flex: 1; min-width: 8em; accent-color: var(--accent); }
#tools p { margin: 0; }
#where { flex-basis: 100%; order: 1; min-height: 1.5em; }
.keys { order: 2; color: var(--ink-soft); font-size: 13px; }
button {
  min-height: 34px; min-width: 34px; padding: 2px 10px; font: inherit; color: var(--ink);
  background: var(--paper); border: 1px solid var(--line); border-radius: 5px; cursor: pointer;
}
button:hover:not(:disabled) { border-color: var(--accent); }
button:disabled { color: var(--ink-soft); cursor: default; opacity: 0.6; }
button[aria-pressed="true"] { outline: 2px solid var(--accent); outline-offset: -3px; }
kbd { padding: 0 4px; border: 1px solid var(--line); border-radius: 3px; font: inherit; }
.columns { display: grid; grid-template-columns: 290px minmax(0, 1fr); gap: 20px; }
#list { position: sticky; top: 110px; align-self: start; max-height: 75vh; overflow-y: auto; }
#list ol { margin: 0; padding-left: 2.4em; font-size: 13px; color: var(--ink-soft); }
#list a { display: block; padding: 1px 4px; color: var(--ink); text-decoration: none; }
#list a:hover { text-decoration: underline; }
#list li:not(.plain)::marker { color: var(--ink); font-weight: 700; }
#list a[aria-current] { outline: 2px solid var(--accent); outline-offset: -2px; }
summary { cursor: pointer; color: var(--ink-soft); font-size: 13px; }
article { margin: 0 0 22px; padding-top: 8px; scroll-margin-top: 120px; }
article + article { border-top: 1px solid var(--line); }
.number {
  display: inline-block; min-width: 1.8em; padding: 0 6px; margin-right: 4px; text-align: center;
  border: 1px solid var(--line); border-radius: 4px; font-size: 14px; background: var(--panel);
}
.stepping article { display: none; border: 0; }
.stepping article.shown { display: block; }
.stepping article summary, .stepping .gap { display: none; }
figure { margin: 8px 0; overflow-x: auto; }
figure svg { display: block; max-width: 100%; height: auto; }
.events { margin: 6px 0; padding-left: 1.3em; }
.events .split, .events .merge, .events .root, .events .waits, .events .refused, .events .crash,
.events .fault { font-weight: 600; }
table { width: 100%; margin: 8px 0; border-collapse: collapse; }
caption { padding-bottom: 3px; text-align: left; color: var(--ink-soft); font-size: 13px; }
th, td { padding: 3px 10px 3px 0; text-align: left; vertical-align: top; }
thead th { color: var(--ink-soft); font-weight: 500; font-size: 13px; }
tbody tr { border-top: 1px solid var(--line); }
.runs { font-weight: 600; }
.gap { padding: 8px; border: 1px dashed var(--line); color: var(--ink-soft); }
#why { margin-top: 22px; padding: 2px 14px 12px; border-left: 4px solid var(--bad);
  background: var(--panel); }
#why li { white-space: pre-wrap; }
#why h2, #text h2 { margin-top: 14px; }
pre {
  overflow-x: auto; padding: 12px; border: 1px solid var(--line); background: var(--panel);
  font: 12.5px/1.45 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace;
}
@media screen and (max-width: 800px) {
  .columns { display: flex; flex-direction: column; }
  #list { position: static; order: 1; max-height: none; }
  #tools button { min-height: 30px; padding: 1px 7px; font-size: 14px; }
  .keys { display: none; }
  thead { display: none; }
  tbody tr, tbody th, tbody td { display: block; }
  tbody tr { padding: 6px 0; }
  td { padding: 0; }
  td::before { content: attr(data-of) ": "; color: var(--ink-soft); font-size: 13px; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  #tools, #list, summary { display: none !important; }
  .columns { display: block; }
  .stepping article, article { display: block; break-inside: avoid; border-top: 1px solid #999; }
  .stepping .gap { display: block; }
  .plain details { display: none; }
  .plain h2 { font-weight: 400; font-size: 11pt; margin: 0; }
  article.plain { margin: 0; }
  figure svg { max-height: 9cm; }
  pre { white-space: pre-wrap; border: 0; padding: 0; background: none; font-size: 8.5pt; }
}
`;
