import { mergeConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** `npm run test:campaigns`: the tests of `npm test`, each at its full budget. */
export default mergeConfig(config, {
  test: { env: { LATCHWORK_CAMPAIGN: "1" }, testTimeout: 600_000 },
});
