import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexOf } from '../bytes.ts'
import { checkDigitOf } from '../codes/check-digit.ts'
import { isRefusal, type Refusal } from '../refusals.ts'
import { decodeEpc } from './decode.ts'
import { encodeGrai96, encodeSgln96, encodeSgtin96, encodeSgtin198, encodeSscc96, isSgtin96Serial } from './encode.ts'
import { encodeDsgtinPlus, encodeSgtinPlus } from './plus.ts'

const hexOrCode = (answer: Uint8Array | Refusal): string => (isRefusal(answer) ? answer.code : hexOf(answer))
const written = (answer: Uint8Array | Refusal): Uint8Array => {
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer
}

const ANY_SERIAL = fc.oneof(
  fc.stringMatching(/^[0-9]{1,20}$/),
  fc.stringMatching(/^[0-9A-F]{1,20}$/),
  fc.stringMatching(/^[0-9a-f]{1,20}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  fc.stringMatching(/^[A-Z0-9.:-]{1,20}$/),
  fc.stringMatching(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/),
)
const BODY = fc.stringMatching(/^[0-9]{13}$/)
const FILTER = fc.integer({ min: 0, max: 7 })
const PREFIX_DIGITS = fc.integer({ min: 6, max: 12 })

describe('writing the schemes of TDS 1', () => {
  const label = { gtin: '6901234567892', serial: '1234567', prefixDigits: 10, filter: 3 }
  it.each([
    [encodeSgtin96(label), '30699B587B8716400012D687'],
    [encodeSgtin198({ ...label, prefixDigits: 7, serial: 'LOT7-A/0001' }), '3675A537C83775664FA8DD6C15EC183062000000000000000000'],
    [encodeSscc96({ sscc: '369012340000000178', prefixDigits: 7, filter: 2 }), '3155A537C8B2D05E11000000'],
    [encodeSscc96({ sscc: '095201234567891235', prefixDigits: 6, filter: 0 }), '311BA1B300CE0A6A83000000'],
    [encodeSgln96({ gln: '9521141123454', extension: '5678', prefixDigits: 7, filter: 3 }), '3276451FD46072000000162E'],
    [encodeSgln96({ gln: '9521141123454', extension: null, prefixDigits: 7, filter: 3 }), '3276451FD460720000000000'],
    [encodeSgln96({ gln: '6901234000016', extension: '17', prefixDigits: 12, filter: 0 }), '320282BA3D8D040000000011'],
    [encodeGrai96({ grai: '95211411234545678', prefixDigits: 7, filter: 3 }), '3376451FD40C0E400000162E'],
  ])('%# as the standard does', (answer, hex) => expect(hexOrCode(answer)).toBe(hex))
  it.each([
    [{ gtin: '6901234567893' }, 'epc.gtin-wrong'],
    [{ serial: '' }, 'epc.field-wrong'],
    [{ serial: '007' }, 'epc.field-wrong'],
    [{ serial: 'A1' }, 'epc.field-wrong'],
    [{ serial: '274877906943' }, '30699B587B87167FFFFFFFFF'],
    [{ serial: '274877906944' }, 'epc.field-wrong'],
    [{ prefixDigits: 5 }, 'epc.field-wrong'],
    [{ prefixDigits: 13 }, 'epc.field-wrong'],
    [{ prefixDigits: 7.5 }, 'epc.field-wrong'],
    [{ filter: 8 }, 'epc.field-wrong'],
    [{ filter: -1 }, 'epc.field-wrong'],
  ])('SGTIN-96 %j -> %s', (change, said) => expect(hexOrCode(encodeSgtin96({ ...label, ...change }))).toBe(said))
  it.each([
    [encodeSgtin198({ ...label, serial: '' }), 'epc.field-wrong'],
    [encodeSgtin198({ ...label, serial: 'A B' }), 'epc.field-wrong'],
    [encodeSgtin198({ ...label, serial: 'A#B' }), 'epc.field-wrong'],
    [encodeSgtin198({ ...label, serial: '标签' }), 'epc.field-wrong'],
    [encodeSgtin198({ ...label, serial: 'x'.repeat(21) }), 'epc.field-wrong'],
    [encodeSscc96({ sscc: '369012340000000179', prefixDigits: 7, filter: 2 }), 'epc.check-digit-wrong'],
    [encodeSscc96({ sscc: '36901234000000017', prefixDigits: 7, filter: 2 }), 'epc.field-wrong'],
    [encodeSgln96({ gln: '9521141123454', extension: '0', prefixDigits: 7, filter: 3 }), 'epc.field-wrong'],
    [encodeSgln96({ gln: '9521141123454', extension: '2199023255552', prefixDigits: 7, filter: 3 }), 'epc.field-wrong'],
    [encodeSgln96({ gln: '9521141123454', extension: '32a', prefixDigits: 7, filter: 3 }), 'epc.field-wrong'],
    [encodeGrai96({ grai: '9521141123454', prefixDigits: 7, filter: 3 }), 'epc.field-wrong'],
    [encodeGrai96({ grai: '952114112345405678', prefixDigits: 7, filter: 3 }), 'epc.field-wrong'],
    [encodeGrai96({ grai: '9521141123455678', prefixDigits: 7, filter: 3 }), 'epc.check-digit-wrong'],
  ])('%# is refused', (answer, code) => expect(hexOrCode(answer)).toBe(code))
  it('comes back as it went, for every prefix length and serial', () => {
    fc.assert(
      fc.property(BODY, PREFIX_DIGITS, FILTER, fc.bigInt({ min: 0n, max: 274877906943n }), (body, prefixDigits, filter, number) => {
        const gtin14 = body + checkDigitOf(body)
        const serial = String(number)
        expect(isSgtin96Serial(serial)).toBe(true)
        const tag = written(encodeSgtin96({ gtin: gtin14, serial, prefixDigits, filter }))
        expect(decodeEpc(tag)).toMatchObject({ gtin14, serial, prefixDigits, filter, elementString: `(01)${gtin14}(21)${serial}` })
      }),
      { numRuns: 100 },
    )
  })
  it('so does every serial in the long form', () => {
    fc.assert(
      fc.property(BODY, PREFIX_DIGITS, FILTER, ANY_SERIAL, (body, prefixDigits, filter, serial) => {
        const gtin14 = body + checkDigitOf(body)
        const tag = written(encodeSgtin198({ gtin: gtin14, serial, prefixDigits, filter }))
        expect(decodeEpc(tag)).toMatchObject({ scheme: 'SGTIN-198', gtin14, serial, prefixDigits, filter })
      }),
      { numRuns: 100 },
    )
  })
})

describe('writing the schemes of TDS 2', () => {
  const label = { gtin: '6901234567892', serial: '1', filter: 0 }
  it.each([
    ['79521141123453', '32a/b', 3, 'F73795211411234538566CB0AFC4'],
    ['6901234567892', 'AB12-9.X', 1, 'F7106901234567892A806B0CC60B2C10'],
    ['6901234567892', '0007', 1, 'F710690123456789204001C0'],
  ])('%s with serial %s is written as the standard does', (gtin, serial, filter, hex) =>
    expect(hexOrCode(encodeSgtinPlus({ gtin, serial, filter }))).toBe(hex),
  )
  it.each([
    [{ gtin: '6901234567893' }, 'epc.gtin-wrong'],
    [{ serial: '' }, 'epc.field-wrong'],
    [{ serial: '标签' }, 'epc.field-wrong'],
    [{ serial: 'A B' }, 'epc.field-wrong'],
    [{ serial: 'A#' }, 'epc.field-wrong'],
    [{ serial: 'x'.repeat(21) }, 'epc.field-wrong'],
    [{ filter: 8 }, 'epc.field-wrong'],
    [{ filter: 0.5 }, 'epc.field-wrong'],
  ])('SGTIN+ %j -> %s', (change, code) => expect(hexOrCode(encodeSgtinPlus({ ...label, ...change }))).toBe(code))
  const dated = { gtin: '79521141123453', serial: '32a/b', filter: 3, dateAi: '17', date: '220630' }
  it.each([
    [{}, 'FB342CDE795211411234538566CB0AFC4000'],
    [{ dateAi: '10' }, 'epc.field-wrong'],
    [{ date: '220631' }, 'epc.field-wrong'],
    [{ date: '2206' }, 'epc.field-wrong'],
    [{ date: '22063a' }, 'epc.field-wrong'],
    [{ date: '229930' }, 'epc.field-wrong'],
    [{ filter: 8 }, 'epc.field-wrong'],
    [{ serial: '' }, 'epc.field-wrong'],
  ])('DSGTIN+ %j -> %s', (change, said) => expect(hexOrCode(encodeDsgtinPlus({ ...dated, ...change }))).toBe(said))
  it('comes back as it went, for every serial GS1 allows', () => {
    const dates = fc.constantFrom('11', '13', '15', '16', '17', '7006', '7007')
    fc.assert(
      fc.property(BODY, ANY_SERIAL, FILTER, dates, (body, serial, filter, dateAi) => {
        const gtin14 = body + checkDigitOf(body)
        const tag = written(encodeSgtinPlus({ gtin: gtin14, serial, filter }))
        expect(tag.length % 2).toBe(0)
        const said = `(01)${gtin14}(21)${serial}`
        expect(decodeEpc(tag)).toMatchObject({ scheme: 'SGTIN+', gtin14, serial, filter, elementString: said, rest: null })
        const other = written(encodeDsgtinPlus({ gtin: gtin14, serial, filter, dateAi, date: '280200' }))
        expect(decodeEpc(other)).toMatchObject({ scheme: 'DSGTIN+', filter, elementString: `${said}(${dateAi})280200` })
      }),
      { numRuns: 150 },
    )
  })
})
