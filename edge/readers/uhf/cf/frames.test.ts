import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createFramer, type Framed, type Framing } from '../../../serial/framing.ts'
import { bandOf, regionIn } from './bands.ts'
import { CF } from './family.ts'
import { decodedOf, FRAMING, FRAMING_SENT, writeCommand, writeStatus } from './frames.ts'
import { statusOf } from './statuses.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex.replaceAll(' ', '')) ?? new Uint8Array(0)
const told = (code: number, status: number, hex = ''): Uint8Array => writeStatus(code, status, bytes(hex))
const EPC = 'E2801160600002094C4C8B1A'
const play = (framing: Framing, ...parts: readonly Uint8Array[]): readonly Framed[] => {
  const framer = createFramer(framing)
  return [...parts.flatMap((part) => framer.take(part)), ...framer.gap()]
}

describe('a frame in words', () => {
  it.each([
    [
      'an EPC of 4 bytes, as captured',
      bytes('CF0100010A00FD0801000400000020B387'),
      { adr: '01', cmd: '0001', status: '00', kind: 'tag', rssiDbm: -76, antenna: 1, channel: 0, epc: '00000020' },
    ],
    ['an EPC of 8 bytes, 21 in all', told(1, 0, 'FD08 01 00 08 0011223344556677'), { kind: 'tag', epc: '0011223344556677' }],
    ['no EPC', told(1, 0, 'FE25 02 07 00'), { kind: 'tag', antenna: 2, epc: '' }],
    ['an empty round', bytes('CF0000010112421D'), { adr: '00', cmd: '0001', status: '12', kind: 'roundEnd' }],
    ['a barcode', told(1, 0, '0000 00 00 06 02343930030D'), { kind: 'barcode', text: '490' }],
    ['an EPC that looks like a barcode', told(1, 0, 'FEC0 01 00 06 02343930030D'), { kind: 'tag', epc: '02343930030D' }],
    ['a record that is none', told(1, 0, 'FEC0 01 00 07 0234'), { kind: 'reply', data: 'FEC00100070234' }],
    ['a refused inventory', told(1, 0x01), { kind: 'reply', status: '01', data: '' }],
    ['the trigger', told(0x89, 0, '01'), { cmd: '0089', kind: 'reply', data: '01' }],
    ['a gate', told(0x82, 0, '0102'), { cmd: '0082', kind: 'reply', data: '0102' }],
    [
      'parameters',
      bytes('CF0000721A0000000180040001010386 02EE01F43121010400000C000301052C68'),
      { cmd: '0072', kind: 'reply', status: '00' },
    ],
  ])('of a module: %s', (_, frame, words) => {
    expect(decodedOf(frame)).toMatchObject(words)
    expect(play(FRAMING, frame)).toEqual([{ kind: 'frame', bytes: frame }])
  })

  it.each([
    ['CFFF00010500000000 00F5B5', '0001', '0000000000'],
    ['CFFF0070002415', '0070', ''],
    ['CFFF0053022100A9C2', '0053', '2100'],
    ['CFFF008E09010000000000000000A05D', '008E', '010000000000000000'],
    ['CFFF00630A01012121212121212121 83B9', '0063', '01012121212121212121'],
    ['CFFF0050000726', '0050', ''],
  ])('of the host: %s', (hex, cmd, data) => {
    const frame = bytes(hex)
    expect(decodedOf(frame)).toEqual({ adr: 'FF', cmd, kind: 'command', data })
    expect(play(FRAMING_SENT, frame)).toEqual([{ kind: 'frame', bytes: frame }])
    expect(play(FRAMING, frame).every(({ kind }) => kind === 'noise')).toBe(true)
  })

  it('whoever says who sent it is believed', () => {
    const frame = told(0x53, 0)
    expect([decodedOf(frame)['kind'], decodedOf(frame, 'host')['kind']]).toEqual(['reply', 'command'])
    expect(decodedOf(writeCommand('setPower', { dbm: 26, reserved: 0 }), 'module')).toMatchObject({ kind: 'reply', status: '1A' })
  })

  it('every status has a name of its own', () => {
    expect(new Set(Array.from({ length: 256 }, (_, status) => statusOf(status).name)).size).toBe(256)
  })
})

describe('what a frame means to a reading reader', () => {
  it('a tag', () => {
    const heard = CF.hear(told(1, 0, `FE25 02 07 0C ${EPC}`))
    if (heard.kind !== 'reads') throw new Error(heard.kind)
    expect(heard.reads.map((read) => ({ ...read, epc: hexOf(read.epc) }))).toEqual([
      { port: 2, epc: EPC, pc: 0x3000, rssiDbm: -47.5, rssiRaw: 0xfe25, phaseDeg: null, crcOk: null },
    ])
  })

  it('an antenna that calls itself 0 is the first', () => {
    expect(CF.hear(told(1, 0, `FE25 00 07 0C ${EPC}`))).toMatchObject({ reads: [{ port: 1 }] })
  })

  it.each([
    ['idle', told(1, 0x12)],
    ['other', told(1, 0x02)],
    ['other', told(1, 0, '0000 00 00 06 02343930030D')],
    ['other', told(1, 0, 'FEC0 01 00 07 0234')],
    ['other', told(0x72, 0, 'FE25 02 07 00')],
    ['other', writeCommand('inventory', { type: 0, amount: 0 })],
  ])('%s', (kind, frame) => {
    expect(CF.hear(frame).kind).toBe(kind)
  })
})

describe('the line', () => {
  const tag = told(1, 0, `FE25 02 07 0C ${EPC}`)
  const end = told(1, 0x12)

  it('any byte changed to any other costs its own frame only', () => {
    for (let at = 0; at < tag.length; at += 1)
      for (let change = 1; change < 256; change += 1) {
        const pieces = play(FRAMING, Uint8Array.of(...end, ...tag.with(at, (tag[at] as number) ^ change), ...end, ...tag))
        expect(pieces.filter(({ kind }) => kind === 'frame').map((piece) => hexOf(piece.bytes))).toEqual([end, end, tag].map(hexOf))
      }
  })

  it('two zeros on connect are no noise', () => {
    expect(play(FRAMING, bytes('0000'), tag)).toEqual([{ kind: 'frame', bytes: tag }])
  })
})

describe('the band', () => {
  it.each(['CN900', 'US', 'EU', 'CN800', 'KR'] as const)('%s is known by its frequencies', (region) => {
    expect(regionIn(bandOf(region))).toBe(region)
  })

  it.each([
    ['a part of a band', { startMHz: 921, startKHz: 125, stepKHz: 250, lastChannel: 3 }, 'CN900'],
    ['one channel too many', { startMHz: 920, startKHz: 125, stepKHz: 250, lastChannel: 20 }, 'US'],
    ['none of ours', { startMHz: 952, startKHz: 200, stepKHz: 200, lastChannel: 7 }, '952.2-953.6 MHz'],
  ])('%s', (_, band, region) => {
    expect(regionIn(band)).toBe(region)
  })
})
