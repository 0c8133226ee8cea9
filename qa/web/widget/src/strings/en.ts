export const en = {
  title: "Help",
  close: "Close",
  restart: "Restart",
  intro: "Answers are quoted from our sources.",
  privacy: "Please leave out personal details.",
  box: "Your question",
  ask: "Ask",
  stop: "Stop",
  searching: "Searching…",
  answering: "Answering: {}",
  asTyped: "Ask it as typed",
  answerTo: "Answer to: {}",
  differ: "Sources differ on the {}:",
  sources: "Sources ({})",
  page: "p. {}",
  read: "Read in source",
  helpful: "Helpful?",
  yes: "Yes",
  no: "No",
  wrong: "Wrong source",
  noted: "Noted. Thank you.",
  copy: "Copy",
  related: "Related:",
  meant: "Did you mean one of these?",
  none: "None of these",
  silence: "The sources don’t say.",
  lookedFor: "Looked for: {}",
  notFound: "No source mentions: {}",
  closest: "Closest:",
  contact: "Contact us",
  offline: "You are offline.",
  busy: "Too many questions right now.",
  unreachable: "The help is out of reach.",
  failed: "That did not work.",
  retry: "Try again",
};

export type Strings = typeof en;

/** English's keys with the values of `row`, which the build makes of each language's file. */
export function unpack(row: string): Strings {
  const values = row.split("|");
  return Object.fromEntries(Object.keys(en).map((key, at) => [key, values[at]])) as Strings;
}
