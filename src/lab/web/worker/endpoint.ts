import type { ToWorker } from "../../index.ts";
import type { OwnStart } from "./start-worker.ts";

/** The page's end of a way to a worker. */
export interface Endpoint {
  post(message: ToWorker): void;
  /** Ends the worker, whatever it does. */
  end(): void;
}

/** Is told everything that a worker says, and, in a line, that it has died. */
export interface Listener {
  /** Of code that is not ours, it may be anything. */
  hear(message: unknown): void;
  died(why: string): void;
}

const SCRIPT = { type: "text/javascript" };

/** Starts a worker that runs the page's own script. */
export function openWorker(listener: Listener): Endpoint {
  const address = URL.createObjectURL(new Blob([pageScript()], SCRIPT));
  const worker = new Worker(address);
  worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => listener.hear(data));
  worker.addEventListener("error", ({ message }) => listener.died(message));
  return {
    post: (message) => worker.postMessage(message),
    end: () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}

/**
 * The page of the frame in which a reader's own code runs. The frame has no origin, so its worker
 * has none either: no storage, no page, and by its policy no network.
 */
const FRAME_PAGE = `<!doctype html>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src \
'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; connect-src 'none'">
<script>
  onmessage = ({ data: { script, start }, ports }) => {
    const blob = new Blob([script], { type: "text/javascript" });
    new Worker(URL.createObjectURL(blob)).postMessage(start, ports);
  };
</script>`;

/** Starts a worker in a frame of its own, which runs the reader's code before anything else. */
export function openSandbox(code: string, listener: Listener): Endpoint {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", ({ data }: MessageEvent<unknown>) => listener.hear(data));
  port1.start();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "Where your own protocol runs";
  frame.hidden = true;
  frame.srcdoc = FRAME_PAGE;
  frame.addEventListener(
    "load",
    () => {
      const start: OwnStart = { kind: "own", code };
      // A frame without an origin can be named by no other word than this one.
      frame.contentWindow?.postMessage({ script: pageScript(), start }, "*", [port2]);
    },
    { once: true },
  );
  document.body.append(frame);
  return {
    post: (message) => port1.postMessage(message),
    end: () => {
      port1.close();
      frame.remove();
    },
  };
}

/** The script of this very page: a page that was opened from a folder can load no other. */
function pageScript(): string {
  return document.getElementById("lab-script")?.textContent ?? "";
}
