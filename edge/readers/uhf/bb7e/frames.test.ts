import { readFileSync } from 'node:fs'
import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createFramer } from '../../../serial/framing.ts'
import { type AskOf, COMMANDS, type CommandName, commandOf, type ReplyOf } from './commands.ts'
import { errorOf } from './errors.ts'
import {
  decodedOf,
  errorCodeOf,
  FRAMING,
  readCommand,
  readReply,
  styleOf,
  writeCommand,
  writeError,
  writeReply,
  writeTagNotice,
} from './frames.ts'

interface Vector {
  readonly family: string
  readonly name: string
  readonly hex: string
  readonly valid: boolean
  readonly decoded: Readonly<Record<string, unknown>>
}
const all = JSON.parse(readFileSync(new URL('../fixtures/frames.json', import.meta.url), 'utf8')) as readonly Vector[]
const vectors = all.filter(({ family }) => family === 'BB7E' || family === 'AADD')
const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)

describe('frames of the vectors', () => {
  it.each(vectors.filter(({ valid }) => valid))('$name', ({ hex, decoded }) => {
    expect(createFramer(FRAMING).take(bytes(hex))).toEqual([{ kind: 'frame', bytes: bytes(hex) }])
    expect(decodedOf(bytes(hex))).toEqual(decoded)
  })

  it.each(vectors.filter(({ valid }) => !valid))('$name is rejected', ({ hex, decoded }) => {
    expect(createFramer(FRAMING).take(bytes(hex))).toEqual([{ kind: 'noise', bytes: bytes(hex), reason: decoded['error'] }])
  })
})

/** One command per row as the manual prints it, or by its layout. */
const ASKED: { readonly [N in CommandName]: readonly [AskOf<N>, string] } = {
  moduleInfo: [{ infoType: 0 }, 'BB0003000100047E'],
  idleMode: [{ enter: 1, reserved: 1, minutes: 3 }, 'BB000400030101030C7E'],
  setRegion: [{ region: 'CN900' }, 'BB0007000101097E'],
  getRegion: [{}, 'BB00080000087E'],
  saveSettings: [{ slot: 1 }, 'BB00090001010B7E'],
  loadSettings: [{ slot: 1 }, 'BB000A0001010C7E'],
  getSelect: [{}, 'BB000B00000B7E'],
  setSelect: [
    { how: { target: 0, action: 0, bank: 1 }, pointerBits: 0x20, maskBits: 0x60, truncate: 0, mask: bytes('30751FEB705C5904E3D50D70') },
    'BB000C00130100000020600030751FEB705C5904E3D50D70AD7E',
  ],
  getQuery: [{}, 'BB000D00000D7E'],
  setQuery: [{ query: { dr: 0, m: 0, trext: 1, sel: 0, session: 0, target: 0, q: 4 } }, 'BB000E00021020407E'],
  setBaud: [{ baud: 19_200 }, 'BB0011000200C0D37E'],
  setSelectMode: [{ mode: 'never' }, 'BB0012000101147E'],
  sleep: [{}, 'BB00170000177E'],
  restart: [{}, 'BB00190000197E'],
  io: [{ operation: 0, pin: 4, value: 1 }, 'BB001A0003000401227E'],
  idleSleep: [{ minutes: 2 }, 'BB001D000102207E'],
  poll: [{}, 'BB00220000227E'],
  pollMany: [{ reserved: 0x22, count: 10_000 }, 'BB00270003222710837E'],
  stop: [{}, 'BB00280000287E'],
  read: [{ password: 0xffff, bank: 'user', startWord: 0, words: 2 }, 'BB003900090000FFFF0300000002457E'],
  write: [
    { password: 0xffff, bank: 'user', startWord: 0, words: 2, memory: bytes('12345678') },
    'BB0049000D0000FFFF0300000002123456786D7E',
  ],
  kill: [{ password: 0xffff }, 'BB006500040000FFFF677E'],
  lock: [{ password: 0xffff, lock: 0x020080 }, 'BB008200070000FFFF020080097E'],
  setHopList: [{ channels: [1, 2, 3, 4, 5] }, 'BB00A90006050102030405C37E'],
  getChannel: [{}, 'BB00AA0000AA7E'],
  setChannel: [{ channel: 1 }, 'BB00AB000101AD7E'],
  setHopping: [{ hopping: 'on' }, 'BB00AD0001FFAD7E'],
  setCarrier: [{ carrier: 'on' }, 'BB00B00001FFB07E'],
  setPower: [{ dbm: 20 }, 'BB00B6000207D08F7E'],
  getPower: [{}, 'BB00B70000B77E'],
  setGain: [{ mixer: 3, ifAmplifier: 6, threshold: 0x01b0 }, 'BB00F00004030601B0AE7E'],
  getGain: [{}, 'BB00F10000F17E'],
  scanJammer: [{}, 'BB00F20000F27E'],
  scanRssi: [{}, 'BB00F30000F37E'],
}

