import { paletteProperties } from "./palette.ts";

/** The page's style sheet: calm, and legible in a light and in a dark scheme. */
export const PAGE_STYLE: string = `${paletteProperties()}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex; flex-direction: column; background: var(--paper); color: var(--ink);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif;
}
[hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
header { padding: 12px 16px 8px; }
h1 { display: inline; margin: 0 10px 0 0; font-size: 17px; font-weight: 600; }
h2 { margin: 16px 0 4px; font-size: 13px; font-weight: 600; color: var(--muted); }
h3 { margin: 0 0 6px; font: 600 13px/1.4 ui-monospace, Menlo, Consolas, monospace; }
h4 { margin: 10px 0 2px; font-size: 12px; font-weight: 600; color: var(--muted); }
h3, dd, li, p, h1 { overflow-wrap: anywhere; }
p { margin: 4px 0; }
bdi, button.op, dd { unicode-bidi: isolate; }
.muted { color: var(--muted); }
.badge {
  display: inline-block; padding: 1px 9px; border: 1.5px solid var(--bar-edge); border-radius: 4px;
  font-weight: 600; white-space: nowrap;
}
.badge.not-linearizable { border-color: var(--stuck-edge); color: var(--stuck-edge); }
.badge.unknown { border-style: dashed; border-color: var(--unsure-edge); }
nav {
  display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; padding: 6px 16px;
  border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule);
  background: var(--panel);
}
nav > span { display: inline-flex; gap: 4px; align-items: center; }
nav label { display: inline-flex; gap: 5px; align-items: center; color: var(--muted); }
nav .note:empty, #found:empty { display: none; }
nav .note { color: var(--stuck-edge); font-size: 12px; }
button, input {
  font: inherit; font-size: 13px; color: var(--ink); background: var(--paper);
  border: 1px solid var(--rule); border-radius: 4px; padding: 2px 9px;
}
input { width: 8em; }
#search { width: 11em; }
button { cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--bar-edge); }
button:disabled { opacity: 0.45; cursor: default; }
button[aria-pressed="true"] { background: var(--bar); border-color: var(--bar-edge); }
button.op {
  display: block; width: 100%; border: 0; padding: 1px 4px; text-align: left; background: none;
  font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace;
}
button.op:hover, button.op[aria-current] { background: var(--bar); }
main { flex: 1; display: flex; min-height: 0; }
#picture-side { position: relative; flex: 1; min-width: 0; display: flex; flex-direction: column; }
#scroller { flex: 1; min-height: 0; overflow: hidden auto; scrollbar-gutter: stable; }
#scroller:focus-visible { outline-offset: -2px; }
#spacer { min-height: 100%; }
#picture { position: sticky; top: 0; display: block; touch-action: pan-y; }
#overview {
  display: block; border-top: 1px solid var(--rule); cursor: pointer; touch-action: none;
}
#legend {
  display: flex; flex-wrap: wrap; gap: 2px 18px; padding: 5px 16px;
  border-top: 1px solid var(--rule); font-size: 12px; color: var(--muted);
}
#legend span { display: inline-flex; gap: 6px; align-items: center; white-space: nowrap; }
#legend svg { width: 32px; height: 16px; flex: none; }
#tip {
  position: absolute; z-index: 2; max-width: 320px; padding: 4px 8px; pointer-events: none;
  border: 1px solid var(--bar-edge); border-radius: 4px; background: var(--paper);
  font: 12px/1.45 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere;
}
aside {
  width: 350px; flex: none; overflow-y: auto; padding: 0 16px 16px;
  border-left: 1px solid var(--rule); background: var(--panel);
}
aside ul, aside ol { margin: 0; padding: 0; list-style: none; }
aside ol { padding-left: 18px; list-style: decimal; }
aside ol li { margin: 3px 0; }
li.case { margin-left: calc(var(--depth) * 14px) !important; }
dl { display: grid; grid-template-columns: 8.5em 1fr; gap: 2px 8px; margin: 0; font-size: 13px; }
dt { color: var(--muted); }
dd { margin: 0; font: 12px/1.6 ui-monospace, Menlo, Consolas, monospace; }
#help {
  position: fixed; inset: 8% auto auto 50%; transform: translateX(-50%); z-index: 3;
  max-width: 560px; width: 92%; max-height: 84%; overflow-y: auto; padding: 14px 20px;
  border: 1px solid var(--bar-edge); border-radius: 6px; background: var(--paper);
}
#help dl { grid-template-columns: 6em 1fr; }
#help dt { color: var(--ink); font: 12px/1.8 ui-monospace, Menlo, Consolas, monospace; }
#help dd { font: inherit; }
#help h2 { margin-top: 0; }
@media (max-width: 860px) {
  main { flex-direction: column; overflow-y: auto; }
  #picture-side { flex: none; height: 62vh; }
  aside { width: auto; border-left: 0; border-top: 1px solid var(--rule); overflow: visible; }
}
@media print { nav, #overview, #tip { display: none; } }
`;
