// Copy and Link for the last answer, and the newest question at the top of the window.
// The page answers without this script; nothing here reaches the network.
(() => {
  const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
  // A quote keeps its own lines.
  const words = (node) => node.textContent.replace(/[^\S\n]+/g, " ").trim();

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

  function questionAsLink() {
    const question = last(".cw-question");
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

  function say(button, text) {
    const note = button.parentElement.querySelector(".cw-copied")
      ?? button.parentElement.appendChild(Object.assign(document.createElement("span"), { className: "cw-copied" }));
    note.setAttribute("role", "status");
    note.textContent = text;
    setTimeout(() => { note.textContent = ""; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#cw-copy, #cw-link");
    if (!button) return;
    copy(button.id === "cw-copy" ? answerAsText() : questionAsLink())
      .then(() => say(button, "Copied."), () => say(button, "The browser did not allow copying."));
  });

  let shown = 0;

  function showNewest() {
    const questions = document.querySelectorAll(".cw-question");
    if (questions.length === shown) return;
    shown = questions.length;
    const newest = questions[shown - 1];
    if (!newest) return;
    if (document.activeElement === document.body) {
      // The button that asked is gone; go on reading from the question, not from the page's top.
      newest.tabIndex = -1;
      newest.focus({ preventScroll: true });
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const toTop = () => newest.scrollIntoView({ block: "start", behavior: still ? "instant" : "smooth" });
    toTop();
    setTimeout(toTop, 300); // the buttons below the answer come after it and make room to scroll
  }

  function speakPlainly() {
    // Gradio labels each message with its own source text, tags included.
    for (const message of document.querySelectorAll("#cw-log [data-testid][aria-label]")) message.removeAttribute("aria-label");
    for (const note of document.querySelectorAll("#cw-notice:not([aria-live]), #cw-noted:not([aria-live])")) note.setAttribute("aria-live", "polite");
  }

  new MutationObserver(() => { speakPlainly(); showNewest(); })
    .observe(document, { childList: true, subtree: true });
})();
