/**
 * The address of the lab: what is shown is in its fragment, and what its fragment names is shown.
 *
 * Invariants:
 * 1. A reload, and whoever is sent the address, shows the same moment.
 * 2. A fragment that cannot be read changes nothing, and its fault is shown in one line.
 * 3. Code that comes with a link is not run before the reader says so.
 *
 * Left out: how a state is written, which is the room share's.
 */
export { type Addressed, keepAddress, linkTo, openAddress, sharedState } from "./address.ts";
export { SharePanel } from "./share-panel.tsx";
