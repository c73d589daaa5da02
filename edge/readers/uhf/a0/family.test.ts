import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import type { Wish } from '../family.ts'
import { A0 } from './family.ts'
import { writePortMissing, writeReply, writeResult, writeTagRecord } from './frames.ts'
import { megahertzOf, regionOf } from './region.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
/** A frame from what stands before its check byte. */
const sealed = (hex: string): Uint8Array => {
  const plain = bytes(hex.replaceAll(' ', ''))
  return Uint8Array.of(...plain, -plain.reduce((sum, byte) => sum + byte, 0) & 0xff)
}
const EPC = '3074257BF7194E4000001A85'

describe('what a frame means to a reading reader', () => {
  it.each([
    ['port 5 by the level', `A013 01 8A 04 3000 ${EPC} BC`, EPC, 5, 60, null],
    ['port 8', `A013 01 8A 07 3000 ${EPC} FF`, EPC, 8, 127, null],
    ['port 1', `A013 01 89 74 3000 ${EPC} 36`, EPC, 1, 54, null],
    ['with phase', `A015 01 8A 75 3000 ${EPC} 36 0A0B`, EPC, 2, 54, null],
    ['with fast TID', `A01F 01 8B 74 3000 ${EPC} E280110520007993A8F708A2 36`, EPC, 1, 54, null],
    ['with fast TID and phase', `A021 01 8B 74 3000 ${EPC} E280110520007993A8F708A2 36 0001`, EPC, 1, 54, null],
    ['no EPC', 'A007 01 89 74 0000 36', '', 1, 54, null],
    ['128 bits', 'A017 01 89 74 4000 F73795211411234538566CB0AFC40000 36', 'F73795211411234538566CB0AFC40000', 1, 54, null],
    ['PC and length contradict each other', `A013 01 89 74 1000 ${EPC} 36`, '', 1, 54, false],
  ])('%s', (_, hex, epc, port, rssiRaw, crcOk) => {
    const heard = A0.hear(sealed(hex))
    if (heard.kind !== 'reads') throw new Error(heard.kind)
    const rssiDbm = crcOk === false ? null : rssiRaw - 129
    expect(heard.reads.map((read) => [hexOf(read.epc), read.port, read.rssiRaw, read.rssiDbm, read.phaseDeg, read.crcOk])).toEqual([
      [epc, port, rssiRaw, rssiDbm, null, crcOk],
    ])
  })

  it.each([
    ['A00A 01 89 00 0011 00000005', { kind: 'round' }],
    ['A00A 01 8A 000025 0000019C', { kind: 'round' }],
    ['A004 01 89 36', { kind: 'round' }],
    ['A005 01 8A 02 22', { kind: 'condition', condition: { code: 'antenna-missing', port: 3 } }],
    ['A004 01 8B 22', { kind: 'condition', condition: { code: 'antenna-missing', port: null } }],
    ['A004 01 89 54', { kind: 'condition', condition: { code: 'power' } }],
    ['A004 01 89 53', { kind: 'condition', condition: { code: 'fault' } }],
    ['A004 01 89 EE', { kind: 'condition', condition: { code: 'return-loss' } }],
    ['A004 01 89 41', { kind: 'other' }],
    ['A006 01 8B 01 00 01', { kind: 'other' }],
    ['A004 01 74 10', { kind: 'other' }],
  ])('%s', (hex, expected) => {
    expect(A0.hear(sealed(hex))).toMatchObject(expected)
  })
})

