import { houseOf, targetOf } from './directions.ts'
import { PURE_ROOMS } from './rooms.ts'
import type { Source } from './sources.ts'

/** One foreign package, one file of a house that imports it; its types are part of it. */
export const doorBreaches = (sources: readonly Source[]): readonly string[] => {
  const doors = new Map<string, Set<string>>()
  for (const { path, imports, isTest } of sources) {
    if (isTest || houseOf(path) === '') continue
    for (const { from } of imports) {
      const name = packageOf(path, from)
      if (name === null || EVERYWHERE.has(name)) continue
      const door = `${houseOf(path)} ${name}`
      doors.set(door, (doors.get(door) ?? new Set()).add(path))
    }
  }
  return [...doors].flatMap(([door, files]) => (files.size === 1 ? [] : [`${door} has ${files.size} doors: ${[...files].join(', ')}`]))
}

/** What the rooms that only decide must not know: Node, a page, the clock, chance, anything foreign but the two packages of the protocol. */
export const purityBreaches = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path, isTest }) => !isTest && PURE_ROOMS.some((room) => path.startsWith(`${room}/`)))
    .flatMap(({ path, code, imports }) => [
      ...imports.flatMap(({ from }) => {
        const foreign = targetOf(path, from) === null && !PURE_PACKAGES.has(packageOf(path, from) ?? from)
        return foreign ? [`${path} imports ${from}`] : []
      }),
      ...IMPURE.flatMap((impure) => code.match(impure)?.[0] ?? []).map((word) => `${path} uses ${word}`),
    ])

/** The environment is read in `settings.ts` alone: everything else gets values that were checked there. */
export const environmentBreaches = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path, isTest, code }) => !isTest && !MAY_READ_ENVIRONMENT.test(path) && ENVIRONMENT.test(code))
    .map(({ path }) => `${path} reads the environment`)

// The schema language stands at every door; a page is written in its components; a test in its runner.
const EVERYWHERE = new Set(['typebox', 'react', 'react-dom', 'antd', 'antd-mobile', '@ant-design/icons', 'vitest', 'fast-check'])
const PURE_PACKAGES = new Set(['typebox', 'canonicalize'])

const IMPURE = [
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /\bMath\.random\b/,
  /\bperformance\b/,
  /\bcrypto\b\s*\./,
  /\b(setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\s*\(/,
  /\b(process|Buffer|window|document|console|globalThis|localStorage)\b\s*[.[]/,
]

// Handing the whole of it to a program one starts (`...process.env`) reads nothing of it.
const ENVIRONMENT = /(?<!\.\.\.)\bprocess\s*(\.\s*env\b|\[\s*['"]env)|\.\.\.process\.env\s*[.[?]|\bimport\.meta\.env\b/
const MAY_READ_ENVIRONMENT = /(^|\/)settings\.ts$|^deploy\/lotkeeper\.js$|^deploy\/launcher\/|^test\/|^vitest\.config\.ts$/

const packageOf = (path: string, from: string): string | null => {
  if (targetOf(path, from) !== null || from.startsWith('node:')) return null
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
}
