import { useEffect, useState } from "react";
import type { Language } from "../api/types";
import { chooseLanguage, tagOf } from "../language";
import { applyScheme, type Scheme } from "../scheme";
import { browserStore } from "../storage";

const store = browserStore("kaidesk-staff:");

/** The language of the pages: as last chosen here, else the browser's. */
export function useLanguage(): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState(() => chooseLanguage(store.read("language"), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = tagOf(language);
    store.write("language", language);
  }, [language]);
  return [language, setLanguage];
}

/** Light, dark, or as the system has it. */
export function useScheme(): [Scheme, (scheme: Scheme) => void] {
  const [scheme, setScheme] = useState<Scheme>(() => (store.read("scheme") as Scheme | null) ?? "auto");
  useEffect(() => {
    store.write("scheme", scheme === "auto" ? null : scheme);
    return applyScheme(scheme);
  }, [scheme]);
  return [scheme, setScheme];
}
