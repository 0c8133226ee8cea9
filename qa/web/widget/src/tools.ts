// What can be done with an answer: say whether it helped, take it along.

import type { Card } from "./card";
import { button, h } from "./dom";
import type { Verdict } from "./wire";

export function tools(card: Card): Node {
  const { answer, t } = card;
  const told = h("p", { className: "quiet", role: "status" });
  const made = [verdict(card, t.yes, "yes", told), verdict(card, t.no, "no", told)];
  if (answer.status === "answered") {
    made.push(verdict(card, t.wrong, "wrong-source", told));
    if (navigator.clipboard) made.push(button(t.copy, () => copy(card, told), "end"));
  }
  const label = h("span", { className: "quiet" }, t.helpful);
  return h("div", { className: "tools", role: "group", ariaLabel: t.helpful }, label, ...made, told);
}

/** A button that sends a verdict; `told` says how that went. */
export function verdict(card: Card, text: string, kind: Verdict, told: HTMLElement): HTMLElement {
  const pressed = button(text, async () => {
    const { answer, t } = card;
    await tell(card, told, t.noted, card.widget.api.feedback(answer, kind).then(() => {
      for (const one of pressed.parentElement!.children) one.ariaPressed = null;
      pressed.ariaPressed = "true";
      card.widget.emit("feedback", { answer, verdict: kind });
    }));
  });
  return pressed;
}

/** The quotes as they stand, then the sources by number. */
function copy(card: Card, told: HTMLElement): void {
  const { quotes, citations } = card.answer;
  const lines = [
    quotes.map(({ text, citation }) => `“${text}” [${citation}]`).join(" "),
    ...citations.map(({ number, title, publisher, date, link }) =>
      [`[${number}]`, title, publisher, date, card.widget.api.link(link)].filter(Boolean).join(" "),
    ),
  ];
  tell(card, told, `${card.t.copy} ✓`, navigator.clipboard.writeText(lines.join("\n")));
}

async function tell(card: Card, told: HTMLElement, well: string, done: Promise<void>): Promise<void> {
  told.textContent = await done.then(() => well, () => card.t.failed);
}
