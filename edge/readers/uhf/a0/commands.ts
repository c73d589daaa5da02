import { bits, counted, type Layout, layout, many, optional, rest, scaled, sized, u8, u16, u24, u32 } from '../../../serial/layout.ts'
import { epcBytesOf } from '../gen2.ts'
import { allBut, celsius, choice, port, result, slots, version, within } from './kinds.ts'

/** One form of a command: what is sent with it, and what comes back. Several rows may share a number: the data tell them apart. */
export interface CommandRow {
  readonly code: number
  readonly ask: Layout<unknown>
  /** Names the answer in decoded frames; `ack` for a bare result code. */
  readonly kind: string
  readonly reply: Layout<unknown>
}

const none = layout([])
const done = layout([['code', result]])
const anything = layout([['data', rest]])
const repeat = [['repeat', u8]] as const
/** One power for all ports, or one a port; the strongest of the family send 33 dBm. */
const powers = layout([['dbm', many(within(0, 40))]])
/** What comes back from an antenna, dB below what was sent; no coupler of a reader sees more than 40. */
const loss = within(0, 40)
const session = within(0, 3)
const target = choice({ 0: 'A', 1: 'B' })
const profile = choice({ 208: 'FM0-40k', 209: 'M4-250k', 210: 'M4-300k', 211: 'FM0-400k' })
/** Frequencies by index: 865.0 MHz + 0.5 n for 0-6, 902.0 MHz + 0.5 (n - 7) for 7-59. */
const frequency = within(0, 59)
const region = layout([
  ['region', choice({ 1: 'FCC', 2: 'ETSI', 3: 'CHN' })],
  ['from', frequency],
  ['to', frequency],
])
const regionOwn = layout([
  ['region', choice({ 4: 'user' })],
  ['stepKHz', scaled(u8, 0.1)],
  ['count', u8],
  ['startKHz', u24],
])
const fastTid = choice({ 0: 'off', 141: 'on' })
const bank = choice({ 0: 'reserved', 1: 'epc', 2: 'tid', 3: 'user' })
const written = [
  ['password', u32],
  ['bank', bank],
  ['startWord', u8],
  ['words', u8],
  ['memory', sized('words', (count) => count * 2)],
] as const
/** A tag an operation found; `bytes` counts PC, EPC and CRC, and for reading the memory too. */
const found = [
  ['tagCount', u16],
  ['bytes', u8],
  ['pc', u16],
  ['epc', sized('pc', epcBytesOf)],
  ['tagCrc', u16],
] as const
const where = [
  ['freqAnt', u8],
  ['count', u8],
] as const
const operated = layout([...found, ['code', result], ...where])
const buffered = layout([...found, ['rssi', u8], ...where])