describe('frames in words beyond the vectors', () => {
  it.each([
    ['A00A 01 89 01 0011 00000005', { cmd: '89', kind: 'roundEnd', antenna: 2, readRate: 17, totalRead: 5 }],
    ['A00C 01 80 00 0002 0011 00000005', { cmd: '80', kind: 'roundEnd', antenna: 1, tagCount: 2, readRate: 17, totalRead: 5 }],
    ['A005 01 8A 01 22', { cmd: '8A', kind: 'error', antenna: 2, code: '22' }],
    ['A004 01 89 22', { cmd: '89', kind: 'error', code: '22' }],
    ['A005 01 7B 00 05', { cmd: '7B', kind: 'temperature', celsius: -5 }],
    ['A005 01 7B 01 23', { cmd: '7B', kind: 'temperature', celsius: 35 }],
    ['A004 01 77 1E', { cmd: '77', kind: 'power', dbm: 30 }],
    ['A007 01 77 1E 1D 1C 1B', { cmd: '77', kind: 'power', dbm: [30, 29, 28, 27] }],
    ['A00B 01 97 1E 1D 1C 1B 1A 19 18 17', { cmd: '97', kind: 'power', dbm: [30, 29, 28, 27, 26, 25, 24, 23] }],
    ['A006 01 79 03 2B 35', { cmd: '79', kind: 'region', region: 'CHN', from: 43, to: 53, fromMHz: 920, toMHz: 925 }],
    ['A009 01 79 04 19 10 0E0C31', { cmd: '79', kind: 'region', region: 'user', stepKHz: 250, count: 16, startKHz: 920_625 }],
    ['A005 01 60 01 00', { cmd: '60', kind: 'gpio', gpio1: 1, gpio2: 0 }],
    ['A004 01 7E 12', { cmd: '7E', kind: 'returnLoss', db: 18 }],
    ['A004 01 7E EE', { cmd: '7E', kind: 'error', code: 'EE' }],
    ['A004 01 75 03', { cmd: '75', kind: 'workAntenna', antenna: 4 }],
    ['A005 01 92 0102', { cmd: '92', kind: 'bufferCount', count: 258 }],
    ['A004 01 90 38', { cmd: '90', kind: 'error', code: '38' }],
  ])('answer %s', (hex, expected) => {
    expect(A0.decoded(sealed(hex))).toEqual({ adr: 1, ...expected })
  })

  it('a buffered tag carries its CRC', () => {
    const record = { tagCount: 2, pc: '3000', epc: EPC, tagCrc: 'AAF9', tagCrcOk: true, rssiRaw: 60, rssiDbmApprox: -69, count: 3 }
    expect(A0.decoded(sealed(`A019 01 90 0002 10 3000 ${EPC} AAF9 BC 05 03`))).toEqual({
      ...{ adr: 1, cmd: '90', kind: 'buffer', freqIndex: 1, freqMHz: 865.5, antenna: 6 },
      ...record,
    })
  })

  it.each([
    ['A004 01 76 1E'],
    ['A004 01 76 21'],
    ['A004 01 66 20'],
    ['A004 01 62 03'],
    ['A004 01 74 07'],
    ['A004 01 89 FF'],
    ['A004 01 89 32'],
    ['A006 01 78 03 2B 35'],
    ['A009 01 78 04 19 10 0E0C31'],
    ['A006 01 8B 01 00 01'],
    ['A008 01 8B 01 00 00 00 01'],
    ['A00D 01 8A 00 01 01 01 02 01 03 01 00 0A'],
    ['A020 01 8A 00 01 01 01 FF00 FF00 FF00 FF00 FF00 FF00 00 0000000000 01 00 00 00 00 00 01'],
    ['A00A 01 81 02 00 06 00000000'],
    ['A005 01 61 03 01'],
    ['A003 01 70'],
    ['A004 01 69 D1'],
    ['A004 01 71 04'],
  ])('command %s', (hex) => {
    const plain = hex.replaceAll(' ', '')
    expect(A0.decoded(sealed(hex))).toEqual({ kind: 'command', adr: 1, cmd: plain.slice(6, 8), data: plain.slice(8) })
    expect(A0.decoded(sealed(hex), 'host')['kind']).toBe('command')
  })

  it('what the recording says of the sender counts more than the frame', () => {
    const either = sealed('A004 01 76 10')
    expect([A0.decoded(either)['kind'], A0.decoded(either, 'host')['kind']]).toEqual(['ack', 'command'])
    expect(A0.decoded(sealed('A00401761E'), 'module')).toEqual({ adr: 1, cmd: '76', kind: 'reply', data: '1E' })
  })
})

describe('bands', () => {
  it.each([
    [0, 865],
    [6, 868],
    [7, 902],
    [43, 920],
    [59, 928],
  ])('index %i is %s MHz', (index, megahertz) => {
    expect(megahertzOf(index)).toBe(megahertz)
  })

  it.each([
    ['CN900', { region: 'CHN', from: 43, to: 53 }],
    ['CN900', { region: 'FCC', from: 44, to: 52 }],
    ['US', { region: 'FCC', from: 7, to: 59 }],
    ['EU', { region: 'ETSI', from: 0, to: 6 }],
    ['KR', { region: 'user', stepKHz: 200, count: 32, startKHz: 917_100 }],
    ['CHN 919.5-925 MHz', { region: 'CHN', from: 42, to: 53 }],
  ] as const)('%s is where it sends, whatever its name for it', (name, band) => {
    expect(name.startsWith('CHN') ? 'US' : name).toBe(regionOf(band))
  })
})

