import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../refusals.ts'
import { readHibc } from './hibc.ts'
import { checkCharacterOf } from './hibc-check.ts'
import type { AgencySaid } from './said.ts'

const ALPHABET = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%')
const labelled = (text: string): string => text + checkCharacterOf(text)
const codeOf = (text: string): string => {
  const said = readHibc(text, 2026)
  return isRefusal(said) ? said.code : said.kind
}
const read = (text: string): AgencySaid => {
  const said = readHibc(text, 2026)
  if (isRefusal(said)) throw new Error(`${said.code} ${said.en}`)
  return said
}
/** Behind one product, and as a symbol of its own. */
const secondary = (text: string): readonly AgencySaid[] => [read(labelled(`+A99912345/${text}`)), read(labelled(`+${text}C`))]

describe('the check character', () => {
  it.each([
    ['+A123BJC5D6E71', 'G'],
    ['+A99912345', '7'],
    ['+A99912345/$$52001510X3', '3'],
    ['+Z99900999302035', 'E'],
    ['+A999AV5', ' '],
    ['', '0'],
    ['+a', null],
    ['+库', null],
    ['+{', null],
  ])('of %j is %j', (text, character) => expect(checkCharacterOf(text)).toBe(character))
  it('may be a blank, a slash or any other letter of the alphabet', () => {
    const checks = new Set<string>()
    for (let number = 0; number < 43; number += 1) {
      const label = labelled(`+A9991${'A'.repeat(number % 17)}${number % 10}5`)
      checks.add(label.slice(-1))
      expect(read(label)).toMatchObject({ kind: 'primary', fields: { check: label.slice(-1) } })
    }
    expect(checks.size).toBeGreaterThan(20)
    for (const link of [' ', '/', '$', '+']) expect(read(labelled(`+$$0905LOT${link}`)).fields).toMatchObject({ lot: 'LOT', link })
  })
})

