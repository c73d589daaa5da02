import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfHex, hexOf } from '../bytes.ts'
import { decodeLine } from '../codes/decode.ts'
import { isRefusal } from '../refusals.ts'
import { EPC_BYTES_MAX } from './bits.ts'
import { decodeEpc, decodeEpcHex } from './decode.ts'
import fixtures from './fixtures/epc.json' with { type: 'json' }
import { encodePartitioned } from './partitioned.ts'
import { PLUS_ROWS } from './plus.ts'
import { SCHEME_ROWS, type SchemeRow } from './schemes.ts'
import { readEpcUri } from './uri.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array()
const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'read')

describe('what a tag holds', () => {
  it.each(fixtures.vectors.map((vector) => [`${vector.hex} ${vector.note ?? ''}`, vector] as const))('%s', (_, vector) => {
    const answer = JSON.parse(decodeLine(JSON.stringify({ kind: 'epc', hex: vector.hex }), 2026)) as Record<string, unknown>
    const { note: _note, valid, scheme, ...expected } = vector as Record<string, unknown>
    expect(answer['valid']).toBe(valid)
    if (valid)
      expect(answer).toMatchObject({ ...expected, scheme: expect.stringMatching(new RegExp(`^${scheme}$`.replaceAll('+', '\\+'), 'i')) })
    else expect(answer['code']).toMatch(/^epc\./)
  })
  it.each([
    ['', 'epc.empty'],
    ['3G', 'epc.hex-wrong'],
    ['E28011606000020A5D3C0E4A', 'epc.factory-default'],
    ['E200471BB0006013044509D0', 'epc.factory-default'],
    ['000000000000000000001545', 'epc.header-unassigned'],
    ['A0130189243000001234ABCD', 'epc.header-unassigned'],
    ['30', 'epc.length-wrong'],
    ['300833B2', 'epc.length-wrong'],
    ['30699B587B8716400012D6870000', 'epc.length-wrong'],
    ['30699B587B8716400012D68701', 'epc.bits-behind'],
    ['3675A537C8377560C287122C68F224CA60C593368D5B3770E401', 'epc.bits-behind'],
    ['307F9B587B8716400012D687', 'epc.partition-wrong'],
    ['303BFFFFFFFFFFFFFFFFFFFF', 'epc.number-too-large'],
    ['3075A537CBD090000012D687', 'epc.number-too-large'],
    ['3155A537C8B2D05E11000001', 'epc.reserved-set'],
    // A company prefix of twelve digits leaves no digit for the place, and no bit but a zero.
    ['320282BA3D8D060000000011', 'epc.number-too-large'],
    // Letters behind the first zero letter, no letter, a letter GS1 does not have, a number sign.
    ['36C579D5D4ADB618000000000000000000000000000000000400', 'epc.letters-wrong'],
    ['36C579D5D4ADB600000000000000000000000000000000000000', 'epc.letters-wrong'],
    ['36C579D5D4ADB610000000000000000000000000000000000000', 'epc.letters-wrong'],
    ['36C579D5D4ADB611800000000000000000000000000000000000', 'epc.letters-wrong'],
    // A coupon number that does not begin with the 1 that guards its zeros, and one that has nothing behind it.
    ['3F76451FD61265D1A94A2000', 'epc.letters-wrong'],
    ['3F76451FD612640000000001', 'epc.letters-wrong'],
    // Piece 100.
    ['4076451FD40C0E72020000000F54', 'epc.number-too-large'],
    // A component reference above three digits, and one without its end.
    ['3C00000000000FA000000000', 'epc.number-too-large'],
    ['3D76451FD75411DEF6B4CC', 'epc.length-wrong'],
    ['3D76451FD4000000003039000000', 'epc.field-wrong'],
    // CAGE codes know no I and no O.
    ['2F320434147494900000162E', 'epc.field-wrong'],
    ['2F320434047455900000162E', 'epc.letters-wrong'],
    ['3B0E0CF5E76C9047759AD00373DC7602E7201', 'epc.bits-behind'],
    ['F700', 'epc.length-wrong'],
    ['F7106901234567892A', 'epc.length-wrong'],
    ['F71069012345678A2A806B0CC60B2C10', 'epc.field-wrong'],
    ['F7106901234567890A806B0CC60B2C10', 'epc.check-digit-wrong'],
    ['F7106901234567892E806B0CC60B2C10', 'epc.field-wrong'],
    ['F71069012345678920000', 'epc.field-wrong'],
    ['F90095201234567891234', 'epc.check-digit-wrong'],
    ['F1309521141123450', 'epc.check-digit-wrong'],
    ['F1319521141123454' + '8566CB0AFC4', 'epc.field-wrong'],
    ['F1309521141123454000', 'epc.field-wrong'],
    ['F63952114112345400', 'epc.field-wrong'],
    ['F8395211416789090', 'epc.field-wrong'],
    ['FA3FF', 'epc.field-wrong'],
    ['FA395A', 'epc.field-wrong'],
    ['F0395E87A145', 'epc.length-wrong'],
    ['FB34', 'epc.length-wrong'],
    ['FB342C1E795211411234538566CB0AFC4', 'epc.field-wrong'],
    ['F7'.padEnd(2 * EPC_BYTES_MAX + 2, '0'), 'epc.length-wrong'],
  ])('%s -> %s', (hex, code) => expect(codeOf(decodeEpcHex(hex))).toBe(code))
  it('every header stands once', () => {
    const headers = [...SCHEME_ROWS, ...PLUS_ROWS].map(({ header }) => header)
    expect(new Set(headers).size).toBe(46)
    expect(headers).toHaveLength(46)
  })
  it.each([
    ['3276451FD460720000000000', '(414)9521141123454', 'urn:epc:id:sgln:9521141.12345.0'],
    ['F2395211411234540100', '(414)9521141123454', null],
    ['3A76451FD4607200049A8685DD0A0000', '(253)95211411234540123456789012', 'urn:epc:id:gdti:9521141.12345.0123456789012'],
    ['F710690123456789204001C0', '(01)06901234567892(21)0007', null],
  ])('%s says %s', (hex, elementString, uri) => expect(decodeEpcHex(hex)).toMatchObject({ elementString, uri }))
  it('facts stand beside the texts', () => {
    expect(decodeEpcHex('F79069012345678926448DE3610A64D6DA90817379F0')).toMatchObject({
      ...{ gtin14: '06901234567892', serial: 'SN42', lot: 'LOT-A1', expiry: '271231', sscc: null, prefixDigits: null },
    })
    expect(decodeEpcHex('315AA1F2C7EA8ED411000000')).toMatchObject({ sscc: '369012340000000178', gtin14: null, prefixDigits: 6 })
    expect(decodeEpcHex('355AB1C60003039000000190')).toMatchObject({ prefixDigits: null, filter: null, elements: [] })
  })
})

