// What a site owner sets: data- attributes of the element, which the script tag hands on.

import { say, type Strings } from "./strings";

export interface Options {
  base: string; // of the API, with a slash at its end
  t: Strings;
  lang: string;
  rtl: boolean;
  title: string;
  floating: boolean;
  data: DOMStringMap; // the rest
}

/** `home` is where the script came from: the API lives beside it unless the owner says otherwise. */
export function read(data: DOMStringMap, home: string): Options {
  const [lang, t] = say(data.lang || document.documentElement.lang || "en", data.strings);
  return {
    base: new URL(data.endpoint || ".", home).href.replace(/\/*$/, "/"),
    t,
    lang,
    rtl: /^(ar|fa|he|ur)\b/.test(lang),
    title: data.title || t.title,
    floating: data.mode === "floating",
    data,
  };
}

/** The owner's own link: of the web, of a person, or of a page of the site. */
export function address(url = ""): string {
  return /^(https?:|mailto:|\.|\/)/.test(url) ? url : "";
}
