import { escapeMarkup, scriptJson } from "../../task/index.ts";
import type { Sentence } from "../explain/index.ts";
import type { History } from "../history.ts";
import type { Model } from "../models/index.ts";
import type { Verdict } from "../verdict.ts";
import { VERDICT_WORDS } from "../verdict-text.ts";
import { buildData, type PictureOptions } from "./build-data.ts";
import { pageScript } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { PictureData } from "./picture-data.ts";

/**
 * Draws a history as one HTML file that needs nothing else: no network, no other file.
 *
 * It shows a row for each client, the moment at which each operation takes effect and the states;
 * if the history is not linearizable, also how far it can be explained and what cannot be. The same
 * input gives the same bytes. About 80 bytes an operation and 80 kB for the viewer.
 *
 * @param verdict What `checkHistory` found of this history with this model.
 * @throws LatchworkError BAD_HISTORY if the model cannot read an operation.
 */
export function pictureHtml(
  history: History,
  model: Model,
  verdict: Verdict,
  options: PictureOptions = {},
): string {
  return pageOf(buildData(history, model, verdict, options));
}

function pageOf(data: PictureData): string {
  const title = escapeMarkup(data.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}: ${VERDICT_WORDS[data.kind]}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1><bdi>${title}</bdi></h1>
<span id="verdict" class="badge ${data.kind}">${SIGNS[data.kind]} ${VERDICT_WORDS[data.kind]}</span>
<span class="muted">as <bdi>${escapeMarkup(data.model)}</bdi></span>
<p id="headline"><bdi>${escapeMarkup(data.headline)}</bdi></p>
</header>
${TOOLS}
<main>
<div id="picture-side">
<div id="scroller" tabindex="0" role="application" aria-label="The history as rows of bars. \
Arrow keys step from operation to operation, question mark lists all keys." \
aria-describedby="status"><div id="spacer"><canvas id="picture"></canvas></div></div>
<canvas id="overview" aria-hidden="true"></canvas>
<div id="tip" hidden></div>
</div>
<aside aria-label="About the history">
${whyOf(data)}
<h2>Operation</h2>
<section id="details" aria-live="polite"></section>
<h2 id="view-title">In view</h2>
<p id="status" class="muted" role="status"></p>
<ul id="view-list" aria-labelledby="view-title"></ul>
</aside>
</main>
${legendOf(data)}
${HELP}
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>
${pageScript()}
</script>
</body>
</html>
`;
}

const SIGNS = { linearizable: "✓", "not-linearizable": "✗", unknown: "?" } as const;

const TOOLS = `<nav aria-label="Tools">
<span role="group" aria-label="Axis"><button id="by-order" aria-pressed="true">by order</button>\
<button id="by-time" aria-pressed="false">by time</button></span>
<span role="group" aria-label="Zoom"><button id="zoom-out" aria-label="Zoom out">−</button>\
<button id="fit">fit</button><button id="zoom-in" aria-label="Zoom in">+</button></span>
<span><button id="jump">go to the error</button>\
<button id="core-only" aria-pressed="false">core only</button>\
<button id="pack" aria-pressed="false">pack rows</button></span>
<label>client <input id="clients" list="client-names" placeholder="all" spellcheck="false"></label>
<span id="clients-note" class="note" role="status"></span>
<label>key <input id="keys" list="key-names" placeholder="all" spellcheck="false"></label>
<span id="keys-note" class="note" role="status"></span>
<label>find <input id="search" type="search" placeholder="put x 3" spellcheck="false"></label>
<span id="found" class="muted" role="status"></span>
<button id="help-open" aria-label="Keys and signs">?</button>
<datalist id="client-names"></datalist><datalist id="key-names"></datalist>
</nav>`;

/** A sentence; those of a case are set in. */
function item({ depth, text }: Sentence): string {
  const name = depth > 0 ? ` class="case" style="--depth:${depth}"` : "";
  return `<li${name}><bdi>${escapeMarkup(text)}</bdi></li>`;
}

const plain = (text: string): Sentence => ({ depth: 0, text });

function listOf(id: string, title: string, sentences: readonly Sentence[]): string {
  if (sentences.length === 0) return "";
  return `<h2>${title}</h2>\n<ol id="${id}">\n${sentences.map(item).join("\n")}\n</ol>`;
}

function whyOf({ kind, sentences, notes, core }: PictureData): string {
  const unknown =
    "The check ended before there was an answer. This says nothing about the history.";
  const what =
    core.length === 1
      ? "an operation that cannot be explained"
      : `${core.length} operations that cannot all be explained`;
  const isHidden = core.length === 0 ? " hidden" : "";
  return `${listOf("why", "Why not", sentences)}
${listOf("end", "Where the order ends", notes.map(plain))}
${kind === "unknown" ? listOf("why", "Why no verdict", [plain(unknown)]) : ""}
<section${isHidden}>
<h2>Core: ${what}</h2>
<p class="muted">Whatever became of the others: each may have happened at any moment between its two
events, or not, and what it answered is not looked at.</p>
<ul id="core-list"></ul>
</section>`;
}

const sign = (drawing: string): string =>
  `<svg viewBox="0 0 32 16" aria-hidden="true">${drawing}</svg>`;

const box = (name: string, more = ""): string =>
  `<rect x="1" y="2" width="30" height="12" style="fill:var(--${name});` +
  `stroke:var(--${name}-edge)" ${more}/>`;

/** Every sign that occurs in this picture. */
function legendOf({ outcomes, order, core, stuck, crashes }: PictureData): string {
  const has = new Set(outcomes);
  const diamond =
    '<path d="M16 1v14M16 8l4 4-4 4-4-4z" style="stroke:var(--point);fill:var(--point)"/>';
  const open =
    '<path d="M31 2H1v12h30" stroke-dasharray="4 3" ' +
    'style="fill:var(--unsure);stroke:var(--unsure-edge)"/>';
  const hatch = '<path d="M4 14L16 2M14 14L26 2M24 14l7-7" style="stroke:var(--dead-edge)"/>';
  const corner = '<path d="M1 2h8l-8 8z" style="fill:var(--core-edge)"/>';
  const cross =
    '<path d="M11 3l10 10M21 3L11 13" style="stroke:var(--stuck-edge);stroke-width:2.5"/>';
  const crash =
    '<path d="M16 0v16" stroke-dasharray="5 2 1 2" ' +
    'style="stroke:var(--stuck-edge);stroke-width:2"/>';
  const signs: [boolean, string, string][] = [
    [order.length > 0, diamond, "takes effect; numbers give the order"],
    [has.has(0), box("bar"), "returned"],
    [has.has(1), box("dead") + hatch, "failed: did not happen"],
    [has.has(2), box("unsure", 'stroke-dasharray="4 3"'), "outcome unknown: may happen later"],
    [has.has(3), open, "never returned"],
    [core.length > 0, box("core", 'stroke-width="2"') + corner, "core"],
    [stuck >= 0, cross, "no order explains this answer"],
    [crashes.length > 0, crash, "crash"],
  ];
  const shown = signs.filter(([occurs]) => occurs);
  const spans = shown.map(([, drawing, text]) => `<span>${sign(drawing)}${text}</span>`);
  return `<footer id="legend">${spans.join("\n")}</footer>`;
}

const KEYS: readonly (readonly [string, string])[] = [
  ["← →", "operation before, after in the row"],
  ["↑ ↓", "operation of the row above, below"],
  [", .", "operation before, after in the order"],
  ["+ − 0", "zoom in, out, show all"],
  ["z", "zoom to the pinned operation"],
  ["e", "go to the error"],
  ["c", "core only"],
  ["o", "by order, by time"],
  ["p", "pack rows: several clients in one"],
  ["/", "find; Enter and n go on, N goes back"],
  ["Esc", "close, clear, unpin"],
  ["mouse", "wheel zooms, shift and wheel or drag pans, click pins; over the names, wheel scrolls"],
];

const HELP = `<section id="help" role="dialog" aria-label="Keys" hidden>
<h2>Keys</h2>
<dl>
${KEYS.map(([key, text]) => `<dt>${key}</dt><dd>${text}</dd>`).join("\n")}
</dl>
<p class="muted">Filters take names with commas between them. Operations on several keys are shown
with every key. A diamond stands at the earliest moment that the order allows.</p>
<button id="help-close">close</button>
</section>`;
