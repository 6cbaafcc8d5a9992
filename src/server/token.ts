import { createHash, timingSafeEqual } from "node:crypto";
import { LatchworkError } from "../task/index.ts";

const SCHEME = "Bearer ";

/** What RFC 6750 allows in a bearer token. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** Compares what requests bring with the one token that is right, in constant time. */
export class Token {
  readonly #digest: Buffer;

  /** @throws LatchworkError BAD_ARGUMENT for a text that no request could bring. */
  constructor(text: string) {
    if (!TOKEN.test(text)) {
      const message = "a token is one line of letters, digits and - . _ ~ + /, and is not empty";
      throw new LatchworkError("BAD_ARGUMENT", message);
    }
    this.#digest = digestOf(text);
  }

  /** Whether a header `Authorization` brings the token. */
  admits(header: string | undefined): boolean {
    // The scheme is no secret, and its letters may be small.
    const scheme = header?.slice(0, SCHEME.length).toLowerCase();
    if (header === undefined || scheme !== SCHEME.toLowerCase()) return false;
    // Digests have one length, so that nothing of the token's own shows.
    return timingSafeEqual(this.#digest, digestOf(header.slice(SCHEME.length)));
  }
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
