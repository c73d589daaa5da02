import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { createFramer } from '../../../serial/framing.ts'
import type { Wish } from '../family.ts'
import { commandOf } from './commands.ts'
import { A55A } from './family.ts'
import { codeOf, writeCommand, writeRefusal, writeReply, writeTagFrame } from './frames.ts'
import { createNumbering } from './numbering.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex.replaceAll(' ', '')) ?? new Uint8Array(0)
const EPC = '3074257BF7194E4000001A85'
const TID = 'E2801170200011FF40AC0B9F'
const tag = (hex: string): Uint8Array => writeTagFrame('A55A', bytes(hex))

describe('what a frame means to a reading reader', () => {
  it.each([
    ['plain', `3000 ${EPC} FED6 00`, EPC, 1, -29.7, null, null],
    ['port 16', `3000 ${EPC} FD6E 0F`, EPC, 16, -65.7, null, null],
    ['no EPC', '0000 FD6E 00', '', 1, -65.7, null, null],
    ['128 bits', '4000 F73795211411234538566CB0AFC40000 FD6E 00', 'F73795211411234538566CB0AFC40000', 1, -65.7, null, null],
    ['with TID', `3000 ${EPC} ${TID} FED6 01`, EPC, 2, -29.7, null, null],
    ['with TID and user memory', `3000 ${EPC} ${TID} 11223344 FED6 00`, EPC, 1, -29.7, null, null],
    ['with phase', `3000 ${EPC} 0051 FED6 00`, EPC, 1, -29.7, 81, null],
    ['with phase and frequency', `3000 ${EPC} 0051 0D3A54 FED6 00`, EPC, 1, -29.7, 81, null],
    ['with TID, phase and frequency', `3000 ${EPC} ${TID} 0051 0D3A54 FED6 00`, EPC, 1, -29.7, 81, null],
    ['with a phase that is no angle', `3000 ${EPC} 2A8C FED6 00`, EPC, 1, -29.7, null, null],
    ['with whole dBm', `3000 ${EPC} 00D4 00`, EPC, 1, -44, null, null],
    ['with no level', `3000 ${EPC} 0000 00`, EPC, 1, null, null, null],
    ['PC and length contradict each other', `1800 ${EPC} FED6 00`, '', 1, null, null, false],
    ['PC longer than the record', `F800 ${EPC} FED6 00`, '', 1, null, null, false],
  ])('%s', (_, hex, epc, port, rssiDbm, phaseDeg, crcOk) => {
    const heard = A55A.hear(tag(hex))
    if (heard.kind !== 'reads') throw new Error(heard.kind)
    expect(heard.reads.map((read) => [hexOf(read.epc), read.port, read.rssiDbm, read.phaseDeg, read.crcOk])).toEqual([
      [epc, port, rssiDbm, phaseDeg, crcOk],
    ])
  })

  it.each([[writeReply('A55A', 'stop', { result: 1 })], [tag('3000')], [writeCommand('A55A', 'start', { form: 0 })]])('%s', (frame) => {
    expect(A55A.hear(frame).kind).toBe('other')
  })
})

