import { createContext, useContext, useMemo } from 'react'

/** The two languages of the house. Chinese is first: it is what a page opens in. */
export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** One thing said in both languages. `{name}` is filled from facts; in English `{n:box|boxes}` picks the form by number. */
export interface Text {
  readonly zh: string
  readonly en: string
}
export type Texts = Readonly<Record<string, Text>>

/** Names of the facts a sentence asks for, read off the sentence itself. */
export type FactsOf<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Plain}:${string}` ? Plain : Name) | FactsOf<Rest>
  : never
type FactsGiven<Sentence extends string> = [FactsOf<Sentence>] extends [never]
  ? readonly []
  : readonly [facts: Readonly<Record<FactsOf<Sentence>, string | number>>]

/** Says a row of a dictionary; the compiler knows the keys and the facts each needs. */
export type Say<Dictionary extends Texts> = <Key extends keyof Dictionary>(key: Key, ...facts: FactsGiven<Dictionary[Key]['zh']>) => string

/** A speaker of one dictionary in one language. */
export const sayIn =
  <Dictionary extends Texts>(texts: Dictionary, language: Language): Say<Dictionary> =>
  (key, ...[facts]) =>
    fill(texts[key]?.[language] ?? '', facts ?? {})

/** A name in the reader's language; a name without English is shown in Chinese. */
export const nameIn = (name: Text, language: Language): string => (language === 'en' && name.en !== '' ? name.en : name.zh)

/** Puts facts into a sentence. */
export const fill = (sentence: string, facts: Readonly<Record<string, string | number>>): string =>
  sentence.replace(PLACEHOLDER, (whole, name: string, one?: string, many?: string) => {
    const fact = facts[name]
    if (fact === undefined) return whole
    return one === undefined ? String(fact) : Number(fact) === 1 ? one : (many ?? one)
  })

/** The facts a sentence names, once each, in order of the alphabet. */
export const placeholdersOf = (sentence: string): readonly string[] =>
  [...new Set([...sentence.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))].sort()

export interface LanguageChoice {
  readonly language: Language
  readonly choose: (language: Language) => void
}
export const LanguageContext = createContext<LanguageChoice>({ language: 'zh', choose: () => undefined })
export const useLanguage = (): LanguageChoice => useContext(LanguageContext)

/** The speaker of a dictionary in the reader's language. */
export const useSayIn = <Dictionary extends Texts>(texts: Dictionary): Say<Dictionary> => {
  const { language } = useLanguage()
  return useMemo(() => sayIn(texts, language), [texts, language])
}

const PLACEHOLDER = /\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g
