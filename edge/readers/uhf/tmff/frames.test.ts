import { readFileSync } from 'node:fs'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createFramer, type Framing } from '../../../serial/framing.ts'
import { crcThingMagic, tagCrcIn } from '../crc.ts'
import { type AskOf, COMMANDS, type CommandName, commandOf, PORT_POWERS, PORT_VALUES, type ReplyOf } from './commands.ts'
import { decodedOf } from './decoded.ts'
import { conditionOf, statusOf } from './errors.ts'
import { FRAMING, FRAMING_SENT, readCommand, readReply, unwrapped, wrapped, writeCommand, writeFrame, writeReply } from './frames.ts'
import { extendedOf, SUB, writeExtended, writeExtendedReply, writeHeartbeat } from './silion.ts'

interface Vector {
  readonly family: string
  readonly name: string
  readonly hex: string
  readonly dir: 'rx' | 'tx'
  readonly valid: boolean
  readonly decoded: Readonly<Record<string, unknown>>
}
const all = JSON.parse(readFileSync(new URL('../fixtures/frames.json', import.meta.url), 'utf8')) as readonly Vector[]
const vectors = all.filter(({ family }) => family === 'TMFF')
const bytes = (hex: string): Uint8Array => bytesOfHex(hex.replaceAll(' ', '')) ?? new Uint8Array(0)
const framesIn = (framing: Framing, hex: string): readonly string[] => {
  const framer = createFramer(framing)
  return [...framer.take(bytes(hex)), ...framer.gap()].flatMap((piece) => (piece.kind === 'frame' ? [hexOf(piece.bytes)] : []))
}
const ASCII = Uint8Array.from('123456789', (letter) => letter.charCodeAt(0))

describe('the two CRCs', () => {
  it("ThingMagic's of 123456789 is A69D, and of 00 03 is 1D0C; the tag's is D64E", () => {
    expect([crcThingMagic(ASCII, 0, 9), crcThingMagic(bytes('0003'), 0, 2), tagCrcIn(ASCII, 0, 9)]).toEqual([0xa69d, 0x1d0c, 0xd64e])
  })
})

describe('frames of the vectors', () => {
  it.each(vectors)('$name', ({ hex, dir, valid, decoded }) => {
    const [piece] = createFramer(dir === 'tx' ? FRAMING_SENT : FRAMING).take(bytes(hex))
    expect(piece).toEqual(valid ? { kind: 'frame', bytes: bytes(hex) } : { kind: 'noise', bytes: bytes(hex), reason: decoded['error'] })
    if (valid) expect(decodedOf(bytes(hex))).toEqual(decoded)
  })
})

/** Commands as public documents and drivers print them. */
const PRINTED: readonly (readonly [CommandName, AskOf<CommandName>, string])[] = [
  ['version', {}, 'FF 00 03 1D0C'],
  ['bootFirmware', {}, 'FF 00 04 1D0B'],
  ['currentProgram', {}, 'FF 00 0C 1D03'],
  ['setProtocol', { protocol: 5 }, 'FF 02 93 0005 517D'],
  ['setRegion', { region: 'US' }, 'FF 01 97 01 4BBC'],
  ['setReadPower', { dbm: 27 }, 'FF 02 92 0A8C 4BD5'],
  ['setPowerMode', { mode: 3 }, 'FF 01 98 03 44BE'],
  ['setProtocolParameter', { option: 5, key: 0, value: bytes('01') }, 'FF 03 9B 05 00 01 DCE9'],
  ['setProtocolParameter', { option: 5, key: 1, value: bytes('0000') }, 'FF 04 9B 05 01 00 00 A3FD'],
  ['setHopTable', { body: bytes('0200001388') }, 'FF 05 95 02 00001388 D5AB'],
  ['multiProtocol', { timeoutMs: 0, option: 2, body: bytes('') }, 'FF 03 2F 0000 02 5E86'],
  ['readMultiple', { body: bytes('00000300C8') }, 'FF 05 22 00 0003 00C8 3814'],
]
const REPLIES: readonly (readonly [CommandName, ReplyOf<CommandName>, string])[] = [
  [
    'version',
    {
      bootloader: bytes('22021100'),
      hardware: bytes('31020000'),
      firmwareDate: bytes('20230312'),
      firmware: bytes('23031200'),
      protocols: 16,
    },
    'FF 14 03 0000 22021100 31020000 20230312 23031200 00000010 51E2',
  ],
  ['getTemperature', { celsius: -7 }, ''],
  ['getRegion', { region: 'CN900' }, ''],
  ['getReadPower', { option: 1, dbm: 27.5, limits: bytes('0BB80000') }, ''],
  ['getAntennas', { option: 5, body: PORT_VALUES.write({ ports: [{ port: 2, value: 1 }] }) }, ''],
  ['getRegions', { regions: ['US', 'CN900', 'OPEN', '0x63'] }, ''],
  ['getProtocols', { protocols: [5, 12] }, ''],
  ['multiProtocol', { option: 1, body: bytes('') }, ''],
  ['setRegion', {}, ''],
]

