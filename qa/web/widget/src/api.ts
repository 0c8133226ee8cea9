// Talking to Citewell. No credentials, no referrer, nothing but JSON.

import type { Answer, Suggestion, Turn, Verdict } from "./wire";

export const SLOW = "slow"; // why a request was given up

const TIMEOUT = 30_000; // ms; the server itself gives up sooner
const HISTORY = 12; // turns that are sent along; a follow-up rests on the last few
const TURN = 1000; // characters of each: all of it stays under the 64 KiB that the server reads

/** Thrown for a response that is no answer. `wait` is in seconds, 0 where the server does not say. */
export interface Refusal {
  status: number; // 0 where there was no response
  wait: number;
  detail: string;
}

export class Api {
  /** `base` ends with a slash; the API is under it. */
  constructor(readonly base: string) {}

  async ask(question: string, turns: Turn[], stop: AbortController): Promise<Answer> {
    const history = turns
      .slice(-HISTORY)
      .map(({ role, content }) => ({ role, content: content.slice(0, TURN).toWellFormed() }));
    const timer = setTimeout(() => stop.abort(SLOW), TIMEOUT);
    try {
      return await (await this.#send("ask", stop.signal, { question, history })).json();
    } finally {
      clearTimeout(timer);
    }
  }

  async suggest(typed: string, signal: AbortSignal): Promise<string[]> {
    const found = await this.#send(`suggest?q=${encodeURIComponent(typed)}`, signal);
    return (await found.json()).suggestions.map((one: Suggestion) => one.text);
  }

  async feedback(answer: Answer, verdict: Verdict): Promise<void> {
    const { id, question, generation, quotes, choices } = answer;
    const passages = [...new Set([...quotes, ...choices].map((one) => one.passage))];
    await this.#send("feedback", null, { answer: id, question, verdict, generation, passages });
  }

  /** Where a link leads, if that is the web or the API's own source view; otherwise nothing. */
  link(url: string): string {
    return /^https?:\/\//i.test(url) ? url : /^\/source\//.test(url) ? this.base + url.slice(1) : "";
  }

  source(passage: string): string {
    return `${this.base}source/${encodeURIComponent(passage)}#quote`;
  }

  async #send(path: string, signal: AbortSignal | null, body?: object): Promise<Response> {
    const response = await fetch(`${this.base}api/${path}`, {
      signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      ...(body && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    }).catch(() => null);
    if (response?.ok) return response;
    const { detail = "" } = (await response?.json().catch(() => null)) ?? {};
    const wait = Number(response?.headers.get("retry-after")) || 0;
    throw { status: response?.status ?? 0, wait, detail } satisfies Refusal;
  }
}
