import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { labFrame } from "./lab-frame.ts";
import { unlinkOutside } from "./outside-links.ts";
import { chaptersOf, groupsOf } from "./pages.ts";

const root = new URL("../../", import.meta.url);
const docs = new URL("docs/", root);
const path = (name: string): string => fileURLToPath(new URL(name, root));

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Crect x='1' y='6' width='14' height='9' rx='2' fill='%230072b2'/%3E" +
  "%3Cpath d='M4 6V5a4 4 0 0 1 8 0v1' fill='none' stroke='%230072b2' stroke-width='2'/%3E%3C/svg%3E";

/** Blocks in languages that nobody has colours for. */
const PLAIN = /^(?:scenario|hex|edn)\b/;

/** As GitHub does, so that a link to a heading works in both places. */
function slugify(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

/**
 * The site: docs/ as it is, with its moments of the lab in frames. It needs no network: fonts are
 * those of the system, and the search is in the pages. A dead link fails the build.
 */
export default defineConfig({
  title: "Latchwork",
  description: "A B+ tree whose latches one can watch, and everything around it",
  lang: "en",
  srcDir: path("docs"),
  outDir: path("dist/site"),
  cacheDir: path("site/node_modules/.vitepress"),
  head: [["link", { rel: "icon", href: ICON }]],
  appearance: true,
  markdown: {
    anchor: { slugify },
    config(md) {
      md.core.ruler.push("outside-links", ({ tokens, env }) => {
        unlinkOutside(tokens, String(env.relativePath));
      });
      const usual = md.renderer.rules.fence;
      const inline = (text: string): string => md.renderInline(text);
      const escaped = (text: string): string => md.utils.escapeHtml(text);
      md.renderer.rules.fence = (tokens, at, ...rest) => {
        const token = tokens[at];
        if (token?.info === "lab") return labFrame(token.content, { inline, escaped });
        if (token !== undefined && PLAIN.test(token.info)) token.info = "txt";
        return usual?.(tokens, at, ...rest) ?? "";
      };
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Book", link: "/book/", activeMatch: "^/book/" },
      { text: "Reference", link: "/" },
      { text: "Lab", link: "/lab/", target: "_self" },
    ],
    sidebar: {
      "/book/": [{ text: "The book", link: "/book/", items: chaptersOf(docs) }],
      "/": groupsOf(docs).map(({ text, items }) => ({ text, items: [...items] })),
    },
  },
  vite: {
    plugins: [
      {
        // Pages stand beside this folder, and what they are compiled to imports from it.
        name: "vue-of-this-folder",
        enforce: "pre",
        resolveId(id, importer = "", { ssr = false }) {
          if (!/^vue(?:\/|$)/.test(id)) return null;
          if (ssr) return { id, external: true };
          if (!importer.startsWith(path("docs"))) return null;
          return this.resolve(id, path("site/package.json"), { skipSelf: true });
        },
      },
    ],
  },
  buildEnd() {
    mkdirSync(path("dist/site/lab"), { recursive: true });
    copyFileSync(path("dist/lab/web/index.html"), path("dist/site/lab/index.html"));
  },
});
