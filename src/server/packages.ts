import type { fastify } from "fastify";
import { LatchworkError } from "../task/index.ts";
import type { PromClient } from "./metrics.ts";

/** What only a server needs. */
export interface Packages {
  readonly fastify: typeof fastify;
  readonly prom: PromClient;
}

/**
 * Loads the packages that only a server needs, and that are installed only by those who want one.
 *
 * @throws LatchworkError NEEDS_PACKAGE if one is not installed.
 */
export async function loadPackages(): Promise<Packages> {
  try {
    const [http, prom] = await Promise.all([import("fastify"), import("prom-client")]);
    return { fastify: http.fastify, prom };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    const message = "the server needs two more packages: npm install fastify@5 prom-client@15";
    throw new LatchworkError("NEEDS_PACKAGE", message);
  }
}
