// What is said to one question: quotes with small numbers, the notes underneath, what can be done.

import type { Api } from "./api";
import { address, type Options } from "./options";
import { note } from "./note";
import { away, button, day, h, said } from "./dom";
import { fill } from "./strings";
import { tools, verdict } from "./tools";
import type { Answer, Citation, Disagreement, Suggestion } from "./wire";

/** An answer and what its card needs of the widget around it. */
export interface Card extends Options {
  answer: Answer;
  widget: {
    readonly api: Api;
    ask(question: string, alone?: boolean): void;
    emit(name: string, detail: object): void;
  };
}

/** The first thing a reader wants to hear. */
export function spoken({ answer, t }: Card): string {
  return answer.text || answer.reply || (answer.status === "ask_back" ? t.meant : t.silence);
}

export function nodes(card: Card): Node[] {
  const { answer, t } = card;
  const { status, answering, warning, reply } = answer;
  const made: Node[] = [];
  if (answering) {
    const asTyped = button(t.asTyped, () => card.widget.ask(answer.question, true));
    made.push(said("quiet", fill(t.answering, answering), " ", asTyped));
  }
  if (warning) made.push(said("quiet", warning));
  if (status === "answered") made.push(...answer.disagreements.map((one) => differ(card, one)), ...quotes(card), sources(card));
  else made.push(said("say", spoken(card)), ...(reply ? [] : status === "ask_back" ? [choices(card)] : closest(card)));
  if (status !== "ask_back" && !reply) made.push(tools(card));
  if (answer.related.length) made.push(said("quiet", t.related), questions(card, answer.related.slice(0, 3)));
  return made;
}

/** One paragraph for each run of quotes from the same passage. */
function quotes(card: Card): Node[] {
  const made: Node[] = [];
  let before = "";
  for (const quote of card.answer.quotes) {
    const citation = cited(card, quote.citation);
    const text = h("span", {}, `“${quote.text}”`, number(card, citation), " ");
    if (quote.passage !== before) made.push(lead(card, citation));
    if (quote.passage === before) made.at(-1)!.appendChild(text);
    else made.push(said("say", text));
    before = quote.passage;
  }
  return made;
}

/** The FAQ's own question, where it is not the one that was asked; a table's columns. */
function lead({ answer, t }: Card, { kind, title, header }: Citation): Node {
  const asked = answer.answering ?? answer.question;
  const differs = kind === "faq" && plain(title) !== plain(asked);
  return said("quiet lead", differs ? fill(t.answerTo, title) : header);
}

/** Two questions are the same in whatever capitals and punctuation. */
function plain(question: string): string {
  return question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** A link to the source; without a safe address only its text. */
export function link(card: Card, citation: Citation, text: string, label: string): HTMLElement {
  const onclick = () => card.widget.emit("source", { citation });
  return away(card.widget.api.link(citation.link), text, { onclick, ariaLabel: label });
}

function number(card: Card, citation: Citation): Node {
  return h("sup", {}, link(card, citation, `${citation.number}`, `${citation.number}: ${citation.title}`));
}

function sources(card: Card): Node {
  const { citations } = card.answer;
  const summary = h("summary", {}, fill(card.t.sources, citations.length));
  return h("details", {}, summary, h("ol", {}, ...citations.map((one) => note(card, one))));
}

/** Each value with who says so, and no verdict. */
function differ(card: Card, { about, values }: Disagreement): Node {
  const lines = values.map(({ value, quotes }) => {
    const numbers = new Set(quotes.map((at) => card.answer.quotes[at]!.citation));
    return h("li", {}, h("b", { dir: "auto" }, value), ...[...numbers].flatMap((one) => says(card, cited(card, one))));
  });
  return h("div", { className: "differ" }, said("", fill(card.t.differ, about)), h("ul", {}, ...lines));
}

function cited({ answer }: Card, number: number): Citation {
  return answer.citations.find((one) => one.number === number)!;
}

function says(card: Card, citation: Citation): (Node | string)[] {
  const { publisher, title, date } = citation;
  const when = date ? [", ", day(date, card.lang)] : [];
  return [" (", h("bdi", {}, publisher || title), ...when, ")", number(card, citation)];
}

function choices(card: Card): Node {
  const list = questions(card, card.answer.choices);
  const told = h("p", { className: "quiet", role: "status" });
  list.append(h("li", {}, verdict(card, card.t.none, "none-of-these", told)));
  return h("div", {}, list, told);
}

function questions(card: Card, suggestions: Suggestion[]): HTMLElement {
  return h("ul", { className: "offer" }, ...suggestions.map(({ text }) => h("li", {}, asking(card, text))));
}

function asking(card: Card, text: string): Node {
  return button(text, () => card.widget.ask(text, true), "ask");
}

/** What the sources do hold: a question can be asked, anything else is read where it stands. */
function closest(card: Card): Node[] {
  const { answer, t, data, widget } = card;
  const contact = address(data.contact);
  const items = answer.nearest.map(({ text, passage }) =>
    h("li", { dir: "auto" }, /[?？؟]$/.test(text) ? asking(card, text) : away(widget.api.source(passage), text)),
  );
  const first = [...words(t.lookedFor, answer.looked_for), ...words(t.notFound, answer.not_found)];
  const made: Node[] = items.length ? [...first, said("quiet", t.closest), h("ul", { className: "offer" }, ...items)] : first;
  return contact ? [...made, h("p", {}, away(contact, t.contact))] : made;
}

/** What was looked for and what stands nowhere, where there is any. */
function words(pattern: string, which: string[]): Node[] {
  return which.length ? [said("quiet", fill(pattern, which.join(", ")))] : [];
}
