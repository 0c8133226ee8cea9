// The only place where elements are made. Text is always a text node: nothing is ever parsed.

type Child = Node | string | false | null | undefined;
type Props = Record<string, unknown>;

/** An element with properties (or attributes, where it has no such property) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in made) (made as unknown as Props)[name] = value;
    else made.setAttribute(name, String(value));
  }
  made.append(...(children.filter(Boolean) as (Node | string)[]));
  return made;
}

/** A button that says what it does. */
export function button(text: string, onclick: () => void, className = ""): HTMLButtonElement {
  return h("button", { type: "button", dir: "auto", className, onclick }, text);
}

/** A text of somebody else, which brings its own direction. */
export function said(className: string, ...children: Child[]): HTMLParagraphElement {
  return h("p", { className, dir: "auto" }, ...children);
}

/** A link that opens beside the page; only its text where there is no safe address. */
export function away(href: string, text: Child, props: Props = {}): HTMLElement {
  return href
    ? h("a", { href, target: "_blank", rel: "noopener noreferrer", ...props }, text)
    : h("span", {}, text);
}

/** A day in the reader's way of writing it; anything less exact as it is. */
export function day(iso: string, lang: string): HTMLElement {
  const date = new Date(iso);
  if (iso.length !== 10 || Number.isNaN(+date)) return h("bdi", {}, iso);
  return h("time", { dateTime: iso }, date.toLocaleDateString(lang, { dateStyle: "medium", timeZone: "UTC" }));
}
