/** Names of colours, each with its light and its dark form. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ["#ffffff", "#14181f"],
  panel: ["#f6f7f9", "#1b212b"],
  ink: ["#1b2230", "#e6eaf1"],
  muted: ["#5b6575", "#9aa5b5"],
  rule: ["#dde1e8", "#2d3541"],
  bar: ["#e3ebf6", "#27364c"],
  "bar-edge": ["#6a86ad", "#7d9cc8"],
  dead: ["#f0f0f1", "#24272c"],
  "dead-edge": ["#8b8f96", "#81868e"],
  unsure: ["#f7f1df", "#363020"],
  "unsure-edge": ["#8f7a3c", "#c2a95e"],
  core: ["#fde6c4", "#4a3416"],
  "core-edge": ["#a8560b", "#f0a04b"],
  stuck: ["#fbdcd9", "#4c2220"],
  "stuck-edge": ["#b3261e", "#ff8a80"],
  point: ["#20406b", "#a9c7f2"],
  focus: ["#1a5fd0", "#6ea8ff"],
  match: ["#0b7a75", "#4fc8c2"],
};

/** The colours as custom properties of a page, in both schemes. */
export function paletteProperties(): string {
  const dark = `@media (prefers-color-scheme: dark) { :root { ${propertiesIn(1)} } }`;
  return `:root { color-scheme: light dark; ${propertiesIn(0)} }\n${dark}`;
}

function propertiesIn(scheme: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, forms]) => `--${name}: ${forms[scheme]};`)
    .join(" ");
}

/**
 * Style rules in which `var(--name)` is replaced by the colour, first for a light and then for a
 * dark scheme: programs that print an SVG seldom know custom properties.
 */
export function plainRules(rules: string): string {
  const inScheme = (scheme: 0 | 1): string =>
    rules.replace(/var\(--([a-z-]+)\)/g, (_, name: string) => COLOURS[name]?.[scheme] ?? "#000");
  return `${inScheme(0)}@media (prefers-color-scheme: dark) {${inScheme(1)}}`;
}
