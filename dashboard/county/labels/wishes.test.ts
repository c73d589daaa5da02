import { expect, test } from 'vitest'
import { bodyOf, FIRST_LOOK, FIRST_TAGS, packFor, sameActKey, type WishRow } from './wishes.ts'

const row: WishRow = { id: 1, item: 'gauze', pack: '箱', lotNumber: ' B1 ', expiry: null, copies: 3 }
const PACKS = [
  { pack: '片', units: 1, gtin: null },
  { pack: '盒', units: 10, gtin: '06901234567892' },
  { pack: '箱', units: 100, gtin: '16901234567899' },
]

test('a line says what it wants; one that is unfinished is left out', () => {
  expect(bodyOf([row], FIRST_TAGS, FIRST_LOOK)).toMatchObject({
    labels: [{ item: 'gauze', pack: '箱', lotNumber: 'B1', expiry: null, copies: 3 }],
    announce: null,
  })
  expect(bodyOf([row, { ...row, pack: undefined }], FIRST_TAGS, FIRST_LOOK)?.labels).toHaveLength(1)
  expect(bodyOf([{ ...row, pack: undefined }], FIRST_TAGS, FIRST_LOOK)).toBeNull()
  expect(bodyOf([], FIRST_TAGS, FIRST_LOOK)).toBeNull()
  expect(bodyOf([row], { ...FIRST_TAGS, kind: 'announce' }, FIRST_LOOK)).toBeNull()
  expect(bodyOf([row], { ...FIRST_TAGS, kind: 'announce', site: 'xinghe' }, FIRST_LOOK)?.announce).toMatchObject({
    site: 'xinghe',
    doc: null,
  })
  expect(bodyOf([row], { ...FIRST_TAGS, kind: 'numbered' }, FIRST_LOOK)).toMatchObject({ announce: null, numbered: { prefixDigits: 7 } })
})

test('another size or printer is the same act, another count is not', () => {
  const keyOf = (rows: readonly WishRow[], look = FIRST_LOOK): string => {
    const body = bodyOf(rows, FIRST_TAGS, look)
    return body === null ? '' : sameActKey(body)
  }
  expect(keyOf([row], { ...FIRST_LOOK, size: '80x50', form: 'zpl' })).toBe(keyOf([row]))
  expect(keyOf([{ ...row, copies: 4 }])).not.toBe(keyOf([row]))
})

test.each([
  [undefined, { pack: '箱', copies: 1 }],
  [200, { pack: '箱', copies: 2 }],
  [30, { pack: '盒', copies: 3 }],
  [7, { pack: '盒', copies: 1 }],
  [139, { pack: '箱', copies: 2 }],
  [5_000_001, { pack: '箱', copies: 1_000 }],
] as const)('%s units are labelled as %j', (units, expected) => expect(packFor(PACKS, units)).toEqual(expected))
test('packs without a GTIN are chosen where none has one, and no pack is no label', () => {
  expect(packFor(PACKS.slice(0, 1), 3)).toEqual({ pack: '片', copies: 3 })
  expect(packFor([], 3)).toBeNull()
})
