import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCatalogueIndex, ranked } from './catalogue.ts'
import { deviceWith, diOf, type Imported, onePart, openImported, zipped } from './fixtures/imported.ts'
import { releaseParts } from './fixtures/release.ts'
import { LIMITS } from './limits.ts'
import { wishOf } from './wish.ts'
import { readRecord, readWithParser } from './xml.ts'

const NAMES = ['纱布块', '医用纱布块', '一次性使用无菌纱布', '重庆长效输液器', 'PICC导管', '纱', 'X光片', '不含纱线的布']
const MAKER = '重庆康德医疗器械有限公司'
let reference: Imported
beforeAll(async () => {
  reference = openImported()
  const named = NAMES.map((cpmctymc, at) =>
    deviceWith(900_000 + at, {
      cpmctymc,
      spmc: at === 0 ? '小白兔' : '',
      ggxh: `KX-${at}0`,
      ylqxzcrbarmc: MAKER,
      zczbhhzbapzbh: `渝械注准2019214000${at}`,
    }),
  )
  await reference.take(onePart(named))
  await reference.take(zipped(releaseParts({ seed: 11, records: 300 })))
})
afterAll(() => reference.close())

const found = (text: string, limit = 20) => reference.find(wishOf(text, 2026), limit)
const names = (text: string) =>
  [...new Set(found(text).map(({ why, title }) => `${why} ${title.zh}`))].filter((hit) => NAMES.some((name) => hit.endsWith(` ${name}`)))

describe('a wish finds, best first', () => {
  it.each([
    // One letter, two, three: names that begin with it before names that hold it, the shorter first.
    ['纱', ['name 纱', 'name-begins 纱布块', 'part 医用纱布块', 'part 不含纱线的布', 'part 一次性使用无菌纱布']],
    ['纱布', ['name-begins 纱布块', 'part 医用纱布块', 'part 一次性使用无菌纱布']],
    ['纱布块', ['name 纱布块', 'part 医用纱布块']],
    ['使用无菌', ['part 一次性使用无菌纱布']],
    // Letters that stand in the name but not side by side.
    ['纱的', []],
    ['纱布线', []],
    ['sbk', ['initials 纱布块', 'initials 医用纱布块']],
    ['SBK', ['initials 纱布块', 'initials 医用纱布块']],
    ['shabuk', ['pinyin 纱布块', 'pinyin 医用纱布块']],
    // The sound of a word, not of its letters: 重庆 is chong qing, 长效 is chang xiao.
    ['cqcx', ['initials 重庆长效输液器']],
    ['chongqingchang', ['pinyin 重庆长效输液器']],
    ['picc', ['name-begins PICC导管']],
    ['ＰＩＣＣ 导管', ['name PICC导管']],
    ['医用 块', ['part 医用纱布块']],
    ['纱布块 KX-00', ['words 纱布块']],
    ['康德 纱布块', ['words 纱布块', 'words 医用纱布块']],
    ['小白兔', ['name 纱布块']],
    ['xbt', ['initials 纱布块']],
    ['渝械注准20192140003', ['name 重庆长效输液器']],
    ['20192140003', ['digits 重庆长效输液器']],
    ['KX-30', ['model 重庆长效输液器']],
  ])('%s', (text, hits) => {
    expect(names(text)).toEqual(hits)
  })

  it.each([
    ['13 digits', diOf(900_000).slice(1)],
    ['14 digits', diOf(900_000)],
    ['a scan with lot and expiry', `]d201${diOf(900_000)}17281031\u001d10B2611`],
    ['brackets', `(01)${diOf(900_000)}(10)B2611`],
    ['a scanner that sends no symbology', `01${diOf(900_000)}`],
  ])('a code in any form: %s', (_, text) => {
    expect(found(text)[0]).toMatchObject({ id: diOf(900_000), why: 'code', in: 'code' })
  })

  it('a code that is half typed', () => {
    expect(found(diOf(900_000).slice(1, 12))[0]).toMatchObject({ why: 'code-begins' })
  })

  it('reads what a scan says beside the code', () => {
    expect(wishOf(`]d201${diOf(900_000)}1728103110B2611`, 2026)).toMatchObject({
      lot: 'B2611',
      expiry: '2028-10-31',
      codes: [diOf(900_000)],
    })
    expect(wishOf('+A99912345/$$52001510X33', 2026)).toMatchObject({ lot: '10X3', expiry: '2020-01-15' })
    expect(wishOf('+A99912345/$$52001510X33', 2026).codes).toContain('A99912345')
    expect(wishOf('MA.156.M0.100472.11103316.LB1', 2026).codes).toContain('MA.156.M0.100472.11103316')
    expect(wishOf('3074257BF7194E4000001A85', 2026)).toMatchObject({
      epc: '3074257BF7194E4000001A85',
      serial: '6789',
      codes: ['80614141123458'],
    })
  })

  it.each(['', '   ', '，。', '%', '_', '"', `' or 1=1 --`, '<b>', 'a" AND "b', '*', 'NEAR(', '\u0000', '纱'.repeat(300), '\ud800'])(
    '%j breaks nothing',
    (text) => {
      expect(found(text).length).toBeLessThanOrEqual(20)
    },
  )

  it('no more than was asked for, and each record once', () => {
    const hits = found('医', 100)
    expect(found('医', 3)).toHaveLength(3)
    expect(new Set(hits.map(({ id }) => id)).size).toBe(hits.length)
  })
})

describe('the catalogue', () => {
  const index = openCatalogueIndex([
    row('gauze', '医用纱布块', 'Gauze swab', ['06901234567892']),
    row('sand', '沙袋', 'Sand bag', []),
    row('tube', '导尿管', 'Catheter 纱', []),
  ])
  function row(id: string, zh: string, en: string, codes: readonly string[]) {
    const texts = [zh, en].map((text) => ({ in: 'name' as const, text }))
    return { is: 'item' as const, id, title: { zh, en }, detail: '', codes, texts }
  }
  it.each([
    ['6901234567892', ['code gauze']],
    ['gauze', ['name-begins gauze']],
    ['纱', ['part gauze', 'part tube']],
    ['sd', ['initials sand']],
    ['shabu', ['pinyin gauze']],
    ['纱布 swab', ['words gauze']],
    ['', []],
  ])('%s', (text, hits) => {
    expect(index(wishOf(text, 2026), 20).map(({ why, id }) => `${why} ${id}`)).toEqual(hits)
  })

  it('stands before what is as well found elsewhere', () => {
    const hit = (is: 'item' | 'device', why: 'part' | 'code') => ({
      is,
      id: is,
      title: { zh: '', en: '' },
      detail: '',
      why,
      in: 'name' as const,
    })
    expect(ranked([hit('item', 'part'), hit('device', 'part'), hit('device', 'code')]).map(({ is, why }) => `${is} ${why}`)).toEqual([
      'device code',
      'item part',
      'device part',
    ])
  })
})

describe('the two ways to read a record', () => {
  it('come to the same', () => {
    const records = Array.from({ length: 60 }, (_, at) => deviceWith(at, { cphhhbh: at % 3 === 0 ? 'a\n b ' : '' }))
    for (const text of records) expect(readRecord(text, LIMITS)).toEqual(readWithParser(text, LIMITS))
  })
})
