import type { Source, Text } from './sources.ts'

/** File names and exported names that say nothing. */
export const nameBreaches = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, exportedNames }) => [
    ...path.split('/').flatMap((part) => (saysNothing(part.replace(/(\.test)?\.\w+$/, '')) ? [`${path}: the name ${part}`] : [])),
    ...exportedNames.filter(saysNothing).map((name) => `${path} exports ${name}`),
  ])

/** A file of more lines is two files. */
export const lengthBreaches = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1
    return lines > LINES_MAX ? [`${path} has ${lines} lines, above ${LINES_MAX}`] : []
  })

/** Letters that look like others or like nothing, and typographic marks in a line without Chinese. */
export const letterBreaches = (texts: readonly Text[]): readonly string[] =>
  linesOf(texts, (line) => {
    const [unseen] = UNSEEN.exec(line) ?? []
    if (unseen !== undefined) return `U+${unseen.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
    const [mark] = CHINESE.test(line) ? [] : (TYPOGRAPHIC.exec(line) ?? [])
    return mark === undefined ? null : `${mark} in a line without Chinese`
  })

/** Paths of one machine, and hosts of one registry: the project runs anywhere. */
export const leakBreaches = (texts: readonly Text[]): readonly string[] => linesOf(texts, (line) => LEAK.exec(line)?.[0] ?? null)

/** Promises without a date, and orders to a tool to look away. */
export const excuseBreaches = (sources: readonly Source[]): readonly string[] => linesOf(sources, (line) => EXCUSE.exec(line)?.[0] ?? null)

const linesOf = (texts: readonly Text[], breachOf: (line: string) => string | null): readonly string[] =>
  texts.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const breach = breachOf(line)
      return breach === null ? [] : [`${path}:${index + 1} holds ${breach}`]
    }),
  )

const LINES_MAX = 400

const saysNothing = (name: string): boolean => WHOLE.has(name.toLowerCase()) || wordsOf(name).some((word) => PART.has(word))

const PART = new Set(
  'handle handles handler handlers process processor manage manager perform helper helpers util utils common misc'.split(' '),
)
const WHOLE = new Set(['do', 'data', 'info'])

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)

// Spaces of no width or no break, marks that turn the writing direction, line ends that no editor shows, the byte order mark.
const UNSEEN = /[\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
const CHINESE = /[\u3000-\u9fff\uff00-\uffef]/
const TYPOGRAPHIC = /[\u2013\u2014\u2018\u2019\u201c\u201d]/

// Written so that this file does not hold what it looks for.
const LEAK = /(?<![\w.])\/(work|root|home)\/\w|registry[.]npm|"resolved": "\w+:/
const EXCUSE = /\b(TO[D]O|FIX[M]E|XX[X])\b|@ts[-](ignore|expect-error|nocheck)|biome[-]ignore/