/** Every command of the family [rfid.md 1.3; numbers also in public drivers of Invelion and Payne readers]. */
export const COMMANDS = {
  readGpio: {
    code: 0x60,
    ask: none,
    kind: 'gpio',
    reply: layout([
      ['gpio1', within(0, 1)],
      ['gpio2', within(0, 1)],
    ]),
  },
  writeGpio: {
    code: 0x61,
    ask: layout([
      ['pin', u8],
      ['level', within(0, 1)],
    ]),
    kind: 'ack',
    reply: done,
  },
  setDetector: { code: 0x62, ask: layout([['db', u8]]), kind: 'ack', reply: done },
  getDetector: { code: 0x63, ask: none, kind: 'antennaDetector', reply: layout([['db', loss]]) },
  setPowerNow: { code: 0x66, ask: powers, kind: 'ack', reply: done },
  setIdentifier: { code: 0x67, ask: layout([['identifier', sized('', () => 12)]]), kind: 'ack', reply: done },
  getIdentifier: { code: 0x68, ask: none, kind: 'identifier', reply: layout([['identifier', sized('', () => 12)]]) },
  setProfile: { code: 0x69, ask: layout([['profile', profile]]), kind: 'ack', reply: done },
  getProfile: { code: 0x6a, ask: none, kind: 'rfProfile', reply: layout([['profile', profile]]) },
  setPortGroup: { code: 0x6c, ask: layout([['group', within(0, 3)]]), kind: 'ack', reply: done },
  getPortGroup: { code: 0x6d, ask: none, kind: 'antennaGroup', reply: layout([['group', within(0, 3)]]) },
  reset: { code: 0x70, ask: none, kind: 'ack', reply: done },
  setBaud: { code: 0x71, ask: layout([['baud', choice({ 3: '38400', 4: '115200' })]]), kind: 'ack', reply: done },
  getFirmware: { code: 0x72, ask: none, kind: 'firmware', reply: layout([['version', version]]) },
  setAddress: { code: 0x73, ask: layout([['address', u8]]), kind: 'ack', reply: done },
  setAntenna: { code: 0x74, ask: layout([['antenna', port]]), kind: 'ack', reply: done },
  getAntenna: { code: 0x75, ask: none, kind: 'workAntenna', reply: layout([['antenna', port]]) },
  setPower: { code: 0x76, ask: powers, kind: 'ack', reply: done },
  getPower: { code: 0x77, ask: none, kind: 'power', reply: powers },
  setRegion: { code: 0x78, ask: region, kind: 'ack', reply: done },
  setRegionOwn: { code: 0x78, ask: regionOwn, kind: 'ack', reply: done },
  getRegion: { code: 0x79, ask: none, kind: 'region', reply: region },
  getRegionOwn: { code: 0x79, ask: none, kind: 'region', reply: regionOwn },
  setBeeper: { code: 0x7a, ask: layout([['mode', choice({ 0: 'quiet', 1: 'round', 2: 'tag' })]]), kind: 'ack', reply: done },
  getTemperature: { code: 0x7b, ask: none, kind: 'temperature', reply: layout([['celsius', celsius]]) },
  measureReturnLoss: { code: 0x7e, ask: layout([['frequency', frequency]]), kind: 'returnLoss', reply: layout([['db', loss]]) },
  bufferInventory: {
    code: 0x80,
    ask: layout(repeat),
    kind: 'roundEnd',
    reply: layout([
      ['antenna', port],
      ['tagCount', u16],
      ['readRate', u16],
      ['totalRead', u32],
    ]),
  },
  read: {
    code: 0x81,
    ask: layout([
      ['bank', bank],
      ['startWord', u8],
      ['words', u8],
      ['password', optional([['password', u32]])],
    ]),
    kind: 'memory',
    reply: layout([...found, ['memory', allBut(3)], ['memoryBytes', u8], ...where]),
  },
  write: { code: 0x82, ask: layout(written), kind: 'access', reply: operated },
  lock: {
    code: 0x83,
    ask: layout([
      ['password', u32],
      ['area', within(1, 5)],
      ['action', within(0, 3)],
    ]),
    kind: 'access',
    reply: operated,
  },
  kill: { code: 0x84, ask: layout([['password', u32]]), kind: 'access', reply: operated },
  setMatch: {
    code: 0x85,
    ask: layout([
      ['mode', choice({ 0: 'match' })],
      ['epc', counted(u8)],
    ]),
    kind: 'ack',
    reply: done,
  },
  clearMatch: { code: 0x85, ask: layout([['mode', choice({ 1: 'clear' })]]), kind: 'ack', reply: done },
  getMatch: {
    code: 0x86,
    ask: none,
    kind: 'epcMatch',
    reply: layout([
      ['mode', choice({ 0: 'match' })],
      ['epc', counted(u8)],
    ]),
  },
  getNoMatch: { code: 0x86, ask: none, kind: 'epcMatch', reply: layout([['mode', choice({ 1: 'none' })]]) },
  inventory: { code: 0x89, ask: layout(repeat), kind: 'ack', reply: done },
  fastSwitch4: { code: 0x8a, ask: layout([['slots', slots(4)], ['intervalMs', u8], ...repeat]), kind: 'ack', reply: done },
  fastSwitch8: { code: 0x8a, ask: layout([['slots', slots(8)], ['intervalMs', u8], ...repeat]), kind: 'ack', reply: done },
  fastSwitchSession: {
    code: 0x8a,
    ask: layout([
      ['slots', slots(8)],
      ['intervalMs', u8],
      ['reserved', sized('', () => 5)],
      ['session', session],
      ['target', target],
      ['optimize', u8],
      ['ongoing', u8],
      ['targetQuantity', u8],
      ['phase', within(0, 1)],
      ...repeat,
    ]),
    kind: 'ack',
    reply: done,
  },
  sessionInventory: { code: 0x8b, ask: layout([['session', session], ['target', target], ...repeat]), kind: 'ack', reply: done },
  sessionInventorySelect: {
    code: 0x8b,
    ask: layout([['session', session], ['target', target], ['select', within(0, 3)], ...repeat]),
    kind: 'ack',
    reply: done,
  },
  sessionInventoryPhase: {
    code: 0x8b,
    ask: layout([['session', session], ['target', target], ['select', within(0, 3)], ['phase', within(0, 1)], ...repeat]),
    kind: 'ack',
    reply: done,
  },
  setFastTid: { code: 0x8c, ask: layout([['fastTid', fastTid]]), kind: 'ack', reply: done },
  saveFastTid: { code: 0x8d, ask: layout([['fastTid', fastTid]]), kind: 'ack', reply: done },
  getFastTid: { code: 0x8e, ask: none, kind: 'fastTid', reply: layout([['fastTid', fastTid]]) },
  getBuffer: { code: 0x90, ask: none, kind: 'buffer', reply: buffered },
  takeBuffer: { code: 0x91, ask: none, kind: 'buffer', reply: buffered },
  countBuffer: { code: 0x92, ask: none, kind: 'bufferCount', reply: layout([['count', u16]]) },
  clearBuffer: { code: 0x93, ask: none, kind: 'ack', reply: done },
  blockWrite: { code: 0x94, ask: layout(written), kind: 'access', reply: operated },
  getPowerEight: { code: 0x97, ask: none, kind: 'power', reply: powers },
  tagMask: { code: 0x98, ask: anything, kind: 'ack', reply: done },
  setStatus: { code: 0xa0, ask: layout([['status', within(0, 15)]]), kind: 'ack', reply: done },
  getStatus: { code: 0xa1, ask: none, kind: 'status', reply: layout([['status', within(0, 15)]]) },
  inventory6b: { code: 0xb0, ask: none, kind: 'reply', reply: anything },
  read6b: {
    code: 0xb1,
    ask: layout([
      ['uid', sized('', () => 8)],
      ['start', u8],
      ['bytes', u8],
    ]),
    kind: 'reply',
    reply: anything,
  },
  write6b: {
    code: 0xb2,
    ask: layout([
      ['uid', sized('', () => 8)],
      ['start', u8],
      ['memory', counted(u8)],
    ]),
    kind: 'ack',
    reply: done,
  },
  lock6b: {
    code: 0xb3,
    ask: layout([
      ['uid', sized('', () => 8)],
      ['start', u8],
    ]),
    kind: 'ack',
    reply: done,
  },
  getLock6b: {
    code: 0xb4,
    ask: layout([
      ['uid', sized('', () => 8)],
      ['start', u8],
    ]),
    kind: 'reply',
    reply: anything,
  },
  setLink: {
    code: 0xf0,
    ask: layout([
      ['profile', u8],
      ['mode', u8],
    ]),
    kind: 'ack',
    reply: done,
  },
  getLink: {
    code: 0xf1,
    ask: none,
    kind: 'link',
    reply: layout([
      ['profile', u8],
      ['mode', u8],
    ]),
  },
  setQ: {
    code: 0xf2,
    ask: layout([
      [
        'q',
        bits([
          ['mode', 8],
          ['first', 8],
          ['most', 8],
          ['least', 8],
        ]),
      ],
      ['more', rest],
    ]),
    kind: 'ack',
    reply: done,
  },
  getQ: {
    code: 0xf3,
    ask: none,
    kind: 'q',
    reply: layout([
      [
        'q',
        bits([
          ['mode', 8],
          ['first', 8],
          ['most', 8],
          ['least', 8],
        ]),
      ],
      ['more', rest],
    ]),
  },
} as const satisfies Readonly<Record<string, CommandRow>>

export type CommandName = keyof typeof COMMANDS
export type AskOf<N extends CommandName> = (typeof COMMANDS)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends CommandName> = (typeof COMMANDS)[N]['reply'] extends Layout<infer V> ? V : never

/** Rows of a command number, in the order of the table; none where the family has no such command. */
export const commandsOf = (code: number): readonly CommandName[] => BY_CODE[code] ?? []

const BY_CODE = Array.from({ length: 256 }, (_, code) =>
  (Object.keys(COMMANDS) as CommandName[]).filter((name) => COMMANDS[name].code === code),
)