describe('frames in words beyond the vectors', () => {
  it.each([
    [`3000 ${EPC} ${TID} FED6 01`, { tid: TID, rssiDbm: -29.7, antennaIndex: 1 }],
    [`3000 ${EPC} ${TID} 11223344 FED6 01`, { tid: TID, user: '11223344', rssiDbm: -29.7, antennaIndex: 1 }],
    [
      `3000 ${EPC} ${TID} 11223344 0051 0D3A54 FED6 01`,
      { tid: TID, user: '11223344', phaseDeg: 81, freqKHz: 866_900, rssiDbm: -29.7, antennaIndex: 1 },
    ],
    [`3000 ${EPC} 0D3A54 FED6 01`, { freqKHz: 866_900, rssiDbm: -29.7, antennaIndex: 1 }],
  ])('tag %s', (hex, expected) => {
    expect(A55A.decoded(tag(hex))).toEqual({ cmd: '83', kind: 'tag', pc: '3000', epc: EPC, ...expected })
  })

  it.each([
    ['A55A000A820000880D0A', { cmd: '82', data: '0000' }],
    ['A55A0008020A0D0A', { cmd: '02', data: '' }],
    ['A55A000B03072801260D0A', { cmd: '03', data: '072801' }],
    ['A55A00098D01850D0A', { cmd: '8D', data: '01' }],
    ['A55A0010270110020003000400230D0A', { cmd: '27', data: '0110020003000400' }],
    ['C88C00088C840D0A', { cmd: '8C', data: '' }],
    ['A55A000783840D0A', null],
  ])('%s', (hex, expected) => {
    const [piece] = createFramer(A55A.framing).take(bytes(hex))
    const said = piece?.kind === 'frame' ? A55A.decoded(piece.bytes) : null
    expect(said).toEqual(expected === null ? null : { ...expected, kind: 'message' })
  })

  it.each([
    ['A55A00088C850D0A', 'checksum'],
    ['A55A00088C840D0B', 'end'],
    ['A58C00088C840D0A', 'length'],
    ['A55A08018C840D0A', 'length'],
    ['A55A07FF83840D0A', 'length'],
  ])('%s is no frame: %s', (hex, reason) => {
    const framer = createFramer(A55A.framing)
    expect([...framer.take(bytes(hex)), ...framer.gap()]).toMatchObject([{ kind: 'noise', bytes: bytes(hex), reason }])
  })
})