describe('the conversation', () => {
  const wish: Wish = { region: 'CN900', powerDbm: 26.5, session: 1, ports: [1] }
  const talk = A0.conversation(wish)
  const sent = (name: string, { configure, probe, health } = talk) =>
    hexOf([probe, ...configure, ...health].find((ask) => ask.name === name)?.bytes('A0') ?? new Uint8Array(0))

  it.each([
    ['version', 'A003FF72EC'],
    ['region', 'A006FF78032C3480'],
    ['power', 'A004FF761ACD'],
    ['antenna', 'A004FF7400E9'],
    ['temperature', 'A003FF7BE3'],
    ['return-loss-1', 'A004FF7E30AF'],
  ])('%s is %s', (name, hex) => {
    expect(sent(name)).toBe(hex)
  })

  it('regions without a number are spelt out', () => {
    expect(sent('region', A0.conversation({ ...wish, region: 'KR' }))).toBe(hexOf(sealed('A009 FF 78 04 14 20 0DFE6C')))
  })

  it('settings that are right already are not written again', () => {
    const { configure } = A0.conversation(wish)
    for (const ask of configure)
      for (const frame of [
        writeReply(1, 'getRegion', { region: 'CHN', from: 45, to: 51 }),
        writeReply(1, 'getPower', { dbm: [26, 26, 26, 26] }),
        writeResult(1, 0x74, 0x10),
      ])
        ask.answer(frame)
    expect(configure.map((ask) => ask.bytes('A0')[3]?.toString(16))).toEqual(['79', '79', '79', '77', '77', '77', '74'])
  })

  it('firmware that takes no session is asked in the older form, until another module may be there', () => {
    const { start, probe } = A0.conversation(wish)
    expect(start.bytes('A0')[3]).toBe(0x8b)
    expect(start.answer(writeResult(1, 0x8b, 0x41))).toBeNull()
    expect(start.bytes('A0')[3]).toBe(0x89)
    expect(start.answer(sealed('A00A 01 89 00 0011 00000005'))).toMatchObject({ ok: true })
    expect([start.bytes('A0')[3], start.bytes('A0')[3]]).toEqual([0x89, 0x89])
    probe.answer(writeReply(1, 'getFirmware', { version: '1.9' }))
    expect(start.bytes('A0')[3]).toBe(0x8b)
  })

  it('a missing antenna is no reason for another form: the only port is dead', () => {
    const { start } = A0.conversation(wish)
    start.bytes('A0')
    expect(start.answer(writeResult(1, 0x8b, 0x22))).toMatchObject({ ok: false, code: 'antenna-missing' })
  })

  it('several ports are switched fast; one missing among them leaves the others', () => {
    const { start } = A0.conversation({ ...wish, ports: [2, 5] })
    expect(hexOf(start.bytes('A0'))).toBe(
      hexOf(sealed('A020 FF 8A 0101 0401 FF00 FF00 FF00 FF00 FF00 FF00 00 0000000000 01 00 00 00 00 00 01')),
    )
    expect(start.answer(writePortMissing(1, 5, 0x22))).toMatchObject({ ok: true })
    expect(A0.conversation({ ...wish, ports: [1, 3] }).start.bytes('A0')).toHaveLength(34)
  })

  it('goes on at a round end, and when nothing came between two looks: then with all settings asked anew', () => {
    const { again, start } = A0.conversation(wish)
    start.bytes('A0')
    expect(again({ frames: 3, rounds: 1, ms: 90 })?.map(({ name }) => name)).toEqual(['start'])
    start.bytes('A0')
    expect(again({ frames: 5, rounds: 0, ms: 900 })).toBeNull()
    expect(again({ frames: 6, rounds: 0, ms: 1_900 })).toBeNull()
    expect(again({ frames: 6, rounds: 0, ms: 2_900 })?.map(({ name }) => name)).toEqual([
      ...['region-read', 'region', 'region-read', 'power-read', 'power', 'power-read', 'antenna', 'start'],
    ])
  })

  it('does not go on in another band than the wished', () => {
    const { again, configure, start } = A0.conversation(wish)
    start.bytes('A0')
    again({ frames: 1, rounds: 0, ms: 900 })
    const anew = again({ frames: 1, rounds: 0, ms: 1_900 })?.at(-1)
    configure[0]?.answer(writeReply(1, 'getRegion', { region: 'ETSI', from: 0, to: 6 }))
    expect(anew?.bytes('A0')[3]).toBe(0x72)
    expect(anew?.answer(writeReply(1, 'getFirmware', { version: '1.9' }))).toBeNull()
  })

  it('a module that cannot measure is no trouble, a measurement that failed is', () => {
    const { health } = A0.conversation(wish)
    const loss = health.at(-1)
    health.find(({ name }) => name === 'antenna')?.answer(writeResult(1, 0x74, 0x10))
    expect(loss?.answer(writeResult(1, 0x7e, 0x41))).toEqual({ ok: true, learned: {} })
    expect(loss?.answer(writeResult(1, 0x7e, 0xee))).toMatchObject({ ok: false, code: 'return-loss-failed' })
    expect(loss?.answer(writeReply(1, 'measureReturnLoss', { db: 4 }))).toEqual({ ok: true, learned: { returnLoss: { port: 1, db: 4 } } })
  })

  it('tells the chip where the version has it', () => {
    expect(talk.probe.answer(writeReply(1, 'getFirmware', { version: '65.7' }))).toEqual({
      ok: true,
      learned: { version: 'E710', firmware: '1.7' },
    })
  })
})

describe('framing', () => {
  it('a header inside noise does not swallow what follows', () => {
    const tag = writeTagRecord(1, 'inventory', {
      ...{ freqIndex: 1, port: 1, pc: 0x3000, epc: bytes(EPC), rssiRaw: 60, phase: null, tid: null },
    })
    expect(A0.framing.total(Uint8Array.of(0xa0, 0xff, 0x01, 0x89), 0)).toBe(-1)
    expect(A0.framing.total(Uint8Array.of(0xa0, 0x13, 0x01, 0x00), 0)).toBe(-1)
    expect(A0.framing.total(tag, 0)).toBe(tag.length)
  })
})
