// Questions offered while one is typed: the ARIA combobox with a list that stays out of the way.

import { h } from "./dom";

const PAUSE = 150; // ms without a key before anything is looked up
const FEWEST = 2; // characters

export class Suggestions {
  readonly list: HTMLUListElement;
  #active = -1;
  #timer = 0;
  #request = new AbortController();

  constructor(
    readonly input: HTMLInputElement,
    label: string,
    readonly find: (typed: string, signal: AbortSignal) => Promise<string[]>,
    readonly pick: (question: string) => void,
  ) {
    this.list = h("ul", { id: "suggestions", role: "listbox", hidden: true, ariaLabel: label });
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("blur", () => this.close());
  }

  /** Forget what is shown or on its way; whether anything was shown. */
  close(): boolean {
    clearTimeout(this.#timer);
    this.#request.abort();
    const shown = !this.list.hidden;
    this.#show([]);
    return shown;
  }

  /** Arrows walk the list, Enter takes the one they stand on; whether the key was for the list. */
  key(key: string): boolean {
    const options = [...this.list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && options.length) {
      const places = options.length + 1; // one more for the box itself
      this.#mark(((this.#active + 1 + step + places) % places) - 1);
      return true;
    }
    const chosen = options[this.#active];
    if (key !== "Enter" || !chosen) return false;
    this.pick(chosen.textContent!);
    return true;
  }

  #typed(): void {
    this.close();
    const typed = this.input.value.trim();
    if (typed.length >= FEWEST) this.#timer = setTimeout(() => this.#look(typed), PAUSE);
  }

  async #look(typed: string): Promise<void> {
    const { signal } = (this.#request = new AbortController());
    const found = await this.find(typed, signal).catch(() => []); // a help, not a need
    if (!signal.aborted) this.#show(found);
  }

  #show(found: string[]): void {
    const options = found.map((text, at) => {
      const option = h("li", { id: `option-${at}`, role: "option", dir: "auto" }, text);
      option.onpointerdown = (event) => event.preventDefault(); // the box keeps the focus
      option.onclick = () => this.pick(text);
      return option;
    });
    this.list.replaceChildren(...options);
    this.list.hidden = !found.length;
    this.input.ariaExpanded = String(!!found.length);
    this.#mark(-1);
  }

  #mark(active: number): void {
    this.#active = active;
    const options = [...this.list.children];
    options.forEach((option, at) => (option.ariaSelected = String(at === active)));
    options[active]?.scrollIntoView({ block: "nearest" });
    if (active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `option-${active}`);
  }
}
