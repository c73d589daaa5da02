import { bits, type Layout, layout, many, rest, sized, u8, u16, u32 } from '../../../serial/layout.ts'

/** One command: its number, what is sent with it, what comes back with status 00, and how many bytes each may have. */
export interface CommandRow {
  readonly code: number
  readonly ask: Layout<unknown>
  readonly asked: Span
  readonly reply: Layout<unknown>
  readonly told: Span
  /** Statuses whose answer carries `told`; `[0]` unless said otherwise. */
  readonly statuses?: readonly number[]
  /** It works on a tag, and may be refused with a tag's errors. */
  readonly onTag?: true
}
/** Least and most bytes of parameters. */
export type Span = readonly [least: number, most: number]

const none = layout([])
const open = layout([['bytes', rest]])
const nothing = { reply: none, told: [0, 0] } as const
const question = { ask: none, asked: [0, 0] } as const
const one = <const N extends string>(name: N) => layout([[name, u8]])
const epcOf = sized('epcWords', (words) => (words === MASKED ? 0 : words * 2))
/** A tag named by its whole EPC, or, `epcWords` being FF, by a mask at the end. */
const tag = [
  ['epcWords', u8],
  ['epc', epcOf],
] as const
const memory = [
  ['bank', u8],
  ['startWord', u8],
] as const
const password = ['password', u32] as const
const mask = ['mask', rest] as const
const onTag = { ...nothing, onTag: true } as const
const maskOf = [
  ['maskBank', u8],
  ['maskBit', u16],
  ['maskBits', u8],
  ['maskBytes', sized('maskBits', (count) => Math.ceil(count / 8))],
] as const
/** `statistics`: a packet 26 after the round; `phase`: phase and frequency with each tag; `fastId`: the TID of Impinj tags too. */
const query = bits([
  ['statistics', 1],
  ['strategy', 1],
  ['fastId', 1],
  ['phase', 1],
  ['q', 4],
])
const found = { reply: open, told: [1, 250], statuses: [0x01, 0x02, 0x03, 0x04], onTag: true } as const
const workMode = [
  ['mode', u8],
  ['output', u8],
  ['memory', u8],
  ['startAddress', u8],
  ['words', u8],
  ['tagSeconds', u8],
] as const

/**
 * Every command of UHFReader288 and UHFReader18 [UHF RFID Reader Series User Manual V2.20; UHFReader18 User's Manual V2.0; rfid.md 1.2]; one row is
 * all that the drivers, the replay and the simulated modules know of it. Where the older series differs it has a row of its own, named `...18`.
 */
