// <citewell-widget>: a panel in the page, or a launcher in its corner that opens one.

import { Api, SLOW, type Refusal } from "./api";
import { nodes, spoken, type Card } from "./card";
import { h, said } from "./dom";
import { read, type Options } from "./options";
import { panel, type Panel } from "./panel";
import css from "./style.css";
import { trouble } from "./trouble";
import type { Answer, Turn } from "./wire";

const PATIENCE = 300; // ms; what answers sooner needs no sign that it is at work
const STOPPED = "stopped";
const PHONE = matchMedia("(max-width: 480px)");

export class CitewellWidget extends HTMLElement {
  static home = location.href;
  static defaults: DOMStringMap = {};

  api!: Api;
  #options!: Options;
  #panel!: Panel;
  #dialog?: HTMLDialogElement;
  #turns: Turn[] = [];
  #asking?: AbortController | undefined;
  #back?: HTMLElement;

  connectedCallback(): void {
    if (!this.shadowRoot) this.#build();
    PHONE.addEventListener("change", this.#refit);
  }

  disconnectedCallback(): void {
    this.#asking?.abort();
    PHONE.removeEventListener("change", this.#refit);
  }

  /** With `focus` false the page keeps the focus where it is. */
  open(focus = true): void {
    if (!this.#dialog || this.#dialog.open) return;
    const from = document.activeElement as HTMLElement;
    this.#back = from === this || from === document.body ? this.#panel.launcher : from;
    this.#show();
    if (!focus) {
      (this.shadowRoot!.activeElement as HTMLElement).blur();
      from.focus();
    }
    this.#panel.launcher.ariaExpanded = "true";
    this.emit("open");
  }

  close(): void {
    if (!this.#dialog?.open) return;
    const focused = this.shadowRoot!.activeElement;
    this.#panel.suggestions.close();
    this.#dialog.close();
    this.#panel.launcher.ariaExpanded = "false";
    if (focused) (this.#back?.isConnected ? this.#back : this.#panel.launcher).focus();
    this.emit("close");
  }

  toggle(): void {
    if (this.#dialog?.open) this.close();
    else this.open();
  }

  stop(): void {
    this.#asking?.abort(STOPPED);
  }

  /** Back to the first screen, with nothing remembered. */
  reset(): void {
    this.#asking?.abort();
    this.#turns = [];
    this.#panel.log.replaceChildren(this.#panel.start);
    this.#announce("");
    this.emit("reset");
  }

  destroy(): void {
    this.remove();
  }

  /** Ask, in the conversation so far or, with `alone`, without it. */
  async ask(question: string, alone = false): Promise<void> {
    const text = question.trim();
    if (!text) return;
    this.open();
    this.#panel.suggestions.close();
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    const place = this.#begin(text);
    const slow = setTimeout(() => this.#busy(place), PATIENCE);
    this.emit("ask", { question: text });
    try {
      const answer = await this.api.ask(text, alone ? [] : this.#turns, asking);
      asking.signal.throwIfAborted();
      this.#answered(answer, place);
    } catch (error) {
      const { aborted, reason } = asking.signal;
      if (aborted && reason !== SLOW) this.#dropped(text, place, reason === STOPPED);
      else this.#troubled(error, text, alone, place);
    }
    clearTimeout(slow);
    if (this.#asking === asking) this.#idle();
    this.#reveal(place);
  }

  #begin(question: string): HTMLElement {
    const { log, start, input } = this.#panel;
    const asked = h("h3", { className: "question", dir: "auto", tabIndex: -1 }, question);
    const place = h("div", { className: "answer" });
    const focused = this.shadowRoot!.activeElement;
    log.append(h("div", { className: "turn" }, asked, place));
    if (focused && focused !== input) asked.focus({ preventScroll: true }); // its button goes
    start.remove();
    this.#reveal(place);
    return place;
  }

  #answered(answer: Answer, place: HTMLElement): void {
    const card: Card = { ...this.#options, answer, widget: this };
    place.replaceChildren(...nodes(card));
    this.#turns.push(
      { role: "user", content: answer.answering ?? answer.question },
      { role: "assistant", content: answer.text },
    );
    this.#announce(spoken(card));
    this.emit("answer", { answer });
  }

  #troubled(error: unknown, question: string, alone: boolean, place: HTMLElement): void {
    const retry = () => {
      const again = this.ask(question, alone);
      place.parentElement!.remove();
      return again;
    };
    const [message, ...shown] = trouble(error, this.#options.t, retry);
    place.replaceChildren(...shown);
    if ((error as Partial<Refusal>).status === 422) this.#panel.input.value ||= question; // to be mended
    this.#announce(message);
    this.emit("error", { question, message, error });
  }

  /** A question that was stopped is back in its box. */
  #dropped(question: string, place: HTMLElement, stopped: boolean): void {
    const { log, start, input } = this.#panel;
    place.parentElement!.remove();
    if (stopped) input.value ||= question;
    if (!log.firstChild) log.append(start);
  }

  #busy(place: HTMLElement): void {
    const { searching } = this.#options.t;
    place.replaceChildren(said("quiet", searching));
    this.#announce(searching);
    this.#working(true);
  }

  #idle(): void {
    const focused = this.shadowRoot!.activeElement === this.#panel.halt;
    this.#asking = undefined;
    this.#working(false);
    if (focused) this.#panel.input.focus();
  }

  #working(now: boolean): void {
    this.#panel.submit.hidden = now;
    this.#panel.halt.hidden = !now;
  }

  /** The newest question at the top of what is seen. */
  #reveal(place: HTMLElement): void {
    const turn = place.parentElement!;
    if (turn.isConnected) this.#panel.log.scrollTop = turn.offsetTop - 16;
  }

  #announce(text: string): void {
    this.#panel.status.textContent = text;
  }

  emit(name: string, detail: object = {}): void {
    this.dispatchEvent(new CustomEvent(`citewell:${name}`, { detail, bubbles: true, composed: true }));
  }

  #build(): void {
    for (const [name, value] of Object.entries(CitewellWidget.defaults)) this.dataset[name] ??= value;
    const options = (this.#options = read(this.dataset, CitewellWidget.home));
    this.api = new Api(options.base);
    this.#panel = panel(options, this);
    if (options.floating) this.#dialog = this.#panel.frame as HTMLDialogElement;
    this.#panel.frame.onkeydown = (event: KeyboardEvent) => this.#key(event);
    if (this.dataset.accent) this.style.setProperty("--citewell-accent", this.dataset.accent);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.#panel.root);
    queueMicrotask(() => this.emit("ready"));
    // Nobody asked for it, so it does not take the focus, nor a whole phone.
    if (this.dataset.open === "true" && !PHONE.matches) this.open(false);
  }

  #key(event: KeyboardEvent): void {
    const { suggestions, input } = this.#panel;
    if (event.isComposing) return;
    if (event.key === "Escape") {
      if (!suggestions.close()) this.close();
    } else if (event.target !== input || !suggestions.key(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** On a phone the panel is all there is to see, and nothing behind it can be reached. */
  #show(): void {
    if (PHONE.matches) this.#dialog!.showModal();
    else this.#dialog!.show();
    (PHONE.matches ? this.#panel.heading : this.#panel.input).focus(); // no keyboard on the first screen
  }

  #refit = (): void => {
    if (!this.#dialog?.open) return;
    this.#dialog.close();
    this.#show();
  };
}
