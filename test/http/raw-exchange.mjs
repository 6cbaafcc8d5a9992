import { connect } from "node:net";

/** So long after the last byte nobody waits for an answer to what may be half a request. */
const QUIET_MS = 60;
/** So long a whole request may take to be answered, on a busy machine. */
const ANSWER_MS = 60_000;
const STATUS = /HTTP\/1\.1 (\d{3}) /g;
const BEGINNING = "HTTP/1.1 ";

/**
 * Sends bytes over a connection of their own, and gives what came back.
 *
 * @param exchange What to send and how; see `drawExchange`.
 * @param patienceMs How long to wait for an answer to what is not whole.
 */
export function exchangeRaw(port, exchange, patienceMs = QUIET_MS) {
  const { bytes, isWhole, pieces, pauseMs, ending } = exchange;
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let text = "";
    let isEnded = false;
    let timer = null;
    const end = (how) => {
      if (isEnded) return;
      isEnded = true;
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(STATUS)].map(([, status]) => Number(status));
      const isHttp = text === "" || text.startsWith(BEGINNING) || BEGINNING.startsWith(text);
      resolve({ how, statuses, isHttp, text });
    };
    const waitFor = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => end("time"), ms);
    };
    socket.setNoDelay(true);
    socket.on("error", (error) => end(error.code ?? "error"));
    socket.on("end", () => end("closed"));
    socket.on("close", () => end("closed"));
    socket.on("data", (data) => {
      text += data.toString("latin1");
      // What is whole is over with its answers; of the rest nobody knows how many there will be.
      if (isWhole && countOf(text) >= exchange.count) end("answered");
      else if (!isWhole) waitFor(patienceMs);
    });
    const begin = async () => {
      waitFor(ANSWER_MS);
      await send(socket, bytes, pieces, pauseMs);
      if (isEnded) return;
      if (ending === "destroy") end("destroyed");
      else {
        if (ending === "half-close") socket.end();
        waitFor(isWhole ? ANSWER_MS : patienceMs);
      }
    };
    socket.on("connect", () => void begin());
  });
}

function countOf(text) {
  return [...text.matchAll(STATUS)].filter(([, status]) => status !== "100").length;
}

async function send(socket, bytes, pieces, pauseMs) {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    socket.write(bytes.subarray(at, at + size));
    if (at + size < bytes.length) {
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    }
  }
}
