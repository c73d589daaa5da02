import { bits, type Kind, type Layout, layout, many, named, rest, scaled, sized, u8, u16, u24, u32 } from '../../../serial/layout.ts'

/** One command: its number, what is sent with it, and what comes back under the next number. */
export interface CommandRow {
  readonly code: number
  readonly ask: Layout<unknown>
  readonly reply: Layout<unknown>
}

/** Three bytes as `7.40.1`. */
const version: Kind<string> = {
  read: (cursor, before) => {
    const word = u24.read(cursor, before)
    return word === undefined ? undefined : `${word >> 16}.${(word >> 8) & 0xff}.${word & 0xff}`
  },
  write: (value, to) => {
    const [major = 0, minor = 0, patch = 0] = value.split('.').map(Number)
    to.push(major, minor, patch)
  },
}
/** Hundredths of a degree, two's complement. */
const celsius: Kind<number> = {
  read: (cursor, before) => {
    const word = u16.read(cursor, before)
    return word === undefined ? undefined : (word >= 0x8000 ? word - 0x10000 : word) / 100
  },
  write: (value, to) => u16.write(Math.round(value * 100) & 0xffff, to),
}
/** Rows of one fixed form, as many as there are bytes. */
const each = <T>(form: Layout<T>, bytes: number): Kind<readonly T[]> => ({
  read: (cursor) => {
    const found: T[] = []
    while (cursor.at < cursor.bytes.length) {
      const one = form.read(cursor.bytes.subarray(cursor.at, cursor.at + bytes))
      if (one === null) return undefined
      found.push(one)
      cursor.at += bytes
    }
    return found
  },
  write: (values, to) => {
    for (const value of values) to.push(...form.write(value))
  },
})

const none = layout([])
const done = layout([['result', u8]])
const anything = layout([['data', rest]])
/** What operations on a tag answer: 1 and 0, or 0 and why not. */
const operated = layout([
  ['result', u8],
  ['error', u8],
])
const region = named({ 1: 'CN800', 2: 'CN900', 4: 'EU', 8: 'US', 22: 'KR', 50: 'JP' })
const dbm = scaled(u16, 100)
const powers = each(
  layout([
    ['antenna', u8],
    ['readDbm', dbm],
    ['writeDbm', dbm],
  ]),
  5,
)
const losses = each(
  layout([
    ['port', u8],
    ['db', u8],
  ]),
  2,
)
/** Select and query of a round in four bytes. */
const gen2 = [
  [
    'select',
    bits([
      ['target', 3],
      ['action', 3],
      ['truncate', 1],
      ['qMode', 1],
    ]),
  ],
  [
    'q',
    bits([
      ['first', 4],
      ['least', 4],
    ]),
  ],
  [
    'link',
    bits([
      ['qMost', 4],
      ['dr', 1],
      ['coding', 2],
      ['trext', 1],
    ]),
  ],
  [
    'query',
    bits([
      ['sel', 2],
      ['session', 2],
      ['target', 1],
      ['linkFrequency', 3],
    ]),
  ],
] as const
/** The tag meant: password, bank, bit address, bit length and as many bytes of mask; no bits mean any tag. */
const meant = [
  ['password', u32],
  ['bank', u8],
  ['pointerBits', u16],
  ['maskBits', u16],
  ['mask', sized('maskBits', (count) => Math.ceil(count / 8))],
] as const
const words = [
  ['memoryBank', u8],
  ['startWord', u16],
  ['words', u16],
] as const
const mode = [
  ['mode', u8],
  ['userWord', u8],
  ['userWords', u8],
] as const
const enabled = layout([
  ['result', u8],
  ['enabled', u8],
])
const switched = layout([
  ['enabled', u8],
  ['reserved', u8],
])
const pair = layout([['reserved', u16]])

