import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Properties draw the same cases in every `npm test`.
    setupFiles: ["test/properties-seed.ts"],
    testTimeout: 60_000,
    pool: "threads",
    // Left to itself the runner keeps one core free, which on two cores doubles the time.
    maxWorkers: 2,
    // Files share their thread: to start one for each, and to load and warm up the compiled code in
    // it, takes longer than most files do. So a file leaves nothing behind in its process.
    isolate: false,
    // Tests run against the compiled code, natively imported: it is what is published, and the
    // test runner's own module loader makes every imported name several times slower to use.
    alias: [{ find: /^((?:\.\.\/)+)src\/(.*)\.ts$/, replacement: "$1dist/$2.js" }],
    server: { deps: { external: [/\/dist\//] } },
  },
});
