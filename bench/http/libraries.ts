import { createServer, type RequestListener } from "node:http";
import { fastify } from "fastify";
import { loadPeer } from "../peer.ts";

export const PATH = "/tables/orders/keys/k00000000";
const TYPE = "application/octet-stream";
const values = new Map<string, Uint8Array>([["k00000000", Buffer.alloc(100, "v")]]);

/** Starts a server at any free port; gives the port. */
type Start = () => Promise<number>;

function listen(listener: RequestListener): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer(listener);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" ? (address?.port ?? 0) : 0);
    });
  });
}

/** What every library is to do, over Node's own request and response. */
const answer =
  (key: string): RequestListener =>
  (request, response) => {
    if (request.method === "GET") {
      const value = values.get(key) ?? Buffer.alloc(0);
      response.writeHead(200, ["Content-Type", TYPE, "Content-Length", String(value.length)]);
      response.end(value);
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      values.set(key, Buffer.concat(parts));
      response.writeHead(204);
      response.end();
    });
  };

interface KeyParams {
  readonly key: string;
}

async function startFastify(): Promise<number> {
  const app = fastify({ logger: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.get<{ Params: KeyParams }>("/tables/:table/keys/:key", (request, reply) => {
    reply.header("Content-Type", TYPE).send(values.get(request.params.key));
  });
  app.put<{ Params: KeyParams }>("/tables/:table/keys/:key", (request, reply) => {
    values.set(request.params.key, request.body as Buffer);
    reply.code(204).send();
  });
  await app.ready();
  return listen((request, response) => app.routing(request, response));
}

async function startRawFastify(): Promise<number> {
  const app = fastify({ logger: false, rewriteUrl: () => "/key" });
  app.addHttpMethod("PUT", { hasBody: false, overrideExisting: true });
  app.route({
    method: ["GET", "PUT"],
    url: "/key",
    exposeHeadRoute: false,
    handler: ({ raw, originalUrl }, reply) => {
      reply.hijack();
      answer(originalUrl.slice(originalUrl.lastIndexOf("/") + 1))(raw, reply.raw);
    },
  });
  await app.ready();
  return listen((request, response) => app.routing(request, response));
}

interface HonoContext {
  readonly req: { param(name: string): string; arrayBuffer(): Promise<ArrayBuffer> };
}
type HonoHandler = (context: HonoContext) => Response | Promise<Response>;
interface Hono {
  readonly fetch: unknown;
  get(path: string, handler: HonoHandler): void;
  put(path: string, handler: HonoHandler): void;
}

async function startHono(): Promise<number> {
  const { Hono } = loadPeer("hono") as { readonly Hono: new () => Hono };
  const { getRequestListener } = loadPeer("@hono/node-server") as {
    readonly getRequestListener: (fetch: unknown) => RequestListener;
  };
  const app = new Hono();
  app.get("/tables/:table/keys/:key", ({ req }) => {
    const value = values.get(req.param("key")) ?? new Uint8Array(0);
    const headers = { "Content-Type": TYPE, "Content-Length": String(value.length) };
    return new Response(new Uint8Array(value), { headers });
  });
  app.put("/tables/:table/keys/:key", async ({ req }) => {
    values.set(req.param("key"), new Uint8Array(await req.arrayBuffer()));
    return new Response(null, { status: 204 });
  });
  return listen(getRequestListener(app.fetch));
}

export const LIBRARIES = {
  "node:http": () =>
    listen((request, response) => {
      const { url = "" } = request;
      answer(url.slice(url.lastIndexOf("/") + 1))(request, response);
    }),
  fastify: startFastify,
  "fastify, raw": startRawFastify,
  hono: startHono,
} as const satisfies Readonly<Record<string, Start>>;

export type LibraryName = keyof typeof LIBRARIES;