/** The commands of the family [rfid.md 1.6; layouts as measured on a UR4: DaanVervacke/chainway-serial docs/protocol.md]. */
export const COMMANDS = {
  getHardware: { code: 0x00, ask: none, reply: layout([['version', version]]) },
  getVersion: { code: 0x02, ask: none, reply: layout([['version', version]]) },
  getId: { code: 0x04, ask: none, reply: layout([['id', u32]]) },
  setPower: {
    code: 0x10,
    ask: layout([
      ['save', u8],
      ['powers', powers],
    ]),
    reply: done,
  },
  getPower: {
    code: 0x12,
    ask: none,
    reply: layout([
      ['status', u8],
      ['powers', powers],
    ]),
  },
  setFrequency: {
    code: 0x14,
    ask: layout([
      ['count', u8],
      ['kHz', many(u24)],
    ]),
    reply: done,
  },
  getFrequency: {
    code: 0x16,
    ask: none,
    reply: layout([
      ['count', u8],
      ['kHz', many(u24)],
    ]),
  },
  setGen2: { code: 0x20, ask: layout(gen2), reply: done },
  getGen2: { code: 0x22, ask: none, reply: layout(gen2) },
  setCarrier: { code: 0x24, ask: layout([['on', u8]]), reply: done },
  getReturnLoss: { code: 0x26, ask: none, reply: layout([['losses', losses]]) },
  setAntennas: {
    code: 0x28,
    ask: layout([
      ['save', u8],
      ['mask', u16],
    ]),
    reply: done,
  },
  getAntennas: { code: 0x2a, ask: none, reply: layout([['mask', u16]]) },
  setRegion: {
    code: 0x2c,
    ask: layout([
      ['save', u8],
      ['region', region],
    ]),
    reply: done,
  },
  getRegion: {
    code: 0x2e,
    ask: none,
    reply: layout([
      ['result', u8],
      ['region', region],
    ]),
  },
  getTemperature: {
    code: 0x34,
    ask: none,
    reply: layout([
      ['result', u8],
      ['celsius', celsius],
    ]),
  },
  setWorkTime: {
    code: 0x4a,
    ask: layout([
      ['antenna', u8],
      ['time', u16],
    ]),
    reply: done,
  },
  getWorkTime: {
    code: 0x4c,
    ask: layout([
      ['antenna', u8],
      ['reserved', u8],
    ]),
    reply: layout([
      ['result', u8],
      ['antenna', u8],
      ['time', u16],
    ]),
  },
  getConnected: { code: 0x4e, ask: none, reply: layout([['mask', u16]]) },
  setLink: {
    code: 0x52,
    ask: layout([
      ['reserved', u8],
      ['save', u8],
      ['link', u8],
    ]),
    reply: done,
  },
  getLink: {
    code: 0x54,
    ask: pair,
    reply: layout([
      ['result', u8],
      ['reserved', u8],
      ['link', u8],
    ]),
  },
  setFastId: { code: 0x5c, ask: switched, reply: done },
  getFastId: { code: 0x5e, ask: pair, reply: enabled },
  setTagFocus: { code: 0x60, ask: switched, reply: done },
  getTagFocus: { code: 0x62, ask: pair, reply: enabled },
  setFastInventory: {
    code: 0x64,
    ask: layout([
      ['save', u8],
      ['enabled', u8],
      ['reserved', u8],
    ]),
    reply: done,
  },
  getFastInventory: {
    code: 0x66,
    ask: pair,
    reply: layout([
      ['result', u8],
      ['enabled', u8],
      ['more', rest],
    ]),
  },
  reset: { code: 0x68, ask: none, reply: done },
  setFilter: {
    code: 0x6e,
    ask: layout([
      ['save', u8],
      ['bank', u8],
      ['pointerBits', u16],
      ['maskBits', u16],
      ['mask', rest],
    ]),
    reply: done,
  },
  setMode: { code: 0x70, ask: layout([['save', u8], ...mode]), reply: done },
  getMode: { code: 0x72, ask: pair, reply: layout([['result', u8], ...mode, ['more', rest]]) },
  restoreFactory: { code: 0x74, ask: none, reply: done },
  readOnce: { code: 0x80, ask: layout([['reserved', u16]]), reply: anything },
  start: { code: 0x82, ask: layout([['form', u16]]), reply: anything },
  read: {
    code: 0x84,
    ask: layout([...meant, ...words]),
    reply: layout([
      ['result', u8],
      ['error', u8],
      ['words', u16],
      ['memory', rest],
    ]),
  },
  write: { code: 0x86, ask: layout([...meant, ...words, ['memory', rest]]), reply: operated },
  lock: { code: 0x88, ask: layout([...meant, ['lock', u24]]), reply: operated },
  kill: { code: 0x8a, ask: layout(meant), reply: operated },
  stop: { code: 0x8c, ask: none, reply: done },
  blockWrite: { code: 0x93, ask: layout([...meant, ...words, ['memory', rest]]), reply: operated },
  blockErase: { code: 0x95, ask: layout([...meant, ...words]), reply: operated },
  /** Network, work mode, buzzer, GPIO: the first byte is a number of its own. */
  configure: { code: 0xa1, ask: anything, reply: anything },
  getMainboard: { code: 0xc8, ask: none, reply: layout([['version', version]]) },
  peripheral: { code: 0xe4, ask: anything, reply: anything },
} as const satisfies Readonly<Record<string, CommandRow>>

export type CommandName = keyof typeof COMMANDS
export type AskOf<N extends CommandName> = (typeof COMMANDS)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends CommandName> = (typeof COMMANDS)[N]['reply'] extends Layout<infer V> ? V : never

/** Row of a command number, or `null`. */
export const commandOf = (code: number): CommandName | null => BY_CODE.get(code) ?? null

const BY_CODE = new Map<number, CommandName>((Object.keys(COMMANDS) as CommandName[]).map((name) => [COMMANDS[name].code, name]))
