import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const { version } = JSON.parse(readFileSync(here("./package.json"), "utf8")) as {
  readonly version: string;
};

/**
 * Builds the lab as one file, dist/lab/web/index.html: script and style are in the page. So it
 * opens from a folder as well as from a server, and its own script is there to start workers with,
 * which a browser does not load from a file.
 */
export default defineConfig({
  root: here("./src/lab/web"),
  publicDir: false,
  // Where stack traces look for the package's own files: see NAME.
  define: {
    "import.meta.url": JSON.stringify("file:///latchwork/dist/sim/code-places.js"),
    LATCHWORK_VERSION: JSON.stringify(version),
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: here("./dist/lab/web"),
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: here("./src/lab/web/main.tsx"),
      output: { format: "iife", entryFileNames: "lab.js", assetFileNames: "lab[extname]" },
    },
  },
  plugins: [onePage()],
});

/**
 * What stack traces call the script, wherever it runs: a file of this package, whose lines they
 * leave out, so that what is told of a run is the same in a page, in a worker and in Node.
 */
const NAME = "//# sourceURL=file:///latchwork/dist/lab/page.js\n";

function onePage(): Plugin {
  return {
    name: "one-page",
    enforce: "post",
    generateBundle(_, bundle): void {
      let script = "";
      let style = "";
      for (const [name, part] of Object.entries(bundle)) {
        if (part.type === "chunk") script += part.code;
        else if (name.endsWith(".css")) style += String(part.source);
        Reflect.deleteProperty(bundle, name);
      }
      const page = readFileSync(here("./src/lab/web/page.html"), "utf8")
        .replace("/*STYLE*/", () => style)
        .replace("/*SCRIPT*/", () => inScriptTag(script) + NAME);
      this.emitFile({ type: "asset", fileName: "index.html", source: page });
    },
  };
}

/** Script that ends no script tag and begins no comment in one; they only stand in its strings. */
function inScriptTag(script: string): string {
  return script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}
