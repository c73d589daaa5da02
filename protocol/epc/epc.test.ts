import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfHex, hexOf } from '../bytes.ts'
import { checkDigitOf } from '../codes/check-digit.ts'
import { isRefusal } from '../refusals.ts'
import { tagCrc } from './crc.ts'
import { decodeEpc } from './decode.ts'
import { encodeSgtin96 } from './encode.ts'
import fixtures from './fixtures/epc.json' with { type: 'json' }
import { protocolControlFor, protocolControlOf } from './pc.ts'
import { encodeSgtinPlus } from './plus.ts'
import { SCHEME_ROWS } from './schemes.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array()
const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'read')

describe('what a tag holds', () => {
  it.each(fixtures.vectors.filter(({ valid }) => valid).map((vector) => [vector.hex, vector] as const))('%s', (hex, vector) => {
    const { hex: _hex, valid: _valid, note: _note, scheme, ...expected } = vector as Record<string, unknown>
    expect(decodeEpc(bytes(hex))).toMatchObject({ ...expected, scheme: String(scheme).toUpperCase() })
  })
  it.each(fixtures.vectors.filter(({ valid }) => !valid).map((vector) => [vector.hex, vector.note] as const))(
    '%s is refused: %s',
    (hex) => {
      expect(codeOf(decodeEpc(bytes(hex)))).toMatch(/^epc\./)
    },
  )
  it.each([
    ['', 'epc.empty'],
    ['E28011606000020A5D3C0E4A', 'epc.factory-default'],
    ['E200471BB0006013044509D0', 'epc.factory-default'],
    ['000000000000000000001545', 'epc.header-unassigned'],
    ['A0130189243000001234ABCD', 'epc.header-unassigned'],
    ['315AA1F2C7EA8ED411000000', 'epc.scheme-not-decoded'],
    ['FB342CDE795211411234538566CB0AFC4000', 'epc.scheme-not-decoded'],
    ['300833B2', 'epc.length-wrong'],
    ['30699B587B8716400012D6870000', 'epc.length-wrong'],
    ['307F9B587B8716400012D687', 'epc.partition-wrong'],
    ['303BFFFFFFFFFFFFFFFFFFFF', 'epc.number-too-large'],
    ['3075A537CBD090000012D687', 'epc.number-too-large'],
  ])('%s -> %s', (hex, code) => expect(codeOf(decodeEpc(bytes(hex)))).toBe(code))
  it('every header stands once', () => expect(new Set(SCHEME_ROWS.map(({ header }) => header)).size).toBe(SCHEME_ROWS.length))
})

describe('writing SGTIN-96', () => {
  const label = { gtin: '6901234567892', serial: '1234567', prefixDigits: 7, filter: 3 }
  it('writes what it reads', () => {
    const written = encodeSgtin96({ ...label, prefixDigits: 10 })
    expect(isRefusal(written) ? written.code : hexOf(written)).toBe('30699B587B8716400012D687')
  })
  it.each([
    [{ gtin: '6901234567893' }, 'epc.gtin-wrong'],
    [{ serial: '' }, 'epc.field-wrong'],
    [{ serial: '007' }, 'epc.field-wrong'],
    [{ serial: 'A1' }, 'epc.field-wrong'],
    [{ serial: '274877906943' }, 'read'],
    [{ serial: '274877906944' }, 'epc.field-wrong'],
    [{ prefixDigits: 5 }, 'epc.field-wrong'],
    [{ prefixDigits: 13 }, 'epc.field-wrong'],
    [{ filter: 8 }, 'epc.field-wrong'],
    [{ filter: -1 }, 'epc.field-wrong'],
  ])('%j -> %s', (change, code) => expect(codeOf(encodeSgtin96({ ...label, ...change }))).toBe(code))
  it('comes back as it went, for every prefix length and serial', () => {
    const digits = fc.stringMatching(/^[0-9]{13}$/)
    fc.assert(
      fc.property(
        digits,
        fc.integer({ min: 6, max: 12 }),
        fc.integer({ min: 0, max: 7 }),
        fc.bigInt({ min: 0n, max: 274877906943n }),
        (body, prefixDigits, filter, serial) => {
          const gtin14 = body + checkDigitOf(body)
          const written = encodeSgtin96({ gtin: gtin14, serial: String(serial), prefixDigits, filter })
          if (isRefusal(written)) throw new Error(written.code)
          expect(decodeEpc(written)).toMatchObject({
            gtin14,
            serial: String(serial),
            prefixDigits,
            filter,
            elementString: `(01)${gtin14}(21)${serial}`,
          })
        },
      ),
      { numRuns: 300 },
    )
  })
  it('any 12 bytes are read or refused, and what is read is written again bit for bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 11, maxLength: 11 }), (tail) => {
        const tag = Uint8Array.of(0x30, ...tail)
        const epc = decodeEpc(tag)
        if (isRefusal(epc) || epc.prefixDigits === null) return
        const written = encodeSgtin96({ gtin: epc.gtin14, serial: epc.serial, prefixDigits: epc.prefixDigits, filter: epc.filter })
        expect(written).toEqual(tag)
      }),
      { numRuns: 300 },
    )
  })
})

