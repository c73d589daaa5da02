import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { familyOf } from '../families.ts'
import { epcBytesOf, pcOf, tagCrcOf } from '../gen2.ts'
import { BB7E } from './family.ts'
import { writeError, writeReply } from './frames.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)

describe('the tag CRC [Gen2 Annex F.2]', () => {
  it('is CRC-16/GENIBUS: 123456789 gives D64E', () => {
    expect(
      tagCrcOf(
        0x3132,
        Uint8Array.from('3456789', (digit) => digit.charCodeAt(0)),
      ),
    ).toBe(0xd64e)
  })

  it.each([
    [0, 0x0000],
    [12, 0x3000],
    [16, 0x4000],
    [62, 0xf800],
  ])('%i bytes of EPC make the PC word %i', (count, pc) => {
    expect([pcOf(count), epcBytesOf(pc), epcBytesOf(pc | 0x07ff)]).toEqual([pc, count, count])
  })
})

describe('what a frame means to a reading reader', () => {
  it.each([
    ['BB02220011C9340030751FEB705C5904E3D50D703A76EF7E', '30751FEB705C5904E3D50D70', -55, true],
    ['BB02220015C44000F73795211411234538566CB0AFC40000A6A5167E', 'F73795211411234538566CB0AFC40000', -60, true],
    ['BB02220005BA0000E2F0B57E', '', -70, true],
    // Two compensating byte errors: the frame's sum holds, the tag's CRC does not.
    ['BB02220011D130003074257CF6194E4000001A85AAF95A7E', '3074257CF6194E4000001A85', -47, false],
  ])('%s', (hex, epc, rssiDbm, crcOk) => {
    const heard = BB7E.hear(bytes(hex))
    if (heard.kind !== 'reads') throw new Error(heard.kind)
    expect(heard.reads.map((read) => [hexOf(read.epc), read.rssiDbm, read.crcOk, read.port, read.phaseDeg])).toEqual([
      [epc, rssiDbm, crcOk, 1, null],
    ])
  })

  it('a notice whose PC contradicts its length is a failed read, not another frame', () => {
    expect(BB7E.hear(bytes('BB02220005BA3000E2F0E57E'))).toMatchObject({ kind: 'reads', reads: [{ crcOk: false, rssiRaw: 0xba }] })
  })

  it.each([
    ['idle', writeError('BB7E', 0x15)],
    ['other', writeError('BB7E', 0x17)],
    ['other', writeReply('AADD', 'stop', { result: 0 })],
  ])('%s', (kind, frame) => {
    expect(BB7E.hear(frame).kind).toBe(kind)
  })
})

describe('the conversation', () => {
  const talk = BB7E.conversation({ region: 'CN900', powerDbm: 26.5, session: 1, ports: [1] })
  const sent = (name: string) =>
    hexOf([talk.stop, talk.probe, ...talk.configure, talk.start].find((ask) => ask.name === name)?.bytes('BB7E') ?? new Uint8Array(0))

  it.each([
    ['stop', 'BB00280000287E'],
    ['version', 'BB0003000100047E'],
    ['region', 'BB0007000101097E'],
    ['hopping', 'BB00AD0001FFAD7E'],
    ['power', 'BB00B600020A5A1C7E'],
    ['query', 'BB000E00021120417E'],
    ['start', 'BB0027000322FFFF4A7E'],
  ])('%s is %s', (name, hex) => {
    expect(sent(name)).toBe(hex)
  })

  it.each([
    [49_999, 599_999, false],
    [50_000, 0, true],
    [0, 600_000, true],
  ])('after %i frames and %i ms the count is set anew: %s', (frames, ms, expected) => {
    expect(talk.again({ frames, rounds: 0, ms })?.map(({ name }) => name) ?? null).toEqual(expected ? ['stop', 'start'] : null)
  })

  it('its families go by any letter case', () => {
    expect(['bb7e', 'BB7E', 'aadd', 'llrp'].map((name) => familyOf(name)?.name ?? null)).toEqual(['BB7E', 'BB7E', 'BB7E', null])
  })
})