export const COMMANDS = {
  /** The three parameters at the end go together; a round of the older series has none at all. */
  inventory: {
    ...found,
    code: 0x01,
    ask: layout([['query', query], ['session', u8], ...maskOf, ['target', u8], ['antenna', u8], ['scanTime', u8]]),
    asked: [0, 47],
    statuses: [0x01, 0x02, 0x03, 0x04, 0x26],
  },
  read: {
    code: 0x02,
    ask: layout([...tag, ...memory, ['words', u8], password, mask]),
    asked: [8, 80],
    reply: open,
    told: [0, 240],
    onTag: true,
  },
  write: {
    ...onTag,
    code: 0x03,
    ask: layout([['words', u8], ...tag, ...memory, ['values', sized('words', (words) => words * 2)], password, mask]),
    asked: [10, 140],
  },
  writeEpc: { ...onTag, code: 0x04, ask: layout([['epcWords', u8], password, ['epc', epcOf]]), asked: [5, 36] },
  kill: { ...onTag, code: 0x05, ask: layout([...tag, password, mask]), asked: [5, 75] },
  protect: { ...onTag, code: 0x06, ask: layout([...tag, ['select', u8], ['protection', u8], password, mask]), asked: [7, 77] },
  eraseBlock: { ...onTag, code: 0x07, ask: layout([...tag, ...memory, ['words', u8], password, mask]), asked: [8, 78] },
  protectReading: { ...onTag, code: 0x08, ask: layout([...tag, password, mask]), asked: [5, 75] },
  protectReadingAny: { ...onTag, code: 0x09, ask: layout([password]), asked: [4, 4] },
  unprotectReading: { ...onTag, code: 0x0a, ask: layout([password]), asked: [4, 4] },
  isReadingProtected: { ...question, code: 0x0b, reply: one('protected'), told: [1, 1], onTag: true },
  setEas: { ...onTag, code: 0x0c, ask: layout([...tag, password, ['eas', u8], mask]), asked: [6, 76] },
  detectEas: { ...question, ...onTag, code: 0x0d },
  lockBlock18: { ...onTag, code: 0x0e, ask: open, asked: [6, 76] },
  singleTag: { ...question, ...found, code: 0x0f },
  writeBlocks: {
    ...onTag,
    code: 0x10,
    ask: layout([['words', u8], ...tag, ...memory, ['values', sized('words', (words) => words * 2)], password, mask]),
    asked: [10, 140],
  },
  getMonzaQt: {
    code: 0x11,
    ask: layout([...tag, password, mask]),
    asked: [5, 75],
    reply: layout([['control', u16]]),
    told: [2, 2],
    onTag: true,
  },
  setMonzaQt: { ...onTag, code: 0x12, ask: open, asked: [6, 80] },
  readExtended: { code: 0x15, ask: open, asked: [9, 90], reply: open, told: [0, 240], onTag: true },
  writeExtended: { ...onTag, code: 0x16, ask: open, asked: [10, 150] },
  inventoryToBuffer: {
    code: 0x18,
    ask: layout([['query', query], ['session', u8], ...maskOf, ['target', u8], ['antenna', u8], ['scanTime', u8]]),
    asked: [2, 47],
    reply: layout([
      ['buffered', u16],
      ['tags', u16],
    ]),
    told: [4, 4],
    onTag: true,
  },
  mixInventory: { ...found, code: 0x19, ask: open, asked: [8, 70] },
  inventoryByEpc: { ...found, code: 0x1a, ask: open, asked: [2, 70] },
  inventoryQt: { ...found, code: 0x1b, ask: open, asked: [2, 70] },
  readerInfo: {
    ...question,
    code: 0x21,
    reply: layout([
      ['major', u8],
      ['minor', u8],
      ['type', u8],
      ['protocols', u8],
      ['highest', u8],
      ['lowest', u8],
      ['powerDbm', u8],
      ['scanTime', u8],
      // Antennas, two reserved, antenna check: not in the older series.
      ['more', many(u8)],
    ]),
    told: [8, 16],
  },
  setBand: {
    ...nothing,
    code: 0x22,
    ask: layout([
      ['highest', u8],
      ['lowest', u8],
    ]),
    asked: [2, 2],
  },
  setAddress: { ...nothing, code: 0x24, ask: one('address'), asked: [1, 1] },
  setScanTime: { ...nothing, code: 0x25, ask: one('scanTime'), asked: [1, 1] },
  setBaud: { ...nothing, code: 0x28, ask: one('baud'), asked: [1, 1] },
  setPower: { ...nothing, code: 0x2f, ask: layout([['dbm', many(u8)]]), asked: [1, 16] },
  signal: { ...nothing, code: 0x33, ask: open, asked: [3, 3] },
  setWiegand18: { ...nothing, code: 0x34, ask: open, asked: [4, 4] },
  setWorkMode18: { ...nothing, code: 0x35, ask: layout(workMode), asked: [6, 6] },
  getWorkMode18: { ...question, code: 0x36, reply: layout([['wiegand', u32], ...workMode, ['accuracies', rest]]), told: [10, 14] },
  setEasAccuracy18: { ...nothing, code: 0x37, ask: one('accuracy'), asked: [1, 1] },
  setSyrisOffset18: { ...nothing, code: 0x38, ask: one('offset'), asked: [1, 1] },
  setInlay: { code: 0x3a, ask: one('inlay'), asked: [1, 1], reply: one('inlay'), told: [1, 1] },
  setTriggerOffset18: { code: 0x3b, ask: one('offset'), asked: [1, 1], reply: one('offset'), told: [1, 1] },
  /** One byte, bit 7 being "forget at power off"; or, for more ports, a byte that says so, antennas 9-16, antennas 1-8. */
  setAntennas: { ...nothing, code: 0x3f, ask: layout([['mask', many(u8)]]), asked: [1, 3] },
  setBuzzer: { ...nothing, code: 0x40, ask: one('on'), asked: [1, 1] },
  setPins: { ...nothing, code: 0x46, ask: one('pins'), asked: [1, 1] },
  getPins: { ...question, code: 0x47, reply: one('pins'), told: [1, 1] },
  serialNumber: { ...question, code: 0x4c, reply: layout([['serial', u32]]), told: [4, 4] },
  /** Readers with an Ex10 chip; 18000-6B inventories in all others. */
  startFast: { ...nothing, code: 0x50, ask: one('target'), asked: [0, 1], told: [0, 10], onTag: true },
  stopFast: { ...nothing, code: 0x51, ask: open, asked: [0, 12], told: [0, 250], statuses: [0x00, 0x15, 0x16, 0x17, 0x18], onTag: true },
  read6b: { code: 0x52, ask: open, asked: [10, 10], reply: open, told: [1, 32], onTag: true },
  write6b: { ...onTag, code: 0x53, ask: open, asked: [10, 41] },
  isLocked6b: { code: 0x54, ask: open, asked: [9, 9], reply: one('locked'), told: [1, 1], onTag: true },
  lock6b: { ...onTag, code: 0x55, ask: open, asked: [9, 9] },
  checkAntennas: { ...nothing, code: 0x66, ask: one('on'), asked: [1, 1] },
  setInterface: { ...nothing, code: 0x6a, ask: one('interface'), asked: [1, 1] },
  returnLossLimit: { code: 0x6e, ask: one('limit'), asked: [1, 1], reply: one('limit'), told: [1, 1] },
  setBufferedLength: { ...nothing, code: 0x70, ask: one('length'), asked: [1, 1] },
  getBufferedLength: { ...question, code: 0x71, reply: one('length'), told: [1, 1] },
  buffered: { ...question, ...found, code: 0x72 },
  clearBuffer: { ...question, ...nothing, code: 0x73 },
  countBuffer: { ...question, code: 0x74, reply: layout([['count', u16]]), told: [2, 2] },
  setRealTime: {
    ...nothing,
    code: 0x75,
    ask: layout([
      ['protocol', u8],
      ['pause', u8],
      ['filterSeconds', u8],
      ['q', u8],
      ['session', u8],
      ['mask', rest],
    ]),
    asked: [1, 46],
  },
  /** 0 answer, 1 real time, 2 triggered; kept over a loss of power. */
  setWorkMode: { ...nothing, code: 0x76, ask: one('mode'), asked: [1, 1] },
  getWorkMode: {
    ...question,
    code: 0x77,
    reply: layout([
      ['mode', u8],
      ['realTime', rest],
    ]),
    told: [1, 60],
  },
  heartbeat: { code: 0x78, ask: one('interval'), asked: [1, 1], reply: one('interval'), told: [1, 1] },
  setWritePower: { ...nothing, code: 0x79, ask: one('power'), asked: [1, 1] },
  getWritePower: { ...question, code: 0x7a, reply: one('power'), told: [1, 1] },
  writeRetries: { code: 0x7b, ask: one('retries'), asked: [1, 1], reply: one('retries'), told: [1, 1] },
  setInlayPassword: { ...nothing, code: 0x7d, ask: layout([password]), asked: [4, 4] },
  getInlayPassword: { ...question, code: 0x7e, reply: layout([password]), told: [4, 4] },
  profile: { code: 0x7f, ask: one('profile'), asked: [1, 1], reply: one('profile'), told: [1, 1] },
  syncEm4325: { ...onTag, code: 0x85, ask: layout([['seconds', u32]]), asked: [4, 4] },
  temperatureEm4325: { code: 0x86, ask: open, asked: [5, 90], reply: open, told: [0, 240], onTag: true },
  spiEm4325: { code: 0x87, ask: open, asked: [5, 120], reply: open, told: [0, 240], onTag: true },
  resetEm4325: { ...onTag, code: 0x88, ask: open, asked: [5, 90] },
  drm: { code: 0x90, ask: one('mode'), asked: [1, 1], reply: one('mode'), told: [1, 1] },
  /** The antenna counts from 0. */
  returnLoss: {
    code: 0x91,
    ask: layout([
      ['kHz', u32],
      ['antenna', u8],
    ]),
    asked: [5, 5],
    reply: layout([['db', u8]]),
    told: [1, 1],
  },
  temperature: {
    ...question,
    code: 0x92,
    reply: layout([
      ['isAbove', u8],
      ['degrees', u8],
    ]),
    told: [2, 2],
  },
  /** Has no answer; the inventory ends within a second. */
  stopInventory: { ...question, ...nothing, code: 0x93 },
  getPowers: { ...question, code: 0x94, reply: layout([['dbm', many(u8)]]), told: [1, 16] },
  select: { ...onTag, code: 0x9a, ask: open, asked: [4, 60] },
  /** Ex10 only, as is the next; `flag` 1: forgotten at power off. */
  setConfig: {
    ...nothing,
    code: 0xea,
    ask: layout([
      ['flag', u8],
      ['number', u8],
      ['values', many(u8)],
    ]),
    asked: [2, 60],
  },
  getConfig: { code: 0xeb, ask: one('number'), asked: [1, 1], reply: layout([['values', many(u8)]]), told: [1, 60] },
} as const satisfies Readonly<Record<string, CommandRow>>

export type CommandName = keyof typeof COMMANDS
export type AskOf<N extends CommandName> = (typeof COMMANDS)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends CommandName> = (typeof COMMANDS)[N]['reply'] extends Layout<infer V> ? V : never

/** What a reader says unasked: tags and heartbeats in real-time mode, tags of a fast inventory. Not a command: a host never sends it. */
export const PUSH = 0xee
export const PUSH_ROW = { statuses: [0x00, 0x28, 0xee], told: [0, 250] } as const

/** Name of a command number, or `null`. */
export const commandOf = (code: number): CommandName | null => NAMES[code] ?? null
/** Row of a command number, or `undefined`. */
export const rowOf = (code: number): CommandRow | undefined => ROWS[code]

const NAMES: readonly (CommandName | undefined)[] = Object.entries(COMMANDS).reduce<CommandName[]>((names, [name, { code }]) => {
  names[code] = name as CommandName
  return names
}, [])
const ROWS: readonly (CommandRow | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const name = NAMES[code]
  return name === undefined ? undefined : COMMANDS[name]
})
const MASKED = 0xff
