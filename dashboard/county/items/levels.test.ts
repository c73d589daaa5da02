import { describe, expect, it } from 'vitest'
import { type LevelDraft, levelsOf, packsOf, unitsOf, wrongRows } from './levels.ts'

const GTIN = '06901234567892'
/** `箱 20 盒 06901234567892`: 20 of 盒 each; `片 1` holds base units. */
const drafts = (...lines: readonly string[]): readonly LevelDraft[] =>
  lines.map((line) => {
    const [pack = '', quantity = '', of, code] = line.split(' ')
    return {
      row: pack,
      pack,
      quantity: quantity === '-' ? null : Number(quantity),
      of: of === undefined || of === '=' ? null : of,
      codes: code === undefined ? [] : [{ row: `${pack} ${code}`, scheme: 'gtin', code }],
    }
  })
const codes = (levels: readonly LevelDraft[]) => [...wrongRows(levels)].map(([row, { code }]) => `${row} ${code}`)

describe('units are reckoned while one writes', () => {
  it.each([
    [
      ['片 1', '盒 100 片', '箱 20 盒'],
      [1, 100, 2000],
    ],
    [
      ['箱 20 盒', '盒 100'],
      [2000, 100],
    ],
    [
      ['盒 - ', '箱 20 盒'],
      [null, null],
    ],
    [
      ['盒 2 箱', '箱 3 盒'],
      [null, null],
    ],
  ])('%j', (lines, units) => expect([...unitsOf(drafts(...lines)).values()]).toEqual(units))
})

describe('what is wrong stands at its row', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['片 1', '盒 100 片', '箱 20 盒'], []],
    [['盒 2.5'], ['盒 catalog.factor-not-whole']],
    [['片 1', '盒 0 片'], ['盒 catalog.factor-not-whole']],
    [
      ['盒 2 箱', '箱 3 盒'],
      ['盒 catalog.pack-loop', '箱 catalog.pack-loop'],
    ],
    [['盒 1 盒'], ['盒 catalog.pack-loop']],
    [[`盒 10 = ${GTIN}`, `箱 20 盒 ${GTIN}`], ['箱 catalog.gtin-taken']],
    [['盒 10 = 06901234567890'], ['盒 catalog.gtin-wrong']],
  ])('%j: %j', (lines, wrong) => expect(codes(drafts(...lines))).toEqual(wrong))
  it('a name given twice, at the second', () => {
    const twice = drafts('盒 10', '盒 20').map((level, at) => ({ ...level, row: String(at) }))
    expect(codes(twice)).toEqual(['1 catalog.pack-twice'])
  })
  it('only the row that is wrong itself is named, not what is built on it', () => {
    expect(codes(drafts('片 1', '盒 1.5 片', '箱 2 盒', '包 7'))).toEqual(['盒 catalog.factor-not-whole'])
  })
})

it('levels come back as they were saved', () => {
  let made = 0
  const packs = [
    { pack: '片', units: 1, gtin: null },
    { pack: '盒', units: 100, gtin: GTIN, codes: [{ scheme: 'ma' as const, code: 'MA.156.1' }], of: { pack: '片', quantity: 100 } },
    { pack: '箱', units: 2000, gtin: null, of: { pack: '盒', quantity: 20 } },
  ]
  expect(
    packsOf(
      levelsOf(packs, () => {
        made += 1
        return `row ${made}`
      }),
    ),
  ).toEqual(packs)
})

it('a shorter GTIN is saved with zeros in front', () => {
  expect(packsOf(drafts('盒 10 = 6901234567892'))[0]?.gtin).toBe(GTIN)
})
