import { readFileSync } from 'node:fs'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createFramer } from '../../../serial/framing.ts'
import { crcXmodem } from '../crc.ts'
import { decodedOf } from './decoded.ts'
import { resultOf } from './errors.ts'
import { addressOf, FRAMING, readMessage, readReply, writeMessage, writeNotice, writeReply } from './frames.ts'
import { type AskOf, MESSAGES, type MessageName, messageOf, type ReplyOf } from './messages.ts'
import { OPTIONS, optionBytes, readOf, TAG_HEAD } from './tag.ts'

interface Vector {
  readonly family: string
  readonly name: string
  readonly hex: string
  readonly valid: boolean
  readonly decoded: Readonly<Record<string, unknown>>
}
const all = JSON.parse(readFileSync(new URL('../fixtures/frames.json', import.meta.url), 'utf8')) as readonly Vector[]
const bytes = (hex: string): Uint8Array => bytesOfHex(hex.replaceAll(' ', '')) ?? new Uint8Array(0)
const framesIn = (hex: string): readonly string[] => {
  const framer = createFramer(FRAMING)
  return [...framer.take(bytes(hex)), ...framer.gap()].flatMap((piece) => (piece.kind === 'frame' ? [hexOf(piece.bytes)] : []))
}
const STOP = '5A000102FF0000885A'
const NOTHING = new Uint8Array(0)

it('the CRC of 123456789 is 31C3', () => {
  const letters = Uint8Array.from('123456789', (letter) => letter.charCodeAt(0))
  expect(crcXmodem(letters, 0, 9)).toBe(0x31c3)
})

it.each(all.filter(({ family }) => family === '5A'))('vector: $name', ({ hex, decoded }) => {
  expect(framesIn(hex)).toEqual([hex])
  expect(decodedOf(bytes(hex))).toEqual(decoded)
})

const text = (letters: string): Uint8Array => Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
const ASKED: readonly (readonly [MessageName, AskOf<MessageName>, string])[] = [
  ['readerInfo', {}, '5A00010100 0000 DCE5'],
  ['capabilities', {}, '5A00010200 0000 4739'],
  ['stop', {}, STOP],
  ['inventory', { antennas: 15, mode: 1, options: NOTHING }, '5A00010210 0005 0000000F01 D788'],
  ['restoreDefault', { body: bytes('5AA5A55A') }, '5A00010114 0004 5AA5A55A 8183'],
  ['setPower', { ports: [{ port: 2, value: 26 }] }, ''],
  ['setBand', { band: 'CN900' }, ''],
  ['setFrequency', { isAutomatic: 1, options: NOTHING }, ''],
  ['setTagLog', { options: bytes('0100000200') }, ''],
  ['setBaseband', { options: bytes('03010402') }, ''],
  ['heartbeat', { serial: 338 }, ''],
  ['setTime', { seconds: 1_700_000_000, micros: 5 }, ''],
]
const REPLIES: readonly (readonly [MessageName, ReplyOf<MessageName>])[] = [
  ['readerInfo', { serial: text('GR0001'), uptimeS: 86_400, baseBuilt: text('2023'), more: bytes('0100010203') }],
  ['baseVersion', { version: bytes('00030107') }],
  ['capabilities', { dbmMin: 0, dbmMax: 33, antennas: 4, bands: bytes('000104'), protocols: bytes('00') }],
  ['getPower', { ports: [{ port: 1, value: 30 }] }],
  ['getBand', { band: 'EU' }],
  ['getFrequency', { isAutomatic: 0, channels: bytes('0102') }],
  ['getTagLog', { repeated: 100, rssiMin: 3 }],
  ['getBaseband', { speed: 255, q: 4, session: 1, flags: 2 }],
  ['getDormancy', { isOn: 1, idle: 30 } as ReplyOf<'getDormancy'>],
  ['inventory', { result: 0 }],
]

describe('the message table, both ways', () => {
  it.each(ASKED)('%s', (name, asked, hex) => {
    for (const address of [null, 7]) {
      const frame = writeMessage(name, asked as never, address)
      if (hex !== '' && address === null) expect(frame).toEqual(bytes(hex))
      expect(framesIn(hexOf(frame))).toEqual([hexOf(frame)])
      expect([addressOf(frame), readMessage(frame, name)]).toEqual([address, asked])
    }
  })

  it.each(REPLIES)('answer to %s', (name, reply) => {
    const frame = writeReply(name, reply as never, 7)
    expect(readReply(frame, name)).toEqual(reply)
    expect(decodedOf(frame)).toMatchObject({ rs485: true, rs485Addr: 7, notify: false, kind: 'message' })
  })

  it('each number has one row, and another message or shape is none', () => {
    for (const name of Object.keys(MESSAGES) as MessageName[]) expect(messageOf(MESSAGES[name].category, MESSAGES[name].id)).toBe(name)
    expect(messageOf(9, 9)).toBeNull()
    expect(readReply(writeReply('getBand', { band: 'EU' }), 'stop')).toBeNull()
    expect(readReply(writeMessage('getBand', {}), 'getBand')).toBeNull()
    expect(readReply(writeNotice('inventoryOver', bytes('00')), 'setPower')).toBeNull()
  })
})

describe('framing', () => {
  it.each([
    ['another protocol type', `5A0101${STOP}`],
    ['another version', `5A0002${STOP}`],
    ['reserved bits of the control byte', `5A000182${STOP}`],
    ['a category nobody has', `5A00010F${STOP}`],
    ['a length beyond the cap', `5A000102FF0600${STOP}`],
    ['a false header whose message never comes', `5A00011200${STOP}`],
  ])('%s costs nothing', (_, hex) => {
    expect(framesIn(hex)).toEqual([STOP])
  })

  it('a wrong CRC is said to be one', () => {
    expect(createFramer(FRAMING).take(bytes('5A000102FF0000885B'))).toMatchObject([{ kind: 'noise', reason: 'crc' }])
  })
})

