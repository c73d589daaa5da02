import { bytesOfHex, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { describe, expect, it } from 'vitest'
import { tagCrcIn } from '../crc.ts'
import { familyOf } from '../families.ts'
import type { Ask } from '../family.ts'
import { pcOf } from '../gen2.ts'
import { decodedOf } from './decoded.ts'
import { TMFF } from './family.ts'
import { writeFrame, writeReply } from './frames.ts'
import { recordOf } from './record.ts'
import { SUB, writeExtendedReply, writeHeartbeat, writeUpload } from './silion.ts'

const bytes = (hex: string): Uint8Array => bytesOfHex(hex) ?? new Uint8Array(0)
const NOTHING = new Uint8Array(0)
const EPC = '3074257BF7194E4000001A85'

const recordBytes = (
  metaFlags: number,
  form: 'thingmagic' | 'silion',
  { pc = 0x3000, xpc = '', epc = EPC, brand = '' } = {},
): Uint8Array => {
  const tail = bytes(`${pc.toString(16).padStart(4, '0')}${xpc}${epc}${brand}`)
  const record = {
    ...{ readCount: 3, rssiDbm: -66, antenna: { tx: 16, rx: 2 }, freqKHz: 920_625, timestampMs: 512, phaseDeg: 97, protocol: 5 },
    ...{ dataBits: 16, data: bytes('BEEF'), gpio: 1, q: 4, linkFreq: 2, target: 1, brandId: 7, tagType: bytes('8101') },
    ...{ pc, xpc: bytes(xpc), epc: bytes(epc), brand: bytes(brand), tagCrc: tagCrcIn(tail, 0, tail.length), more: NOTHING },
    length: (tail.length + 2) * (form === 'silion' ? 1 : 8),
  }
  return recordOf(metaFlags, form)?.write(record) ?? NOTHING
}
const streamedWith = (metaFlags: number, record: Uint8Array, head = '10001B'): Uint8Array =>
  writeFrame(0x22, 0, Uint8Array.of(...bytes(head), metaFlags >> 8, metaFlags & 0xff, 1, ...record))
const readIn = (frame: Uint8Array) => {
  const heard = TMFF.hear(frame)
  return heard.kind === 'reads' ? heard.reads[0] : heard.kind
}

describe('tag records', () => {
  it.each([
    ['all common metadata', streamedWith(0x01ff, recordBytes(0x01ff, 'thingmagic')), { rssiDbm: -66, phaseDeg: 97, port: 16 }],
    ['no metadata', streamedWith(0, recordBytes(0, 'thingmagic')), { rssiDbm: null, phaseDeg: null, port: 1 }],
    ['option without metadata', writeFrame(0x22, 0, Uint8Array.of(0, 0, 0x1b, 1, ...recordBytes(0, 'thingmagic'))), { port: 1 }],
    ['all metadata', streamedWith(0x3fff, recordBytes(0x3fff, 'thingmagic', { brand: 'CAFE' })), { rssiDbm: -66 }],
    ['Gen2 metadata', streamedWith(0x0f06, recordBytes(0x0f06, 'thingmagic')), { rssiDbm: -66, port: 16 }],
    ['multi-select', streamedWith(0x0006, recordBytes(0x0006, 'thingmagic'), '8810001B'), { rssiDbm: -66 }],
    ["Silion's upload", writeUpload(0x003f, recordBytes(0x003f, 'silion')), { rssiDbm: -66, phaseDeg: 97, port: 16 }],
  ])('%s', (_, frame, expected) => {
    const read = readIn(frame)
    if (typeof read !== 'object') throw new Error(String(read))
    expect({ ...read, epc: hexOf(read.epc) }).toMatchObject({ epc: EPC, pc: 0x3000, crcOk: true, ...expected })
    expect(decodedOf(frame)).toMatchObject({ kind: 'tag', pc: '3000', epc: EPC, tagCrcOk: true })
  })

  it.each([
    ['no EPC', { pc: 0x0000, epc: '' }],
    ['the longest EPC', { pc: pcOf(62), epc: 'A5'.repeat(62) }],
    ['an extended PC word', { pc: 0x3200, xpc: '0001', epc: EPC }],
    ['two extended PC words', { pc: 0x3200, xpc: '80010002', epc: EPC }],
  ])('%s', (_, tag) => {
    const frame = streamedWith(0x0002, recordBytes(0x0002, 'thingmagic', tag))
    const read = readIn(frame)
    if (typeof read !== 'object') throw new Error(String(read))
    expect([hexOf(read.epc), read.crcOk]).toEqual([tag.epc, true])
    expect(decodedOf(frame)).toMatchObject({ epc: tag.epc, tagCrcOk: true, ...('xpc' in tag ? { xpc: tag.xpc } : {}) })
  })

  it('memory read along is told; an error in its place has two bytes', () => {
    expect(decodedOf(streamedWith(0x01ff, recordBytes(0x01ff, 'thingmagic')))).toMatchObject({ dataBits: 16, data: 'BEEF', antennaTx: 16 })
    const failed = Uint8Array.of(0x80, 0x00, 0x04, 0x23, ...recordBytes(0, 'thingmagic'))
    expect(decodedOf(streamedWith(0x0080, failed))).toMatchObject({ dataBits: 0x8000, data: '0423', epc: EPC })
    expect(readIn(streamedWith(0x0080, failed))).toMatchObject({ crcOk: true })
  })

  it.each([
    ['a flag nobody knows', streamedWith(0x4006, recordBytes(0x0006, 'thingmagic'))],
    ['a length that contradicts the frame', streamedWith(0x0002, recordBytes(0x0002, 'thingmagic').subarray(0, -1))],
    ['another protocol', streamedWith(0x0040, Uint8Array.of(3, ...recordBytes(0, 'thingmagic')))],
  ])('%s is a failed read, told as it came', (_, frame) => {
    expect(readIn(frame)).toMatchObject({ crcOk: false })
    expect(decodedOf(frame)).toMatchObject({ kind: 'reply' })
  })

  it('what firmware puts behind the tag is passed over', () => {
    const frame = streamedWith(0x0002, Uint8Array.of(...recordBytes(0x0002, 'thingmagic'), 7, 8))
    expect(readIn(frame)).toMatchObject({ crcOk: true, rssiDbm: -66 })
    expect(decodedOf(frame)).toMatchObject({ kind: 'tag', epc: EPC, tagCrcOk: true, more: '0708' })
  })

  it('a tag whose own CRC fails says so', () => {
    const record = recordBytes(0x0002, 'thingmagic')
    const frame = streamedWith(0x0002, record.with(-1, (record.at(-1) as number) ^ 1))
    expect(readIn(frame)).toMatchObject({ crcOk: false })
    expect(decodedOf(frame)).toMatchObject({ kind: 'tag', tagCrcOk: false })
  })

  it('reads of every combination of flags agree with the layouts', () => {
    for (let flags = 0; flags < 0x4000; flags += 37) {
      const brand = flags & 0x1000 ? 'CAFE' : ''
      const frame = streamedWith(flags, recordBytes(flags, 'thingmagic', { brand }))
      const read = readIn(frame)
      const said = decodedOf(frame)
      if (typeof read !== 'object') throw new Error(`${flags}: ${read}`)
      expect([hexOf(read.epc), read.rssiDbm, read.phaseDeg, read.crcOk]).toEqual([
        said['epc'],
        said['rssiDbm'] ?? null,
        said['phaseDeg'] ?? null,
        true,
      ])
    }
  })
})

describe('what else a frame means', () => {
  it.each([
    ['no tags', writeFrame(0x22, 0x0400, NOTHING), { kind: 'idle' }],
    ['no tags, with its head', bytes('FF0B2204008810001B001001000000FD0000'), { kind: 'idle' }],
    ['after a search of another protocol', writeFrame(0x22, 0, NOTHING), { kind: 'idle' }],
    ['a status of the reader', writeFrame(0x22, 0, bytes('10001B0000020011')), { kind: 'idle' }],
    ['the stream ended', writeFrame(0x22, 0, bytes('10001B000000')), { kind: 'round' }],
    ['a search that was not streamed', writeFrame(0x22, 0, bytes('00000301')), { kind: 'other' }],
    [
      'no antenna',
      writeFrame(0x22, 0x0503, NOTHING),
      { kind: 'condition', condition: { code: 'antenna-missing', port: null }, round: false },
    ],
    ['the buffer is full', writeFrame(0x22, 0x0601, NOTHING), { kind: 'condition', condition: { code: 'buffer-full' }, round: true }],
    ['the firmware failed', writeFrame(0x03, 0x7f01, bytes('00000011')), { kind: 'condition', condition: { code: 'fault' } }],
    ['a refused command', writeFrame(0x92, 0x0103, NOTHING), { kind: 'other' }],
    ["a command's hot refusal", writeFrame(0x28, 0x0504, NOTHING), { kind: 'other' }],
    ["Silion's heartbeat", writeHeartbeat(), { kind: 'idle' }],
    ["another of Silion's uploads", writeFrame(0xaa, 0, bytes('00010203')), { kind: 'idle' }],
    ["an answer of Silion's", writeExtendedReply({ sub: SUB.stopReading, body: NOTHING }), { kind: 'other' }],
  ])('%s', (_, frame, expected) => {
    expect(TMFF.hear(frame)).toMatchObject(expected)
  })

  it.each([
    ['22', '0504', 'overTemperature'],
    ['22', '0503', 'reply'],
    ['92', '0103', 'reply'],
  ])('%s %s in words is %s', (opcode, status, kind) => {
    expect(decodedOf(writeFrame(Number.parseInt(opcode, 16), Number.parseInt(status, 16), NOTHING))).toMatchObject({ opcode, status, kind })
  })

  it('the ends of a stream in words', () => {
    expect(decodedOf(writeFrame(0x22, 0, bytes('10001B01FF00')))).toMatchObject({ kind: 'end', searchFlags: '001B', metaFlags: '01FF' })
    expect(decodedOf(writeFrame(0x22, 0, bytes('10001B01FF0201')))).toMatchObject({ kind: 'status', data: '01' })
    expect(decodedOf(writeFrame(0x22, 0, bytes('10001B01FF07')))).toMatchObject({ kind: 'reply' })
    expect(decodedOf(writeFrame(0x22, 0x0400, bytes('01')))).toMatchObject({ kind: 'keepalive', data: '01' })
  })

  const versions = { bootloader: bytes('14071800'), firmwareDate: bytes('20180207'), firmware: bytes('010B0210'), protocols: 16 }
  it.each([
    ['SILION', writeReply('version', { ...versions, hardware: bytes('31020000') })],
    ['TM', writeReply('bootFirmware', { ...versions, hardware: bytes('30000002') })],
    ['TM', writeFrame(0x22, 0x0400, NOTHING)],
    ['SILION', writeHeartbeat()],
    [null, writeFrame(0x2f, 0x0101, NOTHING)],
    [null, writeFrame(0xaa, 0x0101, NOTHING)],
  ])('%s is told by %o', (dialect, frame) => {
    expect(TMFF.dialectOf(frame)).toBe(dialect)
  })
})

describe('the conversation', () => {
  const talk = TMFF.conversation({ region: 'CN900', powerDbm: 27, session: 1, ports: [1, 2] })
  const asks: readonly Ask[] = [talk.stop, talk.probe, ...talk.configure, ...talk.health, talk.start]
  const one = (name: string): Ask => asks.find((ask) => ask.name === name) as Ask

  it.each([
    ['stop', 'TM', 'FF032F0000025E86'],
    ['stop', 'SILION', 'FF0EAA4D6F64756C6574656368AA49F3BB0391'],
    ['version', 'TM', 'FF00031D0C'],
    ['protocol', 'TM', 'FF02930005517D'],
    ['power', 'TM', 'FF02920A8C4BD5'],
    ['session', 'TM', 'FF039B050001DCE9'],
    ['start', 'TM', 'FF102F00000122000005072210001B03E801FFDD2B'],
  ])('%s in %s is %s', (name, dialect, hex) => {
    expect(hexOf(one(name).bytes(dialect))).toBe(hex)
  })

  it.each([
    ['antennas', 'TM', '9102010102 02'],
    ['read-filter', 'TM', '9A010C00'],
    ['power', 'SILION', '9103010A8C0A8C020A8C0A8C'],
    ['start', 'SILION', 'AA4D6F64756C6574656368AA48003F008003B4BB'],
  ])('%s in %s holds %s', (name, dialect, hex) => {
    expect(hexOf(one(name).bytes(dialect))).toContain(hex.replace(' ', ''))
  })

  it.each([
    ['start', 'TM', writeReply('multiProtocol', { option: 1, body: NOTHING }), true],
    ['start', 'TM', writeFrame(0x22, 0x0503, NOTHING), true],
    ['start', 'TM', writeFrame(0x22, 0x0105, NOTHING), false],
    ['start', 'TM', writeFrame(0x2f, 0x0105, NOTHING), false],
    ['start', 'TM', writeReply('multiProtocol', { option: 2, body: NOTHING }), null],
    ['start', 'TM', writeFrame(0xaa, 0x0101, NOTHING), null],
    ['start', 'SILION', writeExtendedReply({ sub: SUB.startReading, body: NOTHING }), true],
    ['start', 'SILION', writeExtendedReply({ sub: SUB.stopReading, body: NOTHING }), null],
    ['start', 'SILION', writeFrame(0xaa, 0x0105, NOTHING), false],
    ['start', 'SILION', writeFrame(0x2f, 0x0101, NOTHING), null],
    ['stop', 'TM', writeFrame(0xaa, 0x0101, NOTHING), true],
    ['stop', 'TM', writeFrame(0x22, 0x0400, NOTHING), null],
    ['temperature', 'TM', writeFrame(0x72, 0x0102, NOTHING), true],
    ['region', 'TM', writeFrame(0x97, 0x010b, NOTHING), false],
    ['region', 'TM', writeFrame(0x67, 0, bytes('06')), null],
  ])('%s in %s: the answer to %o is %s', (name, dialect, frame, ok) => {
    one(name).bytes(dialect)
    expect(one(name).answer(frame)?.ok ?? null).toBe(ok)
  })

  it('learns what a module is and how it is', () => {
    const learned = (name: string, frame: Uint8Array) => one(name).answer(frame)
    const losses = writeReply('getAntennas', { option: 6, body: bytes('01120205') })
    expect(learned('return-loss-2', losses)).toEqual({ ok: true, learned: { returnLoss: { port: 2, db: 5 } } })
    expect(learned('temperature', writeReply('getTemperature', { celsius: 41 }))).toEqual({ ok: true, learned: { temperatureC: 41 } })
    expect(learned('region-read', writeReply('getRegion', { region: 'CN900' }))).toEqual({ ok: true, learned: { region: 'CN900' } })
    expect(learned('version', bytes('FF1403000022021100310200002023031223031200000000105 1E2'.replace(' ', '')))).toEqual({
      ok: true,
      learned: { version: 'Silion E710', firmware: '23.03.12.00' },
    })
  })

  it('ports the module has not are left out and said', () => {
    const wide = TMFF.conversation({ region: 'CN900', powerDbm: 27, session: 1, ports: [1, 3] })
    const [ports, antennas] = ['ports', 'antennas'].map((name) => wide.configure.find((ask) => ask.name === name) as Ask)
    const sent = (): string => hexOf(antennas?.bytes('TM').subarray(3, -2) ?? NOTHING)
    const told = (option: number, body: string) => ports?.answer(writeReply('getAntennas', { option, body: bytes(body) }))
    expect([told(6, '0112'), sent()]).toEqual([null, '0201010303'])
    expect([told(5, '01010200'), sent()]).toEqual([expect.objectContaining({ ok: false, code: 'port-missing' }), '020101'])
    expect([told(5, '0200'), sent()]).toEqual([expect.objectContaining({ ok: false }), '020202'])
    ports?.bytes('TM')
    expect([told(5, '010102010301'), ports?.answer(writeFrame(0x61, 0x0102, NOTHING)), sent()]).toEqual([
      { ok: true, learned: {} },
      { ok: true, learned: {} },
      '0201010303',
    ])
  })

  it('a stream that ended is begun again; a silent Silion is asked again after 3 s', () => {
    const names = (frames: number, rounds: number, ms: number) => talk.again({ frames, rounds, ms })?.map(({ name }) => name) ?? null
    talk.start.bytes('TM')
    expect([names(0, 0, 99_000), names(5, 1, 1)]).toEqual([null, ['stop', 'start']])
    talk.start.bytes('SILION')
    expect([names(1, 0, 1_000), names(2, 0, 3_500), names(2, 0, 6_000), names(2, 0, 6_500)]).toEqual([null, null, null, ['stop', 'start']])
  })

  it("goes by its makers' names", () => {
    expect(['tmff', 'TMFF', 'Silion'].map((name) => familyOf(name)?.name)).toEqual(['TMFF', 'TMFF', 'TMFF'])
  })
})
