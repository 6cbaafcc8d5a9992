import { numberText } from "../scenario/index.ts";

const KEY = /\bkey 0x((?:[0-9a-f]{2}){0,4})\b/g;
const LOG_FILE = /\blog-0*(?=[0-9a-f])/g;

/**
 * What an error of the engine says, with keys and log files as stories call them: `key 10` for
 * `key 0x0000000a`, and `log-59` without the zeros in front.
 *
 * For the texts of errors only, which is all that is known of them: it decides nothing.
 */
export function errorText(message: string): string {
  return message.replaceAll(LOG_FILE, "log-").replaceAll(KEY, (_, digits: string) => {
    const bytes = digits.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
    return `key ${numberText(Uint8Array.from(bytes))}`;
  });
}
