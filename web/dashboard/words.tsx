import { createContext, useContext } from "react";
import type { Language } from "../shared/api/types";
import { en, type Words } from "./words/en";
import { zh } from "./words/zh";

export const WORDS: Record<Language, Words> = { en, zh };

export const Spoken = createContext<{ words: Words; language: Language }>({ words: en, language: "en" });
export const useWords = () => useContext(Spoken);
