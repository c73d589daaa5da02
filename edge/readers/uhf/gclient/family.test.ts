import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { familyOf } from '../families.ts'
import type { Ask, Wish } from '../family.ts'
import { GCLIENT } from './family.ts'
import { writeMessage, writeNotice, writeReply } from './frames.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const WISH: Wish = { region: 'CN900', powerDbm: 26.5, session: 1, ports: [1, 4, 32] }
const TAG = bytes('5A000112000018000CE2806915600002166510B33130000101FE08000DF732497B')

describe('what a frame means to a reading reader', () => {
  it('a tag', () => {
    const heard = GCLIENT.hear(TAG)
    expect(heard).toMatchObject({
      kind: 'reads',
      reads: [{ port: 1, pc: 0x3000, rssiRaw: 254, rssiDbm: null, phaseDeg: null, crcOk: null }],
    })
    expect(heard.kind === 'reads' ? hexOf(heard.reads[0]?.epc ?? bytes('')) : '').toBe('E2806915600002166510B331')
  })

  it.each([
    ['over, done', writeNotice('inventoryOver', bytes('00')), { kind: 'round' }],
    ['over, stopped', writeNotice('inventoryOver', bytes('01')), { kind: 'other' }],
    [
      'over, hardware',
      writeNotice('inventoryOver', bytes('02')),
      { kind: 'condition', condition: { code: 'fault', port: null }, round: true },
    ],
    ['a heartbeat', writeNotice('heartbeat', bytes('00000001')), { kind: 'idle' }],
    ['an answer', writeReply('stop', { result: 0 }), { kind: 'other' }],
  ])('%s', (_, frame, expected) => {
    expect(GCLIENT.hear(frame)).toMatchObject(expected)
  })

  it('a heartbeat is sent back as it came, nothing else is', () => {
    const heartbeat = writeNotice('heartbeat', bytes('00000152'))
    expect([GCLIENT.echoOf?.(heartbeat), GCLIENT.echoOf?.(TAG)]).toEqual([heartbeat, null])
  })

  it('an address on a bus is part of the style', () => {
    expect([TAG, writeNotice('heartbeat', bytes('00000001'), 11)].map(GCLIENT.dialectOf)).toEqual(['PLAIN', 'RS485-0B'])
    expect(GCLIENT.conversation(WISH).stop.bytes('RS485-0B')).toEqual(writeMessage('stop', {}, 11))
  })
})

describe('the conversation', () => {
  const talk = GCLIENT.conversation(WISH)
  const one = (name: string, from = talk): Ask =>
    [from.stop, from.probe, ...from.configure, from.start].find((ask) => ask.name === name) as Ask
  const dataOf = (name: string): string => hexOf(one(name).bytes('PLAIN').subarray(7, -2))

  it.each([
    ['version', ''],
    ['region', '00'],
    ['hopping', '01'],
    ['power', '011A041A201AFF00'],
    ['session', '03010402'],
    ['read-filter', '0100000200'],
    ['idle-sleep', '00'],
    ['resume', '00'],
    ['start', '8000000901'],
  ])('%s sends %s', (name, data) => {
    expect(dataOf(name)).toBe(data)
  })

  it.each([
    ['power', writeReply('setPower', { result: 2 }), { ok: false, code: 'power-unsupported' }],
    ['power', writeReply('setPower', { result: 0 }), { ok: true }],
    ['resume', writeReply('setResume', { result: 1 }), { ok: true }],
    ['resume', writeReply('setPower', { result: 1 }), null],
    ['start', writeReply('inventory', { result: 1 }), { ok: false, code: 'bad-port' }],
    ['start', TAG, { ok: true }],
    ['start', writeNotice('heartbeat', bytes('00000001')), null],
    ['region-read', writeReply('getBand', { band: 'CN900' }), { ok: true, learned: { region: 'CN900' } }],
    ['power-read', writeReply('getPower', { ports: [{ port: 2, value: 30 }] }), { ok: true, learned: {} }],
    ['power-read', writeReply('getPower', { ports: [1, 4].map((port) => ({ port, value: 26 })) }), { ok: true, learned: { powerDbm: 26 } }],
  ])('%s: the answer to %o', (name, frame, expected) => {
    const answer = one(name).answer(frame)
    if (expected === null) expect(answer).toBeNull()
    else expect(answer).toMatchObject(expected)
  })

  it('ports the reader has not are left out and said', () => {
    const wide = GCLIENT.conversation(WISH)
    const told = (antennas: number) => {
      const reply = writeReply('capabilities', { dbmMin: 0, dbmMax: 33, antennas, bands: bytes('00'), protocols: bytes('00') })
      return [one('ports', wide).answer(reply)?.ok, hexOf(one('start', wide).bytes('PLAIN').subarray(7, -2))]
    }
    expect([told(4), told(0), told(32)]).toEqual([
      [false, '0000000901'],
      [false, '0000000101'],
      [true, '8000000901'],
    ])
    expect(one('ports', wide).answer(TAG)).toBeNull()
  })

  it('a band it has no number for is refused, not guessed', () => {
    const korea = GCLIENT.conversation({ ...WISH, region: 'KR' })
    expect(one('region', korea).bytes('PLAIN')).toEqual(writeMessage('getBand', {}))
    expect(one('region', korea).answer(writeReply('getBand', { band: 'US' }))).toMatchObject({ ok: false, code: 'band-unsupported' })
    expect(one('region', korea).answer(TAG)).toBeNull()
  })

  const info = (uptimeS: number) =>
    writeReply('readerInfo', { serial: bytes('4752'), uptimeS, baseBuilt: bytes(''), more: bytes('010001020F') })

  it('a quiet reader is asked to go on; one that has begun anew meanwhile is set again from the beginning', () => {
    const quiet = GCLIENT.conversation(WISH)
    expect(quiet.probe.answer(info(100))).toEqual({ ok: true, learned: { version: 'GClient GR', firmware: '0.1.2.15' } })
    quiet.start.bytes('PLAIN')
    expect([quiet.again({ frames: 5, rounds: 0, ms: 1_000 }), quiet.again({ frames: 5, rounds: 0, ms: 3_900 })]).toEqual([null, null])
    const asks = quiet.again({ frames: 5, rounds: 0, ms: 4_000 }) ?? []
    expect(asks.map(({ name }) => name)).toEqual(['version', 'stop', 'start'])
    asks[0]?.answer(info(104))
    expect(quiet.start.answer(writeReply('inventory', { result: 0 }))).toMatchObject({ ok: true })
    quiet.start.bytes('PLAIN')
    expect(quiet.again({ frames: 9, rounds: 1, ms: 60_000 })).not.toBeNull()
    asks[0]?.answer(info(20))
    expect(quiet.start.answer(writeReply('inventory', { result: 0 }))).toMatchObject({ ok: false, code: 'restarted' })
    expect(quiet.start.answer(TAG)).toBeNull()
    quiet.probe.answer(info(21))
    expect(quiet.start.answer(TAG)).toMatchObject({ ok: true })
  })

  it('goes by its names', () => {
    expect(['5a', '5A', 'GClient'].map((name) => familyOf(name)?.name)).toEqual(['5A', '5A', '5A'])
  })
})
