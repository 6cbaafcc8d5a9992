// Requests that are nearly right, drawn from a seed: what `npm run fuzz:http` sends.

const TABLES = ["orders", "users", "events"];
const NAMES = 40;
const LONGEST_TEXT = 100_000;
/** More than headers may have in all. */
const BIG_HEADER = 40_000;
const MANY_HEADERS = 1_500;
const DEEP_JSON = 20_000;

const pick = (prng, list) => list[prng.below(list.length)];
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));

/** Bytes as one character each. */
function noise(prng, length) {
  return times(length, () => String.fromCharCode(prng.below(256))).join("");
}

function key(prng) {
  const plain = `fuzz-${prng.below(NAMES)}`;
  return pick(prng, [plain, plain, encodeURIComponent(plain), `${plain}%00%ff%2F`, "%25", ""]);
}

function batchText(prng) {
  const write = () => {
    const name = `fuzz-${prng.below(NAMES)}`;
    return prng.below(4) === 0 ? { op: "del", key: name } : { op: "put", key: name, value: "v" };
  };
  return JSON.stringify(times(1 + prng.below(5), write));
}

const ROUTES = [
  (prng, table) => ({ method: "GET", target: `/tables/${table}/keys/${key(prng)}` }),
  (prng, table) => ({ method: "HEAD", target: `/tables/${table}/keys/${key(prng)}` }),
  (prng, table) => ({
    method: "PUT",
    target: `/tables/${table}/keys/${key(prng)}`,
    body: noise(prng, prng.below(200)),
  }),
  (prng, table) => ({
    method: "PUT",
    target: `/tables/${table}/keys/${key(prng)}`,
    headers: [["If-None-Match", "*"]],
    body: "inserted",
  }),
  (prng, table) => ({ method: "DELETE", target: `/tables/${table}/keys/${key(prng)}` }),
  (prng, table) => ({
    method: "POST",
    target: `/tables/${table}/batch`,
    headers: [["Content-Type", "application/json"]],
    body: batchText(prng),
  }),
  (prng, table) => ({
    method: "GET",
    target: `/tables/${table}/keys?start=fuzz&end=fv&limit=${prng.below(50)}`,
  }),
  (prng, table) => ({ method: "GET", target: `/tables/${table}/keys?reverse=true&end=z` }),
  (prng) => ({
    method: "GET",
    target: pick(prng, ["/tables", "/stats", "/metrics", "/health", "/openapi.json", "/", "/x"]),
  }),
];

/** A right request: a method, a target, a version, headers, and perhaps a body. */
function rightRequest(prng) {
  const made = pick(prng, ROUTES)(prng, pick(prng, TABLES));
  const headers = [["Host", "127.0.0.1"], ...(made.headers ?? [])];
  const isChunked = made.body !== undefined && prng.below(4) === 0;
  if (isChunked) headers.push(["Transfer-Encoding", "chunked"]);
  else if (made.body !== undefined) headers.push(["Content-Length", String(made.body.length)]);
  return { version: "HTTP/1.1", body: "", ...made, headers, isChunked, isWhole: true };
}

/** Sets a header, or takes it away. */
function withHeader(request, name, value) {
  const rest = request.headers.filter(([own]) => own.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: value === null ? rest : [...rest, [name, value]] };
}

const brokenFraming = (request) => ({ ...request, isWhole: false });

