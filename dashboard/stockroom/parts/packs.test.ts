import { expect, it } from 'vitest'
import { countedIn } from './packs.ts'

const unit = { zh: '支', en: 'piece' }
it('offers the packs and the base unit, the largest first', () => {
  const packs = [
    { gtin: null, pack: '盒', units: 100 },
    { gtin: null, pack: '箱', units: 2_000 },
  ]
  expect(countedIn({ packs, unit }, 'en')).toEqual([
    { pack: '箱', units: 2_000, words: '箱' },
    { pack: '盒', units: 100, words: '盒' },
    { pack: '支', units: 1, words: 'piece' },
  ])
})
it('does not offer the base unit twice', () => {
  expect(countedIn({ packs: [{ gtin: null, pack: '支', units: 1 }], unit }, 'zh').map((way) => way.words)).toEqual(['支'])
})