describe('quantity, date and number', () => {
  it.each([
    ['$3C001', { dateFormat: 'none', lot: '3C001' }, null],
    ['$+0001', { dateFormat: 'none', serial: '0001' }, null],
    ['$$09283C001', { dateFormat: 'MMYY', expiry: '2028-09', lot: '3C001' }, '2028-09-30'],
    ['$$1228', { dateFormat: 'MMYY', expiry: '2028-12' }, '2028-12-31'],
    ['$$0228', { expiry: '2028-02' }, '2028-02-29'],
    ['$$20928283C001', { dateFormat: 'MMDDYY', expiry: '2028-09-28', lot: '3C001' }, '2028-09-28'],
    ['$$32809283C001', { dateFormat: 'YYMMDD', expiry: '2028-09-28' }, '2028-09-28'],
    ['$$428092822', { dateFormat: 'YYMMDDHH', expiry: '2028-09-28T22' }, '2028-09-28'],
    ['$$5282723C001', { dateFormat: 'YYJJJ', expiry: '2028-09-28', lot: '3C001' }, '2028-09-28'],
    ['$$528366', { expiry: '2028-12-31' }, '2028-12-31'],
    ['$$628272223C001', { dateFormat: 'YYJJJHH', expiry: '2028-09-28T22', lot: '3C001' }, '2028-09-28'],
    ['$$73C001', { dateFormat: 'none', lot: '3C001' }, null],
    ['$$+70001', { dateFormat: 'none', serial: '0001' }, null],
    ['$$+09280001', { expiry: '2028-09', serial: '0001' }, '2028-09-30'],
    ['$$+20928280001', { expiry: '2028-09-28', serial: '0001' }, '2028-09-28'],
    ['$$+4280928220001', { expiry: '2028-09-28T22', serial: '0001' }, '2028-09-28'],
    ['$$+5282720001', { expiry: '2028-09-28', serial: '0001' }, '2028-09-28'],
    ['$$+628272220001', { expiry: '2028-09-28T22', serial: '0001' }, '2028-09-28'],
    ['$$824', { quantity: 24 }, null],
    ['$$82473C001', { quantity: 24, dateFormat: 'none', lot: '3C001' }, null],
    ['$$82409283C001', { quantity: 24, expiry: '2028-09', lot: '3C001' }, '2028-09-30'],
    ['$$82432809283C001', { quantity: 24, expiry: '2028-09-28', lot: '3C001' }, '2028-09-28'],
    ['$$+82432809280001', { quantity: 24, expiry: '2028-09-28', serial: '0001' }, '2028-09-28'],
    ['$$9001005282723C001', { quantity: 100, expiry: '2028-09-28', lot: '3C001' }, '2028-09-28'],
    ['$$90010009283C001', { quantity: 100, expiry: '2028-09', lot: '3C001' }, '2028-09-30'],
    ['28272', { dateFormat: 'YYJJJ', expiry: '2028-09-28' }, '2028-09-28'],
    ['282723C001', { dateFormat: 'YYJJJ', expiry: '2028-09-28', lot: '3C001' }, '2028-09-28'],
    ['$10X3/16D20250901/14D20280131', { lot: '10X3', manufactured: '2025-09-01', expiry: '2028-01-31' }, '2028-01-31'],
    ['$10X3/14D20280131/Q500', { lot: '10X3', quantity: 500 }, '2028-01-31'],
    ['$$32808312B7/S77DEFG45', { lot: '2B7', serial: '77DEFG45' }, '2028-08-31'],
    ['$$0828L/14D20280815', { expiry: '2028-08-15', dateFormat: 'MMYY' }, '2028-08-15'],
    ['$$428083112L/14D20280831', { expiry: '2028-08-31T12' }, '2028-08-31'],
    ['$L/SA/SA/Q5/Q5', { serial: 'A', quantity: 5 }, null],
    ['$$+3280831SN42/SSN42', { serial: 'SN42' }, '2028-08-31'],
    ['$L/1T77', { lot: 'L', unknown: [{ unit: '1T', value: '77' }] }, null],
    ['$A-B. C%+', { lot: 'A-B. C%+' }, null],
    [`$${'9'.repeat(18)}`, { lot: '9'.repeat(18) }, null],
  ])('%s', (text, fields, expiry) => {
    for (const said of secondary(text)) {
      expect(said.fields).toMatchObject(fields)
      expect(said.expiry).toBe(expiry)
      expect([said.lot, said.serial, said.count]).toEqual(['lot', 'serial', 'quantity'].map((name) => said.fields[name] ?? null))
    }
    const [joined, alone] = secondary(text)
    expect(joined).toMatchObject({ kind: 'concatenated', di: { scheme: 'hibc', code: 'A99912345' } })
    expect(alone).toMatchObject({ kind: 'secondary', di: null, fields: { link: 'C' } })
    expect(alone?.notices).toContain('codes.key-missing')
    expect(joined?.notices.includes('codes.udi-part-unknown')).toBe(text.includes('1T'))
  })
  it('a product may have supplements alone', () => {
    expect(read(labelled('+A99912345/SSN1/16D20250901'))).toMatchObject({ serial: 'SN1', produced: '2025-09-01', lot: null })
  })
  it.each([
    ['$', 'codes.udi-part-wrong'],
    ['$+', 'codes.udi-part-wrong'],
    ['$$', 'codes.udi-part-wrong'],
    ['$$7', 'codes.udi-part-wrong'],
    ['$$LOT', 'codes.udi-part-wrong'],
    ['$$82', 'codes.udi-part-wrong'],
    ['$$8A40928', 'codes.udi-part-wrong'],
    ['$$9123', 'codes.udi-part-wrong'],
    ['$$8248240928', 'codes.udi-part-wrong'],
    ['$$82', 'codes.udi-part-wrong'],
    ['$$1328L', 'codes.udi-date-wrong'],
    ['$$0028L', 'codes.udi-date-wrong'],
    ['$$09', 'codes.udi-date-wrong'],
    ['$$2093128', 'codes.udi-date-wrong'],
    ['$$2090028', 'codes.udi-date-wrong'],
    ['$$3270229', 'codes.udi-date-wrong'],
    ['$$3280800', 'codes.udi-date-wrong'],
    ['$$428092824', 'codes.udi-date-wrong'],
    ['$$527366', 'codes.udi-date-wrong'],
    ['$$528000', 'codes.udi-date-wrong'],
    ['$$62827224', 'codes.udi-date-wrong'],
    ['28367L', 'codes.udi-date-wrong'],
    ['$L/14D20280230', 'codes.udi-date-wrong'],
    ['$L/14D280831', 'codes.udi-date-wrong'],
    ['$L/16D00000101', 'codes.udi-date-wrong'],
    ['$L/', 'codes.udi-part-wrong'],
    ['$L/S', 'codes.udi-part-wrong'],
    ['$L/QX', 'codes.udi-part-wrong'],
    ['$L/$M', 'codes.udi-part-wrong'],
    [`$${'9'.repeat(19)}`, 'codes.udi-part-wrong'],
    [`$L/S${'9'.repeat(19)}`, 'codes.udi-part-wrong'],
    ['$L/SA/SB', 'codes.udi-repeated'],
    ['$+A/SB', 'codes.udi-repeated'],
    ['$$824/Q25', 'codes.udi-repeated'],
    ['$$0828L/14D20280915', 'codes.udi-repeated'],
    ['$$3280831L/14D20280830', 'codes.udi-repeated'],
    ['$L/16D20250901/16D20250902', 'codes.udi-repeated'],
  ])('%s is refused: %s', (text, code) => {
    expect([codeOf(labelled(`+A99912345/${text}`)), codeOf(labelled(`+${text}C`))]).toContain(code)
    expect(codeOf(labelled(`+A99912345/${text}`))).toBe(code)
  })
})

