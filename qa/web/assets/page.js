// Copy and Link for the last answer, dates as the reader writes them, the newest question at the top
// of the window, and the question that a link asks (`/?q=…`), which stays unasked without this
// script; all else is answered without it. Nothing here reaches the network.
(() => {
  const RIGHT_TO_LEFT = ["ar"];
  const NARROW = "(max-width: 480px)";

  const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
  // A quote keeps its own lines.
  const words = (node) => node.textContent.replace(/[^\S\n]+/g, " ").trim();

  // The page's language: the browser's, where we speak it.
  const spoken = () => window.gradio_config?.i18n_translations ?? {};
  const language = () => [navigator.language.split("-")[0], "en"].find((code) => code in spoken()) ?? "en";
  const say = (name) => spoken()[language()]?.[`cw_${name}`] ?? "";

  function speak() {
    const root = document.documentElement;
    const dir = RIGHT_TO_LEFT.includes(language()) ? "rtl" : "ltr";
    if (root.lang !== language()) root.lang = language();
    if (root.dir !== dir) root.dir = dir;
  }

  function answerAsText() {
    const answer = last(".cw-answer");
    if (!answer) return "";
    const said = [...answer.querySelectorAll(":scope > .cw-quote, :scope > .cw-silence, :scope > .cw-table tbody tr")];
    const lines = said.map((node) => {
      const copy = node.cloneNode(true);
      copy.querySelectorAll(".cw-hidden").forEach((hidden) => hidden.remove());
      copy.querySelectorAll("sup").forEach((sup) => { sup.textContent = ` [${sup.textContent}]`; });
      return copy.cells ? [...copy.cells].map(words).join(" | ") : words(copy);
    });
    const notes = [...answer.querySelectorAll(".cw-sources li")].map((note) => {
      const link = note.querySelector("a[href]");
      const title = words(note.querySelector(".cw-title"));
      return `[${note.value}] ${title}${link ? ` ${link.href}` : ""}`;
    });
    return [lines.join(" "), ...notes].join("\n");
  }

  // Who opens the link has not read what came before: a follow-up is linked as it was completed.
  function questionAsLink() {
    const question = last(".cw-answer")?.querySelector(".cw-whole bdi") ?? last(".cw-question");
    return question ? `${location.origin}${location.pathname}?q=${encodeURIComponent(question.textContent)}` : "";
  }

  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  function tell(button, text) {
    const note = button.parentElement.querySelector(".cw-copied")
      ?? button.parentElement.appendChild(Object.assign(document.createElement("span"), { className: "cw-copied" }));
    note.setAttribute("role", "status");
    note.textContent = text;
    setTimeout(() => { note.textContent = ""; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#cw-copy, #cw-link");
    if (button) {
      copy(button.id === "cw-copy" ? answerAsText() : questionAsLink())
        .then(() => tell(button, say("copied")), () => tell(button, say("not_copied")));
    }
    const typed = event.target.closest?.(".cw-whole a");
    const press = document.querySelector("#cw-as-typed");
    // An earlier answer's link opens a page of its own.
    if (typed && press && last(".cw-answer").contains(typed) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      press.click();
    }
  });

  let shown = 0;
  let held = null; // what has, or had, the focus
  addEventListener("focusin", (event) => { held = event.target; });

  function showNewest() {
    const questions = document.querySelectorAll(".cw-question");
    const newest = questions[questions.length - 1];
    const more = questions.length > shown;
    shown = questions.length;
    // The button that was pressed is gone, and the focus with it.
    const lost = document.activeElement === document.body && (more || held?.isConnected === false);
    if (!newest || !(more || lost)) return;
    if (lost) {
      // Go on reading from the question, not from the page's top.
      newest.tabIndex = -1;
      newest.focus({ preventScroll: true });
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const toTop = () => newest.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
    toTop();
    setTimeout(toTop, 300); // the buttons below the answer come after it and make room to scroll
  }

  // `once` for each node that there is, however often it is looked for.
  function each(selector, seen, once) {
    for (const node of document.querySelectorAll(selector)) {
      if (!seen.has(node)) { seen.add(node); once(node); }
    }
  }

  const dated = new WeakSet();
  const folded = new WeakSet();

  // A day is the same everywhere; a moment is told in the reader's own time.
  function writeDate(time) {
    const written = time.dateTime;
    const isDay = /^\d{4}-\d\d-\d\d$/.test(written);
    const when = isDay ? new Date(`${written}T00:00Z`) : /^\d{4}-\d\d-\d\dT/.test(written) ? new Date(written) : NaN;
    if (Number.isNaN(+when)) return;
    const style = isDay ? { timeZone: "UTC" } : { timeStyle: "short" };
    time.textContent = when.toLocaleString(navigator.language, { dateStyle: "medium", ...style });
  }

  // What the address asks, as in /?q=How+long+is+it, is asked once the question box stands there.
  let addressed = new URLSearchParams(location.search).get("q");

  function askAddressed() {
    const box = document.querySelector("#cw-box textarea");
    if (!addressed || !box) return;
    box.value = addressed;
    addressed = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => document.querySelector("#cw-box button").click());
  }

  function mend() {
    speak();
    askAddressed();
    each("#cw-log time", dated, writeDate);
    if (matchMedia(NARROW).matches) each(".cw-sources", folded, (sources) => { sources.open = false; });
    // Gradio labels each message with its own source text, tags included.
    for (const message of document.querySelectorAll("#cw-log [data-testid][aria-label]")) message.removeAttribute("aria-label");
    for (const note of document.querySelectorAll("#cw-notice:not([aria-live]), #cw-noted:not([aria-live])")) note.setAttribute("aria-live", "polite");
    showNewest();
  }

  // On paper nothing can be unfolded.
  addEventListener("beforeprint", () => document.querySelectorAll(".cw-sources").forEach((sources) => { sources.open = true; }));
  new MutationObserver(mend).observe(document, { childList: true, subtree: true });
})();
