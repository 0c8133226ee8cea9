// Why there is no answer, in the reader's words.

import type { Refusal } from "./api";
import { button, said } from "./dom";
import type { Strings } from "./strings";

const LONGEST = 600; // s that a reader is asked to wait

/** What to say of an error, and a button to ask again, which first counts down where there is a wait. */
export function trouble(error: unknown, t: Strings, retry: () => void): [text: string, ...Node[]] {
  const { status = -1, wait = 0, detail = "" } = error as Partial<Refusal>;
  const busy = status === 429 || status === 503;
  const text = !navigator.onLine ? t.offline : busy ? t.busy : status ? t.failed : t.unreachable;
  const again = button(t.retry, retry, "framed");
  const count = (left: number) => {
    again.disabled = left > 0;
    again.textContent = left > 0 ? `${t.retry} (${left})` : t.retry;
    if (left > 0) setTimeout(count, 1000, left - 1);
  };
  if (busy) count(Math.min(Math.ceil(wait), LONGEST));
  return [text, said("say", text), said("quiet", !busy && status < 500 && detail), again];
}
