import { describe, expect, it } from 'vitest'
import { bytesOfHex, hexOf } from '../bytes.ts'
import { decodeLine } from '../codes/decode.ts'
import { isRefusal } from '../refusals.ts'
import { tagCrc } from './crc.ts'
import fixtures from './fixtures/epc.json' with { type: 'json' }
import { prefixDigitsOf } from './lgtin.ts'
import { protocolControlFor, protocolControlOf, xpcOf } from './pc.ts'
import { readEpcUri } from './uri.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array()
const said = (request: Readonly<Record<string, unknown>>): Record<string, unknown> => JSON.parse(decodeLine(JSON.stringify(request), 2026))
const crcOf = (hex: string): string => tagCrc(bytes(hex)).toString(16).toUpperCase().padStart(4, '0')

describe('protocol control and CRC', () => {
  it.each(fixtures.protocolControl.map((vector) => [vector.pc, vector] as const))('PC %s', (pc, vector) => {
    const { note: _note, ...expected } = vector as Record<string, unknown>
    const { pc: _pc, ...fields } = expected
    expect(protocolControlOf(Number.parseInt(pc, 16))).toEqual(fields)
    expect(said({ kind: 'pc', pc })).toMatchObject({ valid: true, ...expected })
    expect(said({ kind: 'pc', hex: pc.toLowerCase() })).toMatchObject({ valid: true, ...expected })
  })
  it('a 96-bit EPC has PC 3000', () => expect(protocolControlFor(12)).toBe(0x3000))
  it.each(fixtures.storedCrc.map(({ pcEpc, crc16 }) => [pcEpc, crc16] as const))('CRC over %s is %s', (pcEpc, crc16) =>
    expect(said({ kind: 'crc', pcEpc })).toEqual({ valid: true, pcEpc, crc16 }),
  )
  it('CRC of 123456789', () => expect(crcOf('313233343536373839')).toBe('D64E'))
  it.each([
    [0x0000, 0, '0000', []],
    [0x0801, 0, '0801', ['sensor-alarm', 'hazardous']],
    [0x8000, 0xabcd, '8000ABCD', ['second-word']],
    [
      0x00ff,
      0,
      '00FF',
      ['battery-assisted', 'computed-response', 'selected', 'notification', 'untraceable', 'killable', 'not-removable', 'hazardous'],
    ],
  ])('XPC %i %i is %s: %j', (first, second, hex, set) => expect(xpcOf(first, second)).toMatchObject({ hex, set }))
})

describe('a tag as a reader hears it', () => {
  const EPC = '30699B587B8716400012D687'
  const withCrc = (hex: string): string => hex + crcOf(hex)
  it.each([
    [`3000${EPC}`, { pc: '3000', words: 6, crcOk: null, hex: EPC }],
    [withCrc(`3000${EPC}`), { crcOk: true, scheme: 'SGTIN-96', filter: 3 }],
    [`3A000801${EPC}`, { valid: true, umi: 0, xpcWords: '0801', hex: EPC }],
    [`3A00${EPC}`, { valid: false, code: 'epc.length-wrong' }],
    [withCrc(`3E000801${EPC}`), { valid: true, xpcWords: '0801', indicators: ['sensor-alarm', 'hazardous'], umi: 1, xpc: 1, hex: EPC }],
    [`42008800BEEF${EPC}`, { valid: true, xpcWords: '8800BEEF', hex: EPC }],
    [`3000${EPC}0000`, { valid: false, code: 'epc.crc-wrong' }],
    [`3100${EPC}`, { valid: false, code: 'epc.not-gs1' }],
    [`3000${EPC.slice(4)}`, { valid: false, code: 'epc.length-wrong' }],
    [`3000E28011606000020A5D3C0E4A`, { valid: false, code: 'epc.factory-default' }],
    ['0000', { valid: false, code: 'epc.empty' }],
    ['', { valid: false, code: 'epc.tag-short' }],
    ['300', { valid: false, code: 'epc.hex-wrong' }],
    ['30XY', { valid: false, code: 'epc.hex-wrong' }],
  ])('%s', (hex, expected) => expect(said({ kind: 'tag', hex })).toMatchObject(expected))
})