const VALUES: readonly (readonly [keyof typeof OPTIONS, unknown, Readonly<Record<string, unknown>>])[] = [
  [1, 254, { rssiRaw: 254 }],
  [2, 0, { result: 0 }],
  [3, bytes('E2801160'), { tid: 'E2801160' }],
  [4, bytes('00'), { user: '00' }],
  [5, NOTHING, { reserved: '' }],
  [6, 3, { childAntenna: 3 }],
  [7, { utcSec: 1_700_000_000, utcUs: 999_999 }, { utcSec: 1_700_000_000, utcUs: 999_999 }],
  [8, 920_625, { freqKHz: 920_625 }],
  [9, 200, { phase: 200 }],
  [10, bytes('BEEF'), { epcBank: 'BEEF' }],
  [11, bytes('01'), { challenge: '01' }],
  [12, bytes('02'), { tagResponse: '02' }],
  [17, 17, { ltu27: 17 }],
  [18, -18, { ltu31: -18 }],
  [19, 19, { kunYue: 19 }],
  [20, -61, { rssiDbm: -61 }],
  [21, 0xaaf9, { crc: 'AAF9' }],
  [22, bytes('0102030405060708'), { quanray: '0102030405060708' }],
  [32, 'GR0001', { serial: 'GR0001' }],
  [34, 7, { replyNumber: 7 }],
]
const EPC = bytes('E2806915600002166510B331')
const tagWith = (options: readonly number[], epc = EPC): Uint8Array =>
  writeNotice('tag', TAG_HEAD.write({ epc, pc: 0x3000, antenna: 4, options: Uint8Array.from(options) }))
const listed = (rows: typeof VALUES): readonly number[] => rows.flatMap(([option, value]) => optionBytes(option, value as never))

describe('tag notices', () => {
  it.each(VALUES)('option %s of %o', (option, value, expected) => {
    const frame = tagWith(listed([[option, value, expected]]))
    expect(decodedOf(frame)).toMatchObject({ kind: 'tag', epc: hexOf(EPC), pc: '3000', antenna: 4, ...expected })
    expect(readOf(frame)).toMatchObject({ port: 4, pc: 0x3000, epc: EPC })
  })

  it('all options at once, and each is in the table', () => {
    expect(VALUES.map(([option]) => String(option))).toEqual(Object.keys(OPTIONS))
    const frame = tagWith(listed(VALUES))
    expect(decodedOf(frame)).toMatchObject(Object.assign({}, ...VALUES.map(([, , expected]) => expected)) as object)
    expect(readOf(frame)).toMatchObject({ rssiRaw: 254, rssiDbm: -61, phaseDeg: null, crcOk: null })
  })

  it('after an option nobody knows nothing is believed', () => {
    const frame = tagWith([1, 254, 0x77, 1, 99])
    expect(decodedOf(frame)).toMatchObject({ rssiRaw: 254, more: '770163' })
    expect(readOf(frame).rssiRaw).toBe(254)
  })

  it.each([
    ['no EPC', '', ''],
    ['six bytes of EPC', '010203040506', ''],
    ['the longest EPC', 'A5'.repeat(62), ''],
  ])('%s', (_, epc) => {
    const frame = tagWith([1, 9], bytes(epc))
    expect([hexOf(readOf(frame).epc), decodedOf(frame)['epc']]).toEqual([epc, epc])
  })

  it('an option cut short is not believed; a notice cut short is a failed read', () => {
    expect(readOf(tagWith([3, 0, 9, 1])).crcOk).toBeNull()
    expect(decodedOf(tagWith([3, 0, 9, 1]))).toMatchObject({ kind: 'tag', more: '03000901' })
    const short = writeNotice('tag', bytes('000CE280'))
    expect([readOf(short).crcOk, decodedOf(short)]).toEqual([false, expect.objectContaining({ kind: 'message', data: '000CE280' })])
  })

  it('sixteen bits that cannot be whole dBm are told and not believed', () => {
    const frame = tagWith(optionBytes(20, -5523))
    expect([decodedOf(frame)['rssiDbm'], readOf(frame).rssiDbm]).toEqual([-5523, null])
  })
})

it('heartbeats of either side are named', () => {
  expect(decodedOf(bytes('5A000111120004000001529E0E'.slice(0, -4).concat('0000')))).toMatchObject({
    notify: true,
    kind: 'heartbeat',
    serial: 338,
  })
  expect(decodedOf(writeMessage('heartbeat', { serial: 1 }))).toMatchObject({ notify: false, kind: 'heartbeat', serial: 1 })
  expect(decodedOf(writeNotice('heartbeat', bytes('01')))).toMatchObject({ kind: 'message', data: '01' })
  expect(decodedOf(writeNotice('inventoryOver', NOTHING))).toMatchObject({ kind: 'message', data: '' })
})

it.each([
  ['setPower', 2, 'power-unsupported'],
  ['setBand', 1, 'band-unsupported'],
  ['inventory', 1, 'bad-port'],
  ['stop', 1, 'stop-failed'],
  ['stop', 9, 'result-09'],
  ['getBand', 1, 'result-01'],
] as const)('result of %s: %i is %s', (name, result, expected) => {
  const said = resultOf(name, result)
  expect(said.name).toBe(expected)
  expect(said.zh).toMatch(/\p{Script=Han}/u)
})
