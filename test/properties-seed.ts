import { configureGlobal } from "fast-check";
import { IS_CAMPAIGN } from "./campaign.js";

/**
 * The seed of every property in `npm test`, so that one commit passes or fails every time. The
 * campaigns draw a new one in every run; fast-check prints it with what it finds.
 */
if (!IS_CAMPAIGN) configureGlobal({ seed: 1 });