describe('EPC URIs', () => {
  it.each(fixtures.vectors.flatMap((vector) => ('tagUri' in vector && vector.tagUri ? [[vector.tagUri, vector.hex] as const] : [])))(
    '%s',
    (uri, hex) => {
      const read = readEpcUri(uri)
      if (isRefusal(read)) throw new Error(read.en)
      const whole = hex.padEnd(Math.ceil(hex.length / 4) * 4, '0')
      expect(hexOf(read.bytes ?? bytes('')).padEnd(whole.length, '0')).toBe(whole)
      expect(said({ kind: 'uri', input: uri })).toMatchObject({ valid: true, tagUri: uri })
    },
  )
  it.each(fixtures.vectors.flatMap((vector) => (vector.valid && vector.uri ? [[vector.uri, vector.elementString] as const] : [])))(
    '%s',
    (uri, elementString) => expect(said({ kind: 'uri', input: uri })).toMatchObject({ valid: true, uri, elementString, hex: null }),
  )
  it.each([
    ['urn:epc:tag:sgtin-198:3.6901234.056789.a%2fb', 'read'],
    ['urn:epc:id:sgtin:6901234.056789.a.b:c', 'read'],
    ['urn:epc:tag:sgtin-96:3.6901234.056789.007', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-96:3.6901234.05678.7', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-96:3.6901234.056789', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-96:8.6901234.056789.7', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-96:3.69012.0056789.7', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-198:3.6901234.056789.a/b', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-198:3.6901234.056789.a%zz', 'epc.uri-wrong'],
    ['urn:epc:tag:sgtin-198:3.6901234.056789.a%41', 'epc.uri-wrong'],
    ['urn:epc:tag:lot-1:3.6901234.056789.7', 'epc.uri-wrong'],
    ['urn:epc:id:sgtin:', 'epc.uri-wrong'],
    ['urn:epc:raw:96.x00', 'epc.uri-wrong'],
  ])('%s -> %s', (input, code) => expect(said({ kind: 'uri', input })['code'] ?? 'read').toBe(code))
})

describe('a lot of a kind of thing', () => {
  it.each(fixtures.lgtin)('%j there and back', ({ elementString, classUri }) => {
    expect(said({ kind: 'lgtin', elementString })).toEqual({ valid: true, elementString, classUri })
    expect(said({ kind: 'lgtin', classUri })).toEqual({ valid: true, elementString, classUri })
    expect(said({ kind: 'uri', input: classUri })).toMatchObject({ elementString })
  })
  it.each([
    ['(01)14012345123453(10)998877', 7, 'urn:epc:class:lgtin:4012345.112345.998877'],
    ['(01)06901234567892(10)A', 10, 'urn:epc:class:lgtin:6901234567.089.A'],
    ['(01)04012345123456(10)A', undefined, 'epc.prefix-unknown'],
    ['(01)06901234567892(10)A', 5, 'epc.field-wrong'],
    ['(01)06901234567892', 7, 'epc.field-wrong'],
    ['(10)A', 7, 'epc.gtin-wrong'],
  ])('%s with %s -> %s', (elementString, prefixDigits, expected) => {
    const answer = said({ kind: 'lgtin', elementString, prefixDigits })
    expect(answer['classUri'] ?? answer['code']).toBe(expected)
  })
  it.each([
    'urn:epc:class:lgtin:6901234.05678.A',
    'urn:epc:class:lgtin:6901234.056789.',
    'urn:epc:class:lgtin:6901234.056789.A/1',
    'urn:epc:class:lgtin:6901234.056789.123456789012345678901',
  ])('%s is none', (classUri) => expect(said({ kind: 'lgtin', classUri })['code']).toBe('epc.uri-wrong'))
  it.each([
    ['06912345678901', 7],
    ['06931234567890', 8],
    ['06941234567890', null],
    ['04012345123456', null],
  ])('the prefix of %s has %s digits', (gtin14, digits) => expect(prefixDigitsOf(gtin14)).toBe(digits))
})

describe('lines that miss what they need', () => {
  it.each([
    { kind: 'epc' },
    { kind: 'tag', hex: 3 },
    { kind: 'pc', pc: '30' },
    { kind: 'crc', pcEpc: '3' },
    { kind: 'uri' },
    { kind: 'lgtin' },
  ])('%j', (request) => expect(said(request)['code']).toBe('codes.line-malformed'))
})