const TAG = { bytes: 14, pc: 0x3400, epc: bytes('30751FEB705C5904E3D50D70') } as const
const REPLIES: { readonly [N in CommandName]?: ReplyOf<N> } = {
  moduleInfo: { infoType: 0, text: 'M100 26dBm V1.0' },
  getRegion: { region: 'CN900' },
  getSelect: ASKED.setSelect[0],
  getQuery: ASKED.setQuery[0],
  io: { operation: 1, pin: 4, value: 1 },
  idleSleep: { minutes: 2 },
  read: { ...TAG, memory: bytes('12345678') },
  write: { ...TAG, result: 0 },
  kill: { ...TAG, result: 0 },
  lock: { ...TAG, result: 0 },
  getChannel: { channel: 1 },
  getPower: { dbm: 20 },
  getGain: { mixer: 3, ifAmplifier: 6, threshold: 0x01b0 },
  scanJammer: { from: 0, to: 1, dbm: [-14, -70] },
  scanRssi: { from: 0, to: 1, dbm: [-70, -70] },
}

describe('every row of the command table, both ways', () => {
  it.each(Object.keys(COMMANDS) as CommandName[])('%s', <N extends CommandName>(name: N) => {
    const [asked, hex] = ASKED[name]
    const frame = writeCommand('BB7E', name, asked)
    expect(hexOf(frame)).toBe(hex)
    expect(readCommand(frame, name)).toEqual(asked)
    expect(commandOf(COMMANDS[name].code)).toBe(name)
    const reply = (REPLIES[name] ?? { result: 0 }) as ReplyOf<N>
    for (const style of ['BB7E', 'AADD'] as const) {
      const answer = writeReply(style, name, reply)
      expect(styleOf(answer)).toBe(style)
      expect(createFramer(FRAMING).take(answer)).toEqual([{ kind: 'frame', bytes: answer }])
      expect(readReply(answer, name)).toEqual(reply)
    }
  })

  it('a frame of another command, or with other parameters, answers nothing', () => {
    expect(readReply(writeReply('BB7E', 'getPower', { dbm: 20 }), 'getChannel')).toBeNull()
    expect(readReply(bytes('BB01B7000107BF7E'), 'getPower')).toBeNull()
    expect(readCommand(writeReply('BB7E', 'getPower', { dbm: 20 }), 'getPower')).toBeNull()
  })
})

describe('decoded', () => {
  it.each([
    ['region', writeReply('BB7E', 'getRegion', { region: 'CN900' }), { kind: 'region', region: 'CN900' }],
    ['select', writeReply('BB7E', 'getSelect', ASKED.setSelect[0]), { kind: 'select', maskBits: 96, mask: '30751FEB705C5904E3D50D70' }],
    ['jammer', bytes('BB01F200160013F2F1F0EFECEAE8EAECEEF0F1F5F2F4F6F2F5F2F0F0F0787E').with(-2, 0), { kind: 'jammer', from: 0 }],
    ['memory of a tag', writeReply('BB7E', 'read', { ...TAG, memory: bytes('1234') }), { kind: 'memory', pc: '3400', memory: '1234' }],
    ['an error', writeError('BB7E', 0x15), { kind: 'error', code: '15', error: 'no-tag' }],
    [
      'an error with its tag',
      bytes('BB01FF0010160E340030751FEB705C5904E3D50D70697E'),
      { kind: 'error', code: '16', error: 'access-failed', pc: '3400' },
    ],
    ['an error without code', bytes('BB01FF0000007E'), { kind: 'error', params: '' }],
    ['an answer to an unknown command', bytes('BB01EE000101F17E'), { kind: 'ack', params: '01' }],
    ['an answer of another shape than the row', bytes('BB01B7000107C07E'), { kind: 'ack', params: '07' }],
    ['a notice of another shape', bytes('BB022200020102297E'), { kind: 'notice', params: '0102' }],
    ['another notice', bytes('BB0230000101347E'), { kind: 'notice', params: '01' }],
  ])('%s', (_, frame, expected) => {
    expect(decodedOf(frame)).toMatchObject(expected)
  })

  it('a tag whose own CRC fails says so', () => {
    const frame = writeTagNotice('BB7E', { rssiDbm: -40, pc: 0x3000, epc: bytes('3074257BF7194E4000001A85'), tagCrc: 0xaaf8 })
    expect(decodedOf(frame)).toMatchObject({ kind: 'tag', tagCrc: 'AAF8', tagCrcOk: false })
  })
})

describe('errors have names and sentences', () => {
  it.each([
    [0x15, 'no-tag', '没有读到标签，或标签校验错误'],
    [0x17, 'bad-command', '读写器不认识这条命令'],
    [0xa3, 'read-overrun', '读取标签时标签报错：存储区超出范围'],
    [0xb4, 'write-locked', '写入标签时标签报错：存储区已锁定'],
    [0xcb, 'lock-power', '锁定标签时标签报错：标签供电不足'],
    [0xd7, 'kill-gen2-7', '灭活标签时标签报错：代码 7'],
    [0xef, 'custom-non-specific', '专用命令标签时标签报错：标签未说明的错误'],
    [0x77, 'error-77', '读写器返回未知错误码 77'],
  ])('%i is %s', (code, name, zh) => {
    expect(errorOf(code)).toMatchObject({ name, zh })
    expect(errorOf(code).en).toMatch(/^[a-zA-Z ,0-9:-]+$/)
  })

  it('only an error frame carries an error code', () => {
    expect(errorCodeOf(writeError('AADD', 0x17))).toBe(0x17)
    expect(errorCodeOf(writeReply('BB7E', 'stop', { result: 0 }))).toBeNull()
    expect(errorCodeOf(bytes('BB01FF0000007E'))).toBeNull()
  })
})