describe('SGTIN+', () => {
  it.each([
    ['79521141123453', '32a/b', 3, 'F73795211411234538566CB0AFC4'],
    ['6901234567892', 'AB12-9.X', 1, 'F7106901234567892A806B0CC60B2C10'],
  ])('%s with serial %s is written as the standard does', (gtin, serial, filter, hex) => {
    const written = encodeSgtinPlus({ gtin, serial, filter })
    expect(isRefusal(written) ? written.code : hexOf(written).toUpperCase()).toBe(hex)
  })
  it.each([
    [{ gtin: '6901234567893' }, 'epc.gtin-wrong'],
    [{ serial: '' }, 'epc.field-wrong'],
    [{ serial: '标签' }, 'epc.field-wrong'],
    [{ serial: 'A B' }, 'epc.field-wrong'],
    [{ serial: 'x'.repeat(21) }, 'epc.field-wrong'],
    [{ serial: '007' }, 'read'],
    [{ filter: 8 }, 'epc.field-wrong'],
  ])('%j -> %s', (change, code) => expect(codeOf(encodeSgtinPlus({ gtin: '6901234567892', serial: '1', filter: 0, ...change }))).toBe(code))
  it.each([
    ['F700', 'epc.length-wrong'],
    ['F7106901234567892A', 'epc.length-wrong'],
    ['F71069012345678A2A806B0CC60B2C10', 'epc.gtin-wrong'],
    ['F7106901234567890A806B0CC60B2C10', 'epc.gtin-wrong'],
    ['F7106901234567892E806B0CC60B2C10', 'epc.field-wrong'],
    ['F79069012345678926448DE3610A64D6DA90817379F'.padEnd(44, 'F'), 'read'],
    ['F79069012345678926448DE36173FE00', 'epc.field-wrong'],
  ])('%s -> %s', (hex, code) => expect(codeOf(decodeEpc(bytes(hex)))).toBe(code))
  it('comes back as it went, for every serial GS1 allows', () => {
    const serials = fc.oneof(
      fc.stringMatching(/^[0-9]{1,20}$/),
      fc.stringMatching(/^[0-9A-F]{1,20}$/),
      fc.stringMatching(/^[0-9a-f]{1,20}$/),
      fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
      fc.stringMatching(/^[A-Z0-9.:-]{1,20}$/),
      fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/),
    )
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{13}$/), serials, fc.integer({ min: 0, max: 7 }), (body, serial, filter) => {
        const gtin14 = body + checkDigitOf(body)
        const written = encodeSgtinPlus({ gtin: gtin14, serial, filter })
        if (isRefusal(written)) throw new Error(written.code)
        expect(written.length % 2).toBe(0)
        expect(decodeEpc(written)).toMatchObject({ scheme: 'SGTIN+', gtin14, serial, filter, elementString: `(01)${gtin14}(21)${serial}` })
      }),
      { numRuns: 300 },
    )
  })
  it('any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (tail) => {
        expect(codeOf(decodeEpc(Uint8Array.of(0xf7, ...tail)))).toMatch(/^(?:epc\.|read)/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('protocol control and CRC', () => {
  it.each(fixtures.protocolControl.map((vector) => [vector.pc, vector] as const))('PC %s', (pc, vector) => {
    const { pc: _pc, note: _note, ...expected } = vector as Record<string, unknown>
    expect(protocolControlOf(Number.parseInt(pc, 16))).toEqual(expected)
  })
  it('a 96-bit EPC has PC 3000', () => expect(protocolControlFor(12)).toBe(0x3000))
  it.each(fixtures.storedCrc.map(({ pcEpc, crc16 }) => [pcEpc, crc16] as const))('CRC over %s is %s', (pcEpc, crc16) => {
    expect(tagCrc(bytes(pcEpc))).toBe(Number.parseInt(crc16, 16))
  })
  it('CRC of 123456789', () => expect(tagCrc(Uint8Array.from('123456789', (letter) => letter.charCodeAt(0)))).toBe(0xd64e))
})
