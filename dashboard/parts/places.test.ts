import { describe, expect, it } from 'vitest'
import { sayIn } from './language.ts'
import { placeWords, sitesById, wayWords } from './places.ts'
import { SHARED_TEXTS } from './texts.ts'

const sites = sitesById([
  {
    site: 'qinglong',
    name: { zh: '青龙镇卫生院', en: 'Qinglong' },
    zone: 'Asia/Shanghai',
    rooms: [{ room: 'main', name: { zh: '耗材库房', en: 'Stockroom' }, use: 'store' }],
  },
])
const words = (place: string) => placeWords(place, sites, sayIn(SHARED_TEXTS, 'zh'), 'zh')

describe('a place in words', () => {
  it.each([
    ['qinglong/main/pending', '青龙镇卫生院 · 耗材库房', 'pending'],
    ['qinglong/attic/available', '青龙镇卫生院 · attic', 'available'],
    ['baisha/main/held', 'baisha · main', 'held'],
    ['qinglong/~transit', '青龙镇卫生院 · 在途', null],
    ['hub/~supplier', '供应商', null],
    ['no place at all', 'no place at all', null],
  ])('%s', (place, whole, state) => expect(words(place)).toMatchObject({ whole, state }))
  it('names the site of a way once', () => {
    expect(wayWords(words('qinglong/main/pending'), words('qinglong/main/available'))).toBe('青龙镇卫生院 · 耗材库房 · 待验 → 可用')
    expect(wayWords(words('qinglong/main/available'), words('qinglong/~consumed'))).toBe('青龙镇卫生院 · 耗材库房 → 已使用')
    expect(wayWords(words('hub/~supplier'), words('qinglong/~transit'))).toBe('供应商 → 青龙镇卫生院 · 在途')
  })
})
