/**
 * The verb `lab`: serves the built page of the lab, and the docs site where that is built too, to
 * the browsers of this machine.
 *
 * Invariants:
 * 1. Only files that were there at the start are served, by a table: no path of a request reaches
 *    the file system.
 * 2. Only this machine reaches the server, and no name that leads to it by a trick (`LocalHosts`).
 * 3. The server knows no scenario: what is to be shown stands behind the address's `#`, which a
 *    browser does not send.
 *
 * Left out: building the page. `npm run build:lab` does, and the package has it.
 */
export { addLab } from "./lab.ts";