describe('the product', () => {
  it.each([
    ['*+A999123457*', 'primary', 'the start and stop of a Code 39'],
    ['*+A999123457', 'primary', 'its start alone'],
    ['+A9991234C*', 'codes.hibc-check-wrong', 'a misread check'],
    ['+A99912345', 'codes.hibc-check-wrong', 'no check'],
    ['+A99912345D', 'codes.hibc-check-wrong', 'another check'],
    ['A999123457', 'codes.udi-part-wrong', 'no flag'],
    ['+', 'codes.udi-part-wrong', 'nothing'],
    ['', 'codes.udi-part-wrong', 'nothing at all'],
    [labelled('+A9991'), 'codes.udi-part-wrong', 'no product'],
    [labelled('+0A912345'), 'codes.udi-part-wrong', 'no letter first'],
    [labelled('+A-9912345'), 'codes.udi-part-wrong', 'a labeler with a dash'],
    [labelled('+A9991-45'), 'codes.udi-part-wrong', 'a product with a dash'],
    [labelled('+A9991234N'), 'codes.udi-part-wrong', 'a unit that is a letter'],
    [labelled(`+A999${'1'.repeat(18)}5`), 'primary', 'the longest'],
    [labelled(`+A999${'1'.repeat(19)}5`), 'codes.udi-part-wrong', 'longer than that'],
    [labelled('+/EAB1'), 'codes.udi-part-wrong', 'a label of the provider standard'],
    ['+a999123457', 'codes.udi-part-wrong', 'a small letter'],
  ])('%s: %s (%s)', (text, code) => expect(codeOf(text)).toBe(code))
  it('prints a blank as an underscore between the signs', () => {
    expect(codeOf('+A999AV5 ')).toBe('primary')
    expect(codeOf('*+A999AV5_*')).toBe('primary')
    expect(codeOf('+A999AV5_')).toBe('codes.hibc-check-wrong')
  })
})

describe('whatever is fed', () => {
  const some = (letters: string, minLength: number, maxLength: number) =>
    fc.array(fc.constantFrom(...letters), { minLength, maxLength }).map((all) => all.join(''))
  const ALNUM = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const label = fc.record({
    lic: fc.tuple(some('ABCXYZ', 1, 1), some(ALNUM, 3, 3)).map((parts) => parts.join('')),
    pcn: some(ALNUM, 1, 18),
    uom: some('0123456789', 1, 1),
    lot: some(`${ALNUM}-.`, 1, 18),
    serial: some(ALNUM, 1, 18),
    quantity: fc.integer({ min: 0, max: 99_999 }),
    expiry: fc
      .date({ min: new Date('2000-01-01'), max: new Date('2049-12-31'), noInvalidDate: true })
      .map((day) => day.toISOString().slice(0, 10)),
  })
  it('a label that was written reads back', () => {
    fc.assert(
      fc.property(label, ({ lic, pcn, uom, lot, serial, quantity, expiry }) => {
        const date = expiry.slice(2).replaceAll('-', '')
        const text = `+${lic}${pcn}${uom}/$$9${String(quantity).padStart(5, '0')}3${date}${lot}/S${serial}/16D${expiry.replaceAll('-', '')}`
        const wanted = { lic, pcn, uom, lot, serial, quantity, expiry, manufactured: expiry, dateFormat: 'YYMMDD' }
        expect(read(labelled(text)).fields).toMatchObject(wanted)
      }),
      { numRuns: 300 },
    )
  })
  it('one letter changed is always caught', () => {
    fc.assert(
      fc.property(label, fc.nat(), fc.constantFrom(...ALPHABET, 'a', '*', '库'), ({ lic, pcn, uom, lot }, place, letter) => {
        const text = labelled(`+${lic}${pcn}${uom}/$${lot}`)
        const at = place % text.length
        fc.pre(text.charAt(at) !== letter)
        expect(codeOf(text.slice(0, at) + letter + text.slice(at + 1))).toMatch(/^codes\./)
      }),
      { numRuns: 1000 },
    )
  })
  it('never throws, and takes nothing without its check', () => {
    const noise = fc.array(fc.constantFrom(...ALPHABET, '$$', '14D', '16D', '/S', '+$', '*'), { maxLength: 30 }).map((all) => all.join(''))
    fc.assert(
      fc.property(
        fc.oneof(
          noise,
          fc.string(),
          noise.map((text) => labelled(`+${text}`)),
        ),
        (text) => {
          if (codeOf(text).startsWith('codes.')) return
          const bare = text.startsWith('*') ? text.slice(1, text.endsWith('*') ? -1 : undefined) : text
          expect(checkCharacterOf(bare.slice(0, -1))).toBe(bare.slice(-1))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
