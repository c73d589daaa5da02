import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createFramer, type Framed } from '../../../serial/framing.ts'
import { COMMANDS, PUSH } from './commands.ts'
import { decodedOf } from './decoded.ts'
import { UHF288 } from './family.ts'
import { FRAMING, FRAMING_SENT, writeCommand, writeStatus } from './frames.ts'
import { statusOf } from './statuses.ts'
import { UHF18 } from './uhf18.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const told = (code: number, status: number, hex = ''): Uint8Array => writeStatus(code, status, bytes(hex))
const EPC = '3074257BF7194E4000001A85'
const TID = 'E28011052000744BCA690A91'
const play = (...parts: readonly Uint8Array[]): readonly Framed[] => {
  const framer = createFramer(FRAMING)
  return [...parts.flatMap((part) => framer.take(part)), ...framer.gap()]
}

describe('a frame in words', () => {
  it.each([
    [
      'phase and frequency',
      told(1, 3, `02014C${EPC}5A000001F40E1401`),
      { kind: 'inventory', antennaMask: 2, tags: [{ epc: EPC, rssiRaw: 90, phaseRaw: '000001F4', freqKHz: 922_625 }], more: true },
    ],
    [
      'EPC and TID',
      told(1, 1, `010198${EPC}${TID}5A`),
      { kind: 'inventory', antennaMask: 1, tags: [{ epc: EPC, tid: TID, rssiRaw: 90 }], more: false },
    ],
    ['time out', told(1, 2, '0100'), { kind: 'inventory', status: '02', tags: [], more: false }],
    ['memory full', told(1, 4, '010102ABCD5A'), { kind: 'inventory', status: '04', tags: [{ epc: 'ABCD', rssiRaw: 90 }] }],
    ['no tag', told(1, 0xfb), { kind: 'reply', status: 'FB', data: '' }],
    ['antenna missing', told(1, 0xf8), { kind: 'reply', status: 'F8', data: '' }],
    ['tag error', told(2, 0xfc, '04'), { kind: 'reply', cmd: '02', status: 'FC', data: '04' }],
    ['single tag', told(0x0f, 1, `01010C${EPC}5A`), { kind: 'inventory', cmd: '0F', tags: [{ epc: EPC, rssiRaw: 90 }] }],
    ['a push', told(PUSH, 0, `050C${EPC}5A`), { kind: 'tag', cmd: 'EE', status: '00', antennaMask: 5, epc: EPC, rssiRaw: 90 }],
    [
      'a heartbeat',
      told(PUSH, 0x28, '0000000701000200000000FF'),
      { kind: 'heartbeat', packetNo: 7, antennaStatus: [1, 0, 2, 0], total: 255 },
    ],
    [
      'the buffer of 16 ports',
      told(0x72, 1, `0100050C${EPC}5AFF`),
      { kind: 'buffer', tags: [{ antennaMask: 5, epc: EPC, rssiRaw: 90, count: 255 }], more: false },
    ],
    ['reader info', told(0x21, 0, '00160C034E001E0A01000000'), { kind: 'reply', data: '00160C034E001E0A01000000' }],
    ['a read whose data is no command', told(0x02, 0, '1234'), { kind: 'reply', data: '1234' }],
    ['set power to 30', writeCommand('setPower', { dbm: [30] }, 0), { kind: 'command', adr: 0, cmd: '2F', data: '1E' }],
    ['set band', writeCommand('setBand', { highest: 0x13, lowest: 0x40 }, 0), { kind: 'command', cmd: '22', data: '1340' }],
    ['real time', writeCommand('setWorkMode', { mode: 1 }, 0), { kind: 'command', cmd: '76', data: '01' }],
    ['an acknowledgement', told(0x2f, 0), { kind: 'reply', cmd: '2F', status: '00', data: '' }],
    ['a whole inventory that looks like an answer', bytes('0D000104010100000000800AD03B'), { kind: 'command', data: '04010100000000800A' }],
    ['a broadcast', writeCommand('readerInfo', {}), { kind: 'command', adr: 255, cmd: '21', data: '' }],
  ])('%s', (_, frame, words) => {
    expect(decodedOf('UHF288', frame)).toMatchObject(words)
    const framer = createFramer(words.kind === 'command' ? FRAMING_SENT : FRAMING)
    expect(framer.take(frame)).toEqual([{ kind: 'frame', bytes: frame }])
  })

  it('whoever says who sent it is believed', () => {
    const start = writeCommand('startFast', { target: 0 }, 0)
    expect(decodedOf('UHF288', start)['kind']).toBe('command')
    expect(decodedOf('UHF288', start, 'module')).toMatchObject({ kind: 'reply', status: '00' })
    expect(decodedOf('UHF288', told(0x2f, 0), 'host')).toMatchObject({ kind: 'command', data: '00' })
    expect(decodedOf('UHF288', told(1, 3, '0105'), 'module')).toMatchObject({ kind: 'reply', data: '0105' })
  })

  it.each([
    ['tags', told(1, 1, `010C${EPC}`), { kind: 'inventory', tags: [{ epc: EPC }], more: false }],
    ['scan mode', told(PUSH, 0, EPC), { kind: 'tag', epc: EPC }],
    ['EAS alarm', told(PUSH, 0xee), { kind: 'reply', status: 'EE', data: '' }],
    ['a round', bytes('0400010BDE').with(3, 0).with(4, 0), { kind: 'command', cmd: '01', data: '' }],
  ])('of the older series: %s', (_, frame, words) => {
    expect(decodedOf('UHF18', frame)).toMatchObject(words)
  })

  it('every status has a name of its own', () => {
    const names = Array.from({ length: 256 }, (_, status) => statusOf(status).name)
    expect(new Set(names).size).toBe(256)
  })
})

