// One source of an answer: what it is, where it stands, the quoted sentences in their paragraph.

import { link, type Card } from "./card";
import { day, h, said } from "./dom";
import { fill } from "./strings";
import type { Citation } from "./wire";

export function note(card: Card, citation: Citation): Node {
  const { title, headings, publisher, source, date, page } = citation;
  const path = headings.filter((one) => one !== title).join(" › ");
  const when = date ? [" · ", day(date, card.lang)] : [];
  const read = link(card, citation, `${card.t.read} ↗`, `${card.t.read}: ${title}`);
  return h(
    "li",
    { value: citation.number },
    said("title", title),
    path && said("quiet", path),
    h("p", { className: "quiet" }, h("bdi", {}, publisher || source), page ? ` · ${fill(card.t.page, page)}` : "", ...when, " · ", read),
    h("blockquote", { dir: "auto" }, ...paragraph(card, citation)),
  );
}

/** The paragraph that holds the quotes, each marked. They count code points, as Python does. */
function paragraph({ answer }: Card, { number, context }: Citation): (Node | string)[] {
  const quotes = answer.quotes.filter((one) => one.citation === number).sort((a, b) => a.start - b.start);
  const characters = [...context];
  const text = (from: number, to: number) => characters.slice(from, to).join("");
  const start = characters.lastIndexOf("\n", quotes[0]!.start) + 1;
  const stop = characters.indexOf("\n", Math.max(...quotes.map((one) => one.end)));
  const end = stop < 0 ? characters.length : stop;
  const parts: (Node | string)[] = [start ? "… " : ""];
  let at = start;
  for (const quote of quotes) {
    const from = Math.max(at, quote.start);
    parts.push(text(at, from), h("mark", {}, text(from, quote.end)));
    at = quote.end;
  }
  return [...parts, text(at, end), end < characters.length ? " …" : ""];
}