describe('the conversation', () => {
  const wish: Wish = { region: 'CN900', powerDbm: 26.5, session: 1, ports: [1, 3] }
  const asks = ({ stop, probe, configure, health, start } = A55A.conversation(wish)) => [stop, probe, ...configure, ...health, start]
  const sent = (name: string) =>
    hexOf(
      asks()
        .find((ask) => ask.name === name)
        ?.bytes('A55A') ?? new Uint8Array(0),
    )

  it.each([
    ['stop', 'A55A00088C840D0A'],
    ['version', 'A55A0008020A0D0A'],
    ['region', 'A55A000A2C0102250D0A'],
    ['power', 'A55A001310' + '00010A5A0A5A030A5A0A5A' + '010D0A'],
    ['antennas', 'A55A000B28000005260D0A'],
    ['tag-focus', 'A55A000A6000006A0D0A'],
    ['temperature', 'A55A0008343C0D0A'],
    ['antenna-3', 'A55A00084E460D0A'],
    ['start', 'A55A000A820000880D0A'],
  ])('%s is %s', (name, hex) => {
    expect(sent(name)).toBe(hex)
  })

  const GEN2 = {
    select: { target: 2, action: 1, truncate: 0, qMode: 1 },
    q: { first: 4, least: 2 },
    link: { qMost: 12, dr: 1, coding: 1, trext: 1 },
    query: { sel: 1, session: 2, target: 1, linkFrequency: 3 },
  }

  it('of the query only session and target are changed', () => {
    const { configure } = A55A.conversation(wish)
    const set = configure.find(({ name }) => name === 'session')
    expect(set?.bytes('A55A')[4]).toBe(0x22)
    set?.answer(writeReply('A55A', 'getGen2', GEN2))
    const wished = { ...GEN2, query: { ...GEN2.query, session: 1, target: 0 } }
    expect(set?.bytes('A55A')).toEqual(writeCommand('A55A', 'setGen2', wished))
    expect(set?.answer(writeReply('A55A', 'setGen2', { result: 1 }))).toEqual({ ok: true, learned: {} })
  })

  it('settings that are right already are not written again', () => {
    const { configure } = A55A.conversation(wish)
    const powers = [1, 2, 3, 4].map((antenna) => ({ antenna, readDbm: antenna % 2 === 1 ? 26.5 : 30, writeDbm: 30 }))
    for (const frame of [
      writeReply('A55A', 'getRegion', { result: 1, region: 'CN900' }),
      writeReply('A55A', 'getPower', { status: 0, powers }),
      writeReply('A55A', 'getAntennas', { mask: 5 }),
    ])
      for (const ask of configure) ask.answer(frame)
    const names = configure.map((ask) => commandOf(codeOf(ask.bytes('A55A'))))
    expect(names.filter((name) => name === 'setRegion' || name === 'setPower' || name === 'setAntennas')).toEqual([])
  })

  it('a refusal is told where it matters and passed over where older modules know no better', () => {
    const answers = asks().map((ask) => [ask.name, ask.answer(writeRefusal('A55A', codeOf(ask.bytes('A55A'))))?.ok] as const)
    const refused = [...new Set(answers.flatMap(([name, ok]) => (ok === false ? [name] : [])))]
    expect(refused).toEqual([
      'stop',
      'version',
      'region-read',
      'region',
      'power-read',
      'power',
      'antennas-read',
      'antennas',
      'session-read',
      'session',
    ])
  })

  it('a port with nothing at it is a trouble, one that is switched off is not measured', () => {
    const { health } = A55A.conversation(wish)
    const told = (name: string, frame: Uint8Array) => health.find((ask) => ask.name === name)?.answer(frame)
    const connected = writeReply('A55A', 'getConnected', { mask: 0b0001 })
    const losses = [
      { port: 1, db: 16 },
      { port: 3, db: 0 },
    ]
    const measured = writeReply('A55A', 'getReturnLoss', { losses })
    expect([told('antenna-1', connected), told('antenna-3', connected)]).toMatchObject([
      { ok: true },
      { ok: false, code: 'antenna-missing' },
    ])
    expect([told('return-loss-1', measured), told('return-loss-3', measured)]).toEqual([
      { ok: true, learned: { returnLoss: { port: 1, db: 16 } } },
      { ok: true, learned: {} },
    ])
    const frost = writeReply('A55A', 'getTemperature', { result: 1, celsius: -7.25 })
    expect(told('temperature', frost)).toEqual({ ok: true, learned: { temperatureC: -7.25 } })
  })

  it('an empty field is left for a moment, a busy one is not', () => {
    const { again } = A55A.conversation(wish)
    expect([again({ frames: 0, rounds: 0, ms: 3_000 }), again({ frames: 90, rounds: 0, ms: 6_000 })]).toEqual([null, null])
    const names = again({ frames: 90, rounds: 0, ms: 9_000 })?.map(({ name }) => name)
    expect(names).toEqual(['stop', 'region-read', 'session-read', 'start'])
  })

  it('a module that has forgotten its settings is not started', () => {
    const { again, start } = A55A.conversation(wish)
    start.bytes('A55A')
    again({ frames: 0, rounds: 0, ms: 3_000 })
    const anew = again({ frames: 0, rounds: 0, ms: 6_000 }) ?? []
    const goOn = anew.at(-1)
    expect([goOn?.bytes('A55A')[4], goOn?.answer(tag(`3000 ${EPC} FED6 00`))]).toEqual([0x82, { ok: true, learned: {} }])
    anew[1]?.answer(writeReply('A55A', 'getRegion', { result: 1, region: 'US' }))
    expect(goOn?.bytes('A55A')[4]).toBe(0x8c)
    expect(goOn?.answer(tag(`3000 ${EPC} FED6 00`))).toBeNull()
    expect(goOn?.answer(writeReply('A55A', 'stop', { result: 1 }))).toMatchObject({ ok: false, code: 'forgotten' })
  })

  it('tells the chip by the version', () => {
    const chips = ['3.1.0', '5.2.1', '7.40.1', '9.0.0'].map((version) =>
      A55A.conversation(wish).probe.answer(writeReply('A55A', 'getVersion', { version })),
    )
    expect(chips).toMatchObject(['E310', 'E510', 'E710', 'A55A'].map((version) => ({ learned: { version } })))
  })
})

describe('how a module counts its ports', () => {
  it.each([
    ['from 0', [1, 2], 'from-zero', [1, 2, 1, 2], [1, 2, 1, 2]],
    ['from 1, known by the upper', [1, 2], 'from-zero', [2, 3, 2, 3], [2, 2, 1, 2]],
    ['from 1, usual', [1, 2], 'from-one', [2, 3, 2], [1, 2, 1]],
    ['from 0, though usually from 1', [1, 2], 'from-one', [2, 1, 2], [1, 1, 2]],
    ['one port, from 1', [1], 'from-zero', [2], [1]],
    ['one port, from 0', [1], 'from-one', [1], [1]],
    ['ports that are no neighbours', [2, 4], 'from-zero', [3, 5], [2, 4]],
  ] as const)('%s', (_, ports, usual, told, expected) => {
    const { portOf, forget } = createNumbering(ports)
    forget(usual)
    expect(told.map(portOf)).toEqual(expected)
  })
})
