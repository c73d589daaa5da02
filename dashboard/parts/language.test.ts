import { describe, expect, it } from 'vitest'
import { ASIDE_TEXTS } from '../county/aside-texts.ts'
import { CATALOG_TEXTS } from '../county/catalog-texts.ts'
import { LEDGER_TEXTS } from '../county/ledger-texts.ts'
import { COUNTY_TEXTS } from '../county/texts.ts'
import { ACT_TEXTS } from '../stockroom/acts-texts.ts'
import { STOCKROOM_TEXTS } from '../stockroom/texts.ts'
import { fill, nameIn, placeholdersOf, sayIn, type Text } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

const DICTIONARIES: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  shared: SHARED_TEXTS,
  county: COUNTY_TEXTS,
  ledger: LEDGER_TEXTS,
  asides: ASIDE_TEXTS,
  catalogue: CATALOG_TEXTS,
  stockroom: STOCKROOM_TEXTS,
  acts: ACT_TEXTS,
}
const ROWS = Object.entries(DICTIONARIES).flatMap(([name, texts]) =>
  Object.entries(texts).map(([key, text]) => ({ at: `${name} ${key}`, ...text })),
)
const CHINESE = /[\u4e00-\u9fff]/

describe('the dictionaries are whole in both languages', () => {
  it('says something in each', () => {
    expect(ROWS.filter(({ zh, en }) => zh.trim() === '' || en.trim() === '').map(({ at }) => at)).toEqual([])
  })
  it('asks for the same facts in each', () => {
    // A plural form reads a fact that the Chinese sentence already names.
    expect(ROWS.filter(({ zh, en }) => placeholdersOf(zh).join() !== placeholdersOf(en).join()).map(({ at }) => at)).toEqual([])
  })
  it('has no Chinese in English, but for the name of the other language', () => {
    expect(ROWS.filter(({ en }) => CHINESE.test(en)).map(({ at }) => at)).toEqual(['shared language.other'])
  })
  it('has no English left in Chinese, but for names and codes', () => {
    const words = /\b(?!Lotkeeper|English|EPC|GTIN|HIBC|PDF|JPEG|PNG|Esc|lotkeeper)[A-Za-z]{3,}\b/
    expect(ROWS.filter(({ zh }) => words.test(zh.replace(/\{[^}]*\}/g, ''))).map(({ at }) => at)).toEqual([])
  })
  it('never gives one key two meanings', () => {
    const keys = [SHARED_TEXTS, COUNTY_TEXTS, LEDGER_TEXTS, ASIDE_TEXTS, CATALOG_TEXTS].flatMap((texts) => Object.keys(texts))
    expect(keys.filter((key, place) => keys.indexOf(key) < place)).toEqual([])
    const others = [...Object.keys(SHARED_TEXTS), ...Object.keys(STOCKROOM_TEXTS), ...Object.keys(ACT_TEXTS)]
    expect(others.filter((key, place) => others.indexOf(key) < place)).toEqual([])
  })
})

describe('a sentence takes its facts', () => {
  it.each([
    ['批号 {lot}', { lot: 'B1' }, '批号 B1'],
    ['{n} {n:box|boxes}', { n: 1 }, '1 box'],
    ['{n} {n:box|boxes}', { n: 3 }, '3 boxes'],
    ['{n} {n:box|boxes}', { n: 0 }, '0 boxes'],
    ['{here} {gone}', { here: 'x' }, 'x {gone}'],
    ['{a}{a}', { a: 2 }, '22'],
  ])('%s', (sentence, facts, said) => {
    expect(fill(sentence, facts as Record<string, string | number>)).toBe(said)
  })
  it('speaks one language at a time', () => {
    const texts = { 'a.b': { zh: '{n} 个', en: '{n} {n:piece|pieces}' } } as const
    expect(sayIn(texts, 'zh')('a.b', { n: 2 })).toBe('2 个')
    expect(sayIn(texts, 'en')('a.b', { n: 2 })).toBe('2 pieces')
  })
  it('falls back to the Chinese name', () => {
    expect(nameIn({ zh: '纱布', en: '' }, 'en')).toBe('纱布')
    expect(nameIn({ zh: '纱布', en: 'Gauze' }, 'en')).toBe('Gauze')
    expect(nameIn({ zh: '纱布', en: 'Gauze' }, 'zh')).toBe('纱布')
  })
})
