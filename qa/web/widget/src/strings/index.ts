// The languages. To add one: write a file like en.ts, and name it here.

import { ar } from "./ar";
import { de } from "./de";
import { en, type Strings } from "./en";
import { es } from "./es";
import { fr } from "./fr";

export type { Strings };

const LANGUAGES: Record<string, Strings> = { en, ar, de, es, fr };

/** The language nearest to `wanted` and its strings, some replaced by the JSON in `own`. */
export function say(wanted: string, own = "{}"): [string, Strings] {
  const code = wanted.toLowerCase().split("-")[0]!;
  const known = Object.hasOwn(LANGUAGES, code);
  let words: Partial<Strings> = {};
  try {
    words = JSON.parse(own);
  } catch (error) {
    console.warn("Citewell: data-strings", error); // a slip there is no reason to have no help
  }
  // A language that the owner brings along is named as what it is.
  const lang = known || own !== "{}" ? wanted : "en";
  return [lang, { ...(known ? LANGUAGES[code]! : en), ...words }];
}

/** `pattern` with {} replaced. */
export function fill(pattern: string, value: string | number): string {
  return pattern.replace("{}", () => String(value));
}