describe('what a frame means to a reading reader', () => {
  it.each([
    [
      'two tags',
      told(1, 3, `0402${`0C${EPC}40`}02ABCD41`),
      [
        [EPC, 3, 0x40],
        ['ABCD', 3, 0x41],
      ],
    ],
    ['EPC and TID with phase', told(1, 3, `0101D8${EPC}${TID}5A000001F40E1401`), [[EPC, 1, 0x5a]]],
    ['an empty EPC', told(1, 3, '0101005A'), [['', 1, 0x5a]]],
    ['a push from antennas 1 and 3', told(PUSH, 0, `050C${EPC}5A`), [[EPC, 1, 0x5a]]],
  ])('reads: %s', (_, frame, reads) => {
    const heard = UHF288.hear(frame)
    if (heard.kind !== 'reads') throw new Error(heard.kind)
    expect(heard.reads.map(({ epc, port, rssiRaw }) => [hexOf(epc), port, rssiRaw])).toEqual(reads)
    expect(
      heard.reads.every(
        ({ rssiDbm, phaseDeg, crcOk, pc, epc }) => rssiDbm === null && phaseDeg === null && crcOk === null && pc === epc.length << 10,
      ),
    ).toBe(true)
  })

  it.each([
    ['round', told(1, 1, '0100'), UHF288],
    ['round', told(1, 2), UHF288],
    ['round', told(1, 0xfb), UHF288],
    ['round', told(1, 0xfa), UHF288],
    ['idle', told(1, 3, '0100'), UHF288],
    ['idle', told(1, 0x26, '0100570000005A'), UHF288],
    ['idle', told(PUSH, 0x28, '000000070100000000000000'), UHF288],
    ['other', told(1, 0xff), UHF288],
    ['other', told(1, 1, `0102${`0C${EPC}40`}`), UHF288],
    ['other', told(1, 1, '01005A'), UHF288],
    ['other', told(PUSH, 0, '010C1234'), UHF288],
    ['other', told(0x21, 0, '00160C034E001E0A01000000'), UHF288],
    ['other', writeCommand('readerInfo', {}), UHF288],
    ['round', told(1, 1, '00'), UHF18],
    ['round', told(1, 0xfb), UHF18],
    ['idle', told(1, 3, '00'), UHF18],
    ['other', told(1, 1, '010C12'), UHF18],
    ['other', told(PUSH, 0xee), UHF18],
  ])('%s', (kind, frame, family) => {
    expect(family.hear(frame).kind).toBe(kind)
  })

  it.each([
    ['after a check', told(1, 0xf8), { condition: { code: 'antenna-missing', port: null }, round: true }],
    ['after a check that names it', told(1, 0xf8, '04'), { condition: { code: 'antenna-missing', port: 3 }, round: true }],
    ['in a heartbeat', told(PUSH, 0x28, '00000007010200000000'.padEnd(24, '0')), { condition: { code: 'antenna-missing', port: 2 } }],
  ])('an antenna is missing: %s', (_, frame, heard) => {
    expect(UHF288.hear(frame)).toMatchObject({ kind: 'condition', ...heard })
  })
})

describe('the line without a mark', () => {
  const tag = bytes('1500010301010C3039606303C74380001A055940F93E')
  const end = bytes('0700010101001E4B')

  it('a broken frame and its doubtful tail are one report', () => {
    const broken = tag.with(21, 0x3f)
    expect(play(broken)).toEqual([{ kind: 'noise', bytes: broken, reason: 'crc' }])
    const framer = createFramer(FRAMING)
    expect([framer.take(broken), framer.waiting()]).toEqual([[], 22])
    expect(framer.take(tag).map(({ kind, bytes: { length } }) => [kind, length])).toEqual([
      ['noise', 22],
      ['frame', 22],
    ])
  })

  it('endless noise is told, not kept', () => {
    const framer = createFramer(FRAMING)
    let told = 0
    for (let round = 0; round < 300; round += 1)
      told += framer.take(Uint8Array.of(0x00, 0x33, 0xff)).reduce((sum, piece) => sum + piece.bytes.length, 0)
    expect(framer.waiting()).toBeLessThanOrEqual(2 * FRAMING.bytesMax)
    expect(told + framer.waiting()).toBe(900)
  })

  it('any byte changed to any other costs its own frame only', () => {
    for (let at = 0; at < tag.length; at += 1)
      for (let change = 1; change < 256; change += 1) {
        const pieces = play(Uint8Array.of(...end, ...tag.with(at, (tag[at] as number) ^ change), ...end, ...tag))
        expect(pieces.filter(({ kind }) => kind === 'frame').map((piece) => hexOf(piece.bytes))).toEqual([end, end, tag].map(hexOf))
      }
  })

  it('any byte lost costs its own frame only', () => {
    for (let at = 0; at < tag.length; at += 1) {
      const sent = Uint8Array.of(...end, ...tag.subarray(0, at), ...tag.subarray(at + 1), ...end, ...tag)
      const frames = play(sent).filter(({ kind }) => kind === 'frame')
      expect(frames.map((piece) => hexOf(piece.bytes))).toEqual([end, end, tag].map(hexOf))
    }
  })
})

it('every command is one frame both ways, whatever its name', () => {
  const codes = Object.values(COMMANDS).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const { code, told: span, statuses = [0] as readonly number[] } of Object.values(COMMANDS).map((row) => ({
    statuses: [0] as readonly number[],
    ...row,
  })))
    for (const status of statuses) expect(play(writeStatus(code, status, new Uint8Array(span[0])))).toHaveLength(1)
})