/** What is done to a request before it is bytes. Some leave it whole: it has to be answered. */
const MUTATIONS = {
  method: (r, prng) =>
    brokenFraming({
      ...r,
      method: pick(prng, ["get", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PURGE", "G T", "", "\0"]),
    }),
  longMethod: (r) => brokenFraming({ ...r, method: "M".repeat(BIG_HEADER) }),
  percent: (r, prng) => ({
    ...r,
    target: r.target + pick(prng, ["%", "%z", "%zz", "%f", "%%", "%00", "%c3%28", "%ED%A0%80"]),
  }),
  rawTarget: (r, prng) =>
    brokenFraming({ ...r, target: r.target + noise(prng, 1 + prng.below(8)) }),
  otherTarget: (r, prng) =>
    brokenFraming({
      ...r,
      target: pick(prng, [
        "*",
        "",
        "//",
        "/tables//keys/x",
        "/tables/orders/keys/../../etc",
        "http://127.0.0.1/tables/orders/keys/x",
        "http://[::1",
        "tables/orders",
        "/tables/orders/keys/a/b/c",
        "/tables/%6Frders/keys/x",
        "/tables/__proto__/keys/constructor",
        "/tables/nowhere/batch",
        "/tables/orders/batch?x=1",
        "/tables/orders/keys?limit=-1",
        "/tables/orders/keys?limit=99999999999999999999",
        "/tables/orders/keys?limit=0&limit=1",
        "/tables/orders/keys?start=%",
        "/tables/orders/keys?start=z&end=a&reverse=maybe",
        "/tables/orders/keys?encoding=utf16",
        "/tables/orders/keys#x",
      ]),
    }),
  longTarget: (r, prng) => ({ ...r, target: r.target + "a".repeat(prng.below(LONGEST_TEXT)) }),
  version: (r, prng) =>
    brokenFraming({
      ...r,
      version: pick(prng, ["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.1 ", "http/1.1", "X", ""]),
    }),
  noHost: (r) => withHeader(r, "Host", null),
  twoHosts: (r) => ({ ...r, headers: [...r.headers, ["Host", "other"]] }),
  bigHeader: (r, prng) => withHeader(r, "X-Big", "x".repeat(prng.below(2 * BIG_HEADER))),
  manyHeaders: (r, prng) => ({
    ...r,
    headers: [...r.headers, ...times(prng.below(MANY_HEADERS), (i) => [`X-${i}`, "y"])],
  }),
  badHeader: (r, prng) =>
    brokenFraming({
      ...r,
      headers: [
        ...r.headers,
        pick(prng, [
          ["X Y", "space in name"],
          ["", "no name"],
          ["X-Nul", "a\0b"],
          ["X-Cr", "a\rb"],
          ["X-Fold", "a\r\n folded"],
          ["X-Latin", "\xff\xfe"],
          [noise(prng, 5), noise(prng, 5)],
        ]),
      ],
    }),
  length: (r, prng) =>
    brokenFraming(
      withHeader(
        r,
        "Content-Length",
        pick(prng, [
          "-1",
          "abc",
          "1e3",
          "0x10",
          "+5",
          "5, 5",
          "",
          " ",
          "99999999999999999999",
          "1048577",
          String(r.body.length + 1 + prng.below(100)),
          String(Math.max(0, r.body.length - 1 - prng.below(5))),
        ]),
      ),
    ),
  twoLengths: (r) =>
    brokenFraming({
      ...r,
      headers: [...r.headers, ["Content-Length", "3"], ["Content-Length", "4"]],
    }),
  bothFramings: (r) =>
    brokenFraming({
      ...r,
      headers: [...r.headers, ["Content-Length", "4"], ["Transfer-Encoding", "chunked"]],
    }),
  coding: (r, prng) =>
    brokenFraming(
      withHeader(
        r,
        "Transfer-Encoding",
        pick(prng, ["gzip", "chunked, chunked", "identity", "xchunked", " chunked", "chunked;q=1"]),
      ),
    ),
  chunks: (r, prng) =>
    brokenFraming({
      ...withHeader(withHeader(r, "Content-Length", null), "Transfer-Encoding", "chunked"),
      rawBody: pick(prng, [
        "zz\r\nabc\r\n0\r\n\r\n",
        "-1\r\n\r\n",
        "ffffffffffffffffff\r\na",
        "3\r\nabcdef\r\n0\r\n\r\n",
        `3;${"e".repeat(prng.below(30_000))}=1\r\nabc\r\n0\r\n\r\n`,
        "3\nabc\n0\n\n",
        "0\r\nTrailer: x\r\n\r\n",
        `0\r\n${"X: y\r\n".repeat(prng.below(5_000))}\r\n`,
        "5\r\nab",
        "",
      ]),
    }),
  expect: (r, prng) => withHeader(r, "Expect", pick(prng, ["100-continue", "200-ok", ""])),
  connection: (r, prng) =>
    withHeader(r, "Connection", pick(prng, ["close", "keep-alive", "upgrade", "x, y", "close, x"])),
  upgrade: (r, prng) =>
    brokenFraming(
      withHeader(
        withHeader(r, "Connection", "Upgrade"),
        "Upgrade",
        pick(prng, ["websocket", "h2c", "HTTP/2.0", "\xff"]),
      ),
    ),
  condition: (r, prng) =>
    withHeader(
      r,
      pick(prng, ["If-None-Match", "If-Match", "If-Modified-Since", "Range"]),
      pick(prng, ["*", '"etag"', "", "W/", "bytes=0-1"]),
    ),
  contentType: (r, prng) =>
    withHeader(
      r,
      "Content-Type",
      pick(prng, ["text/plain", "application/json; charset=utf-16", ";", "application/x-ndjson"]),
    ),
  contentEncoding: (r, prng) =>
    withHeader(r, "Content-Encoding", pick(prng, ["gzip", "br", "identity", "x"])),
  authorization: (r, prng) =>
    withHeader(
      r,
      "Authorization",
      pick(prng, ["Bearer", "Bearer x", "Basic eDp5", noise(prng, 3)]),
    ),
  json: (r, prng) =>
    withBody(
      {
        ...withHeader(r, "Content-Type", "application/json"),
        method: "POST",
        target: batchOf(prng),
      },
      pick(prng, [
        "[",
        "{}",
        "null",
        '"x"',
        "[null]",
        "[[]]",
        '[{"op":"put"}]',
        '[{"op":"put","key":"fuzz-1","value":1}]',
        '[{"op":"put","key":"fuzz-1","key64":"AA==","value":"x"}]',
        '[{"op":"put","key64":"!","value":"x"}]',
        '[{"op":"del","key":"\\ud800"}]',
        '[{"op":"put","key":"fuzz-1","value":"x","__proto__":{}}]',
        "[".repeat(DEEP_JSON),
        `[${'{"op":"del","key":"fuzz-2"},'.repeat(prng.below(12_000))}{"op":"del","key":"fuzz-2"}]`,
        JSON.stringify([{ op: "put", key: "k".repeat(prng.below(5_000)), value: "x" }]),
        JSON.stringify([{ op: "put", key: "fuzz-1", value: "v".repeat(prng.below(60_000)) }]),
        noise(prng, prng.below(100)),
      ]),
    ),
  bigBody: (r, prng) => withBody({ ...r, method: "PUT" }, "b".repeat(prng.below(LONGEST_TEXT))),
  longKey: (r, prng) => ({
    ...r,
    target: `/tables/orders/keys/${"%6b".repeat(prng.below(2_000))}`,
  }),
};

const MUTATION_NAMES = Object.keys(MUTATIONS);

function batchOf(prng) {
  return `/tables/${pick(prng, TABLES)}/batch`;
}

function withBody(request, body) {
  const bare = withHeader(request, "Transfer-Encoding", null);
  return { ...withHeader(bare, "Content-Length", String(body.length)), body, isChunked: false };
}

function bytesOf(request) {
  const { method, target, version, headers, body, isChunked, rawBody } = request;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const chunked = body === "" ? "0\r\n\r\n" : `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const framed = rawBody ?? (isChunked ? chunked : body);
  return Buffer.from(`${method} ${target} ${version}\r\n${lines}\r\n${framed}`, "latin1");
}

/** What is done to its bytes: nobody knows what they then are. */
const BYTE_MUTATIONS = [
  (bytes, prng) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < 1 + prng.below(4); i++) copy[prng.below(copy.length)] = prng.below(256);
    return copy;
  },
  (bytes, prng) => bytes.subarray(0, prng.below(bytes.length)),
  (bytes, prng) => {
    const [from, length] = [prng.below(bytes.length), prng.below(20)];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  },
  (bytes, prng) => {
    const at = prng.below(bytes.length);
    const extra = Buffer.from(noise(prng, 1 + prng.below(20)), "latin1");
    return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]);
  },
  (bytes, prng) => {
    const at = prng.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes]);
  },
];

/** How a connection sends what it has, and how it ends. */
function drawManner(prng) {
  const pieces = pick(prng, [1, 1, 1, 2, 5, 60]);
  const ending = pick(prng, ["wait", "wait", "wait", "half-close", "half-close", "destroy"]);
  return { pieces, pauseMs: prng.below(4), ending };
}

/**
 * What goes over one connection: some requests behind each other, most of them wrong somehow.
 *
 * `isWhole` says that all of them can be told from each other and from their ends, so that each has to
 * be answered, whatever it asks for.
 */
export function drawExchange(prng) {
  const count = prng.below(5) === 0 ? 2 + prng.below(8) : 1;
  const named = [];
  const parts = times(count, () => {
    let request = rightRequest(prng);
    // One wrong request ends its connection: behind each other most have to be right.
    const mutations = count > 1 && prng.below(4) > 0 ? 0 : pick(prng, [0, 1, 1, 1, 2, 3]);
    for (let i = 0; i < mutations; i++) {
      const name = pick(prng, MUTATION_NAMES);
      named.push(name);
      request = MUTATIONS[name](request, prng);
    }
    return request;
  });
  let bytes = Buffer.concat(parts.map(bytesOf));
  let isWhole = parts.every((part) => part.isWhole);
  if (prng.below(5) === 0 && bytes.length > 0) {
    named.push("bytes");
    bytes = pick(prng, BYTE_MUTATIONS)(bytes, prng);
    isWhole = false;
  }
  return { bytes, isWhole, count, named, ...drawManner(prng) };
}
