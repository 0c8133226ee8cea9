// The wire form of an answer, as `Answer.to_dict()` in qa/answer.py writes it.

export interface Quote {
  text: string;
  passage: string;
  start: number; // in characters of Python's str: code points, not UTF-16 units
  end: number;
  citation: number;
}

export interface Citation {
  number: number;
  passage: string;
  kind: string;
  title: string;
  publisher: string;
  date: string;
  link: string;
  source: string;
  headings: string[];
  header: string;
  context: string;
  page: number | null;
}

export interface Suggestion {
  text: string;
  passage: string;
}

export interface Disagreement {
  about: string;
  values: { value: string; quotes: number[] }[];
}

export interface Answer {
  id: string;
  question: string;
  answering: string | null;
  status: "answered" | "ask_back" | "abstained";
  text: string;
  quotes: Quote[];
  citations: Citation[];
  disagreements: Disagreement[];
  choices: Suggestion[];
  nearest: Suggestion[];
  related: Suggestion[];
  reply: string;
  warning: string;
  looked_for: string[];
  not_found: string[]; // of those: the ones that stand nowhere
  generation: string;
}

export interface Turn {
  role: "user" | "assistant";
  content: string;
}

export type Verdict = "yes" | "no" | "wrong-source" | "none-of-these";