describe('what is read is written again bit for bit', () => {
  it.each(SCHEME_ROWS.map((row) => [row.scheme, row] as const))('%s, of any bits', (_, row) => {
    const length = Math.ceil((row.bits ?? 160) / 16) * 2
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length - 1, maxLength: length - 1 }), (tail) =>
        expectSame(Uint8Array.of(row.header, ...tail)),
      ),
      { numRuns: 100 },
    )
  })
  it.each(SCHEME_ROWS.map((row) => [row.scheme, row] as const))('%s, of any fields', (_, row) => {
    fc.assert(
      fc.property(saidFor(row), (said) => {
        const written = encodePartitioned(row, said)
        if (isRefusal(written)) throw new Error(`${written.en} ${JSON.stringify(said)}`)
        expect(codeOf(decodeEpc(written))).toBe('read')
        expectSame(written)
      }),
      { numRuns: 25 },
    )
  })
})

describe('nothing that a field brings makes it fall', () => {
  const broken = fc.tuple(
    fc.constantFrom(...fixtures.vectors.map(({ hex }) => hex)),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 15 })), { maxLength: 4 }),
  )
  it('tags with other digits here and there', () => {
    fc.assert(
      fc.property(broken, ([hex, changes]) => {
        const digits = [...hex]
        for (const [at, digit] of changes) digits[2 + (at % (hex.length - 2))] = digit.toString(16)
        expect(codeOf(decodeEpcHex(digits.join('')))).toMatch(/^(?:epc\.|codes\.ai-repeated|read)/)
      }),
      { numRuns: 1_000 },
    )
  })
  it('any bytes behind any header', () => {
    const headers = [...SCHEME_ROWS, ...PLUS_ROWS].map(({ header }) => header)
    fc.assert(
      fc.property(fc.constantFrom(...headers), fc.uint8Array({ maxLength: EPC_BYTES_MAX }), (header, tail) => {
        expect(codeOf(decodeEpc(Uint8Array.of(header, ...tail)))).toMatch(/^(?:epc\.|codes\.ai-repeated|read)/)
      }),
      { numRuns: 1_000 },
    )
  })
})

const expectSame = (tag: Uint8Array): void => {
  const epc = decodeEpc(tag)
  if (isRefusal(epc)) return
  const read = readEpcUri(epc.tagUri ?? '')
  if (isRefusal(read)) throw new Error(read.en)
  const longer = Math.max(tag.length, read.bytes?.length ?? 0) * 2
  expect(hexOf(read.bytes ?? bytes('')).padEnd(longer, '0')).toBe(hexOf(tag).padEnd(longer, '0'))
}

const DIGITS = '0123456789'
const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const lettered = (letters: string, min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...letters), minLength: min, maxLength: max })

const LETTERS = {
  text: (most: number) => lettered(`${DIGITS}${CAPITALS}IOaz_!"%&'()*+,-./:;<=>?`, 1, most),
  six: (most: number) => lettered(`${DIGITS}${CAPITALS}IO-/`, 1, most),
  guarded: (most: number) => lettered(DIGITS, 1, most),
  cage: () => lettered(DIGITS + CAPITALS, 5, 6),
  ascii: () => lettered(DIGITS + CAPITALS, 5, 6),
  zeros: () => fc.constant(''),
} as const

/** Texts that the fields of a scheme can hold. */
const saidFor = (row: SchemeRow): fc.Arbitrary<Record<string, string>> =>
  fc.integer({ min: 6, max: 12 }).chain((prefixDigits) =>
    fc.record(
      Object.fromEntries(
        row.fields.map(({ as, name, widths }) => {
          const [bits, length] = (widths.length === 1 ? widths[0] : widths[12 - prefixDigits]) ?? [0, 0]
          if (as === 'padded' || as === 'prefixed') return [name, lettered(DIGITS, length, length)]
          const max = [2n ** BigInt(bits) - 1n, 10n ** BigInt(length) - 1n].reduce((a, b) => (a < b ? a : b))
          return [name, as === 'decimal' ? fc.bigInt({ min: 0n, max }).map(String) : LETTERS[as](length)]
        }),
      ),
    ),
  )
