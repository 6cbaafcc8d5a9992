import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    pool: "threads",
    // Tests run against the compiled code, natively imported: it is what is published, and the
    // test runner's own module loader makes every imported name several times slower to use.
    alias: [{ find: /^((?:\.\.\/)+)src\/(.*)\.ts$/, replacement: "$1dist/$2.js" }],
    server: { deps: { external: [/\/dist\//] } },
  },
});
