import type { JSX, RefObject } from "preact";
import { KEYS } from "./keys.ts";

/** What the lab shows, and its keys. */
export function Help({
  dialog,
}: {
  readonly dialog: RefObject<HTMLDialogElement | null>;
}): JSX.Element {
  return (
    <dialog ref={dialog} aria-labelledby="help-title">
      <h2 id="help-title">How to read and use the lab</h2>
      <p>
        Some tasks work on one B+ tree at the same time. You decide who takes the next step. It is
        the real engine: whatever you see has been run in this page.
      </p>
      <p>
        A latch is held shared (S), for update (U) or exclusively (X). Whoever asks for one that is
        taken waits in its queue. Page 0 is the meta page, which names the root.
      </p>
      <dl class="legend">
        <dt>a·S on a page</dt>
        <dd>a holds its latch, here shared; the frame is dashed for S and thick for X</dd>
        <dt>…b·X below a page</dt>
        <dd>b waits for its latch</dd>
        <dt>→a·S below a page</dt>
        <dd>a's next step asks for it there; a holds nothing of the page yet</dd>
        <dt>[20,40)</dt>
        <dd>the keys that belong to the page: from 20 on, and below 40</dd>
        <dt>a page in brown dashes</dt>
        <dd>no inner page names it, not yet or not any more</dd>
      </dl>
      <table>
        <caption class="unseen">Keys</caption>
        <tbody>
          {KEYS.map(([key, text]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <form method="dialog">
        <button type="submit" class="primary">
          Close
        </button>
      </form>
    </dialog>
  );
}