describe('the command table, both ways', () => {
  it.each(PRINTED)('%s %o', (name, asked, hex) => {
    const frame = writeCommand(name, asked as never)
    expect(frame).toEqual(bytes(hex))
    expect(readCommand(frame, name)).toEqual(asked)
    expect(framesIn(FRAMING_SENT, hex)).toEqual([hexOf(frame)])
  })

  it.each(REPLIES)('answer to %s', (name, reply, hex) => {
    const frame = writeReply(name, reply as never)
    if (hex !== '') expect(frame).toEqual(bytes(hex))
    expect(readReply(frame, name)).toEqual(reply)
    expect(framesIn(FRAMING, hexOf(frame))).toEqual([hexOf(frame)])
    expect(decodedOf(frame)).toMatchObject({ status: '0000', kind: 'reply', data: hexOf(frame.subarray(5, -2)) })
  })

  it("a refusal, another command's answer, or another shape answers nothing", () => {
    expect(readReply(writeFrame(0x72, 0x0101, bytes('')), 'getTemperature')).toBeNull()
    expect(readReply(writeFrame(0x72, 0, bytes('0102')), 'getTemperature')).toBeNull()
    expect(readReply(writeFrame(0x67, 0, bytes('06')), 'getTemperature')).toBeNull()
    expect(readCommand(writeReply('getTemperature', { celsius: 1 }), 'getTemperature')).toBeNull()
  })

  it('each opcode has one row', () => {
    for (const name of Object.keys(COMMANDS) as CommandName[]) expect(commandOf(COMMANDS[name].code)).toBe(name)
    expect(commandOf(0x30)).toBeNull()
  })

  it('a command is wrapped while the module streams, and comes out again', () => {
    const plain = writeCommand('getTemperature', {})
    expect(hexOf(wrapped(plain))).toMatch(/^FF052F0000040072....$/)
    expect(unwrapped(readCommand(wrapped(plain), 'multiProtocol')?.body ?? bytes(''))).toEqual(plain)
  })

  it('powers and values by port', () => {
    const powers = [
      { port: 1, dbm: 26 },
      { port: 4, dbm: 30.5 },
    ]
    expect(hexOf(PORT_POWERS.write({ powers }))).toBe('010A280A28040BEA0BEA')
    expect(PORT_POWERS.read(bytes('010A280A28040BEA0BEA'))).toEqual({ powers })
    expect([PORT_POWERS.read(bytes('010A280A')), PORT_VALUES.read(bytes('010102'))]).toEqual([null, null])
  })
})

describe('framing', () => {
  it.each([
    ['runs of FF', 'FFFFFFFF0022040084E0', ['FF0022040084E0']],
    ['a length no frame has', 'FFF92200FF0022040084E0', ['FF0022040084E0']],
    ['an opcode nobody has', 'FF0530FF0022040084E0', ['FF0022040084E0']],
    ['a status nobody has', 'FF052277FF0022040084E0', ['FF0022040084E0']],
    ['a command is no answer', 'FF00031D0CFF0022040084E0', ['FF0022040084E0']],
  ])('%s', (_, hex, expected) => {
    expect(framesIn(FRAMING, hex)).toEqual(expected)
  })
})

describe("Silion's extended commands", () => {
  it.each([
    ['start', { sub: SUB.startReading, body: bytes('0000008003') }, 'FF 13 AA 4D6F64756C6574656368 AA48 0000008003 75 BB 4D30'],
    ['stop', { sub: SUB.stopReading, body: bytes('') }, 'FF 0E AA 4D6F64756C6574656368 AA49 F3 BB 0391'],
    ['return loss', { sub: 0xaa4a, body: bytes('0BB8010100') }, 'FF 13 AA 4D6F64756C6574656368 AA4A 0BB8 01 01 00 B9 BB BD67'],
  ])('%s', (_, said, hex) => {
    expect(writeExtended(said)).toEqual(bytes(hex))
    expect(extendedOf(bytes(hex))).toEqual(said)
    expect(extendedOf(writeExtendedReply(said))).toEqual(said)
  })

  it('a wrong sum, or no marker, is none', () => {
    expect(extendedOf(writeCommand('extended', { body: bytes('4D6F64756C6574656368AA49F2BB') }))).toBeNull()
    expect(extendedOf(writeCommand('extended', { body: bytes('4D6F64756C6574656368AA49') }))).toBeNull()
    expect(extendedOf(writeHeartbeat())).toBeNull()
    expect(decodedOf(writeHeartbeat())).toEqual({ opcode: 'AA', status: '0000', kind: 'keepalive' })
  })
})

describe('status words have names and sentences', () => {
  it.each([
    [0x0400, 'no-tags', null],
    [0x0503, 'antenna-missing', 'antenna-missing'],
    [0x0504, 'too-hot', 'temperature'],
    [0x0505, 'return-loss', 'return-loss'],
    [0x0509, 'voltage', 'power'],
    [0x0601, 'buffer-full', 'buffer-full'],
    [0x7f00, 'fault', 'fault'],
    [0x7f01, 'assert', 'fault'],
    [0x7f42, 'status-7F42', 'fault'],
    [0x0105, 'bad-parameter', null],
    [0x0666, 'status-0666', null],
  ])('%i is %s', (status, name, code) => {
    expect(statusOf(status)).toMatchObject({ name, zh: expect.stringMatching(/\p{Script=Han}/u), en: expect.stringMatching(/^[a-z]/i) })
    expect(conditionOf(status)?.code ?? null).toBe(code)
  })
})
