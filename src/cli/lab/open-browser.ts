import { spawn } from "node:child_process";

/** What opens an address in the browser that somebody has chosen, on each system. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  // `start` is known to the shell only, and a shell would obey some characters of an address.
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};
const OPENER_USUAL = ["xdg-open"] as const;

/**
 * Opens an address in the browser.
 *
 * @param failed Told in a few words why that could not be; never, if it could.
 */
export function openBrowser(address: string, failed: (why: string) => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? OPENER_USUAL;
  const child = spawn(command, [...args, address], { stdio: "ignore", detached: true });
  child.once("error", ({ code, message }: NodeJS.ErrnoException) => {
    failed(code === "ENOENT" ? `there is no ${command}` : message);
  });
  child.once("exit", (code) => {
    if (code !== null && code !== 0) failed(`${command} ended with ${code}`);
  });
  // The browser outlives us.
  child.unref();
}
