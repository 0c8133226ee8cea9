// <script async src="https://faq.example/widget.js" data-title="Help"></script>

import { CitewellWidget } from "./widget";

const NAME = "citewell-widget";

type Command = (...values: unknown[]) => void;
type Queue = Command & { q?: Iterable<unknown>[] };
declare global {
  interface Window {
    Citewell?: Queue;
  }
}

const COMMANDS = ["open", "close", "toggle", "ask", "reset", "destroy"];

/** `Citewell('ask', 'How wide?')`; handlers get the event itself, its news in `detail`. */
function command(name: string, ...values: unknown[]): void {
  const [event, handler] = values as [string, EventListener];
  if (name === "on") document.addEventListener(`citewell:${event}`, handler);
  if (name === "off") document.removeEventListener(`citewell:${event}`, handler);
  if (!COMMANDS.includes(name)) return;
  const widget = document.querySelector(NAME) as unknown as Record<string, Command> | null;
  widget?.[name]!(...values);
}

/** The page's own <citewell-widget>, or a launcher; then what the page asked for before that. */
function start(): void {
  customElements.define(NAME, CitewellWidget);
  if (!document.querySelector(NAME)) {
    const widget = document.createElement(NAME);
    widget.dataset.mode = "floating";
    document.body.append(widget);
  }
  const waiting = window.Citewell?.q ?? [];
  window.Citewell = command as Queue;
  for (const call of waiting) command(...(call as [string]));
}

const script = document.currentScript as HTMLScriptElement | null;
if (script) {
  CitewellWidget.home = script.src;
  CitewellWidget.defaults = { ...script.dataset };
}
if (!customElements.get(NAME)) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
