// What a widget is made of: launcher, title, conversation, question box.

import { away, button, h, said } from "./dom";
import type { Api } from "./api";
import { address, type Options } from "./options";
import { Suggestions } from "./suggestions";

const MOST = 4; // example questions
const LONGEST = 500; // characters of a question that the server reads

export interface Actions {
  ask(question: string): void;
  stop(): void;
  reset(): void;
  close(): void;
  toggle(): void;
  readonly api: Api;
}

export type Panel = ReturnType<typeof panel>;

export function panel(options: Options, widget: Actions) {
  const { t, title, floating, lang, rtl } = options;
  const heading = h("h2", { tabIndex: -1, dir: "auto" }, title);
  const start = firstScreen(options, widget);
  const log = h("div", { className: "log", role: "log", tabIndex: 0, ariaLive: "off", ariaLabel: title }, start);
  const status = h("p", { className: "heard", role: "status" });
  const { form, ...box } = questionBox(options, widget);
  const restart = button(t.restart, () => (widget.reset(), box.input.focus()));
  const head = h("header", {}, heading, restart, floating && button(t.close, () => widget.close()));
  const props = { className: "panel", ariaLabel: title, oncancel: (event: Event) => (event.preventDefault(), widget.close()) };
  const frame: HTMLElement = h(floating ? "dialog" : "section", props, head, log, form, status);
  const launcher = opener(options, widget);
  const root = h("div", { lang, dir: rtl ? "rtl" : "ltr", className: "root" }, floating && launcher, frame);
  return { root, frame, launcher, heading, start, log, status, ...box };
}

function opener({ data, title }: Options, widget: Actions): HTMLButtonElement {
  const props = { className: "launcher", ariaHasPopup: "dialog", ariaExpanded: "false", ariaLabel: data.label || title, onclick: () => widget.toggle() };
  return h("button", props, data.label);
}

function firstScreen({ t, data }: Options, widget: Actions): HTMLElement {
  const examples = data.examples?.split("|").slice(0, MOST) ?? [];
  const offers = examples.map((one) => h("li", {}, button(one, () => widget.ask(one), "ask")));
  return h(
    "div",
    { className: "start" },
    said("say", data.intro || t.intro),
    h("ul", { className: "offer" }, ...offers),
    h("p", { className: "quiet" }, away(address(data.privacy), t.privacy)),
  );
}

function questionBox({ t, data }: Options, widget: Actions) {
  const input = h("input", {
    dir: "auto",
    autocomplete: "off",
    maxLength: LONGEST,
    enterKeyHint: "send",
    placeholder: t.box,
    ariaLabel: t.box,
    role: "combobox",
    ariaAutoComplete: "list",
    ariaExpanded: "false",
    "aria-controls": "suggestions",
  });
  const submit = h("button", { className: "filled" }, t.ask);
  const halt = button(t.stop, () => widget.stop(), "framed");
  const send = (question: string) => {
    input.value = "";
    widget.ask(question);
  };
  const suggest = async (typed: string, signal: AbortSignal) =>
    data.suggest === "false" ? [] : widget.api.suggest(typed, signal);
  const suggestions = new Suggestions(input, t.box, suggest, send);
  const onsubmit = (event: Event) => (event.preventDefault(), send(input.value));
  const form = h("form", { onsubmit }, suggestions.list, input, submit, halt);
  halt.hidden = true;
  return { form, input, submit, halt, suggestions };
}
