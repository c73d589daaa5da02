import {
  bits,
  counted,
  i8,
  type Layout,
  layout,
  many,
  named,
  optional,
  rest,
  scaled,
  sized,
  text,
  u8,
  u16,
  u24,
  u32,
} from '../../../serial/layout.ts'
import { epcBytesOf } from '../gen2.ts'

/** One command: its number, what is sent with it, and what comes back. `kind` names the answer in decoded frames. */
export interface CommandRow {
  readonly code: number
  readonly ask: Layout<unknown>
  readonly kind: string
  readonly reply: Layout<unknown>
}

/** The byte `00` that most answers consist of. */
const done = layout([['result', u8]])
const none = layout([])
const onOff = named({ 255: 'on', 0: 'off' })
const region = named({ 1: 'CN900', 2: 'US', 3: 'EU', 4: 'CN800', 5: 'JP', 6: 'KR' })
const selectMode = named({ 0: 'always', 1: 'never', 2: 'access-only' })
const bank = named({ 0: 'reserved', 1: 'epc', 2: 'tid', 3: 'user' })
/** Q, session, target of a round; the default 1020 reads DR8 M1 TRext S0 A Q4. */
const query = bits([
  ['dr', 1],
  ['m', 2],
  ['trext', 1],
  ['sel', 2],
  ['session', 2],
  ['target', 1],
  ['q', 4],
  ['_', 3],
])
const select = [
  [
    'how',
    bits([
      ['target', 3],
      ['action', 3],
      ['bank', 2],
    ]),
  ],
  ['pointerBits', u32],
  ['maskBits', u8],
  ['truncate', u8],
  ['mask', sized('maskBits', (count) => Math.ceil(count / 8))],
] as const
const gain = [
  ['mixer', u8],
  ['ifAmplifier', u8],
  ['threshold', u16],
] as const
const channels = [
  ['from', u8],
  ['to', u8],
  ['dbm', many(i8)],
] as const
const pin = [
  ['operation', u8],
  ['pin', u8],
  ['value', u8],
] as const
const epcOfPc = sized('pc', epcBytesOf)
/** The tag an access command found: UL counts PC and EPC. */
const tag = [
  ['bytes', u8],
  ['pc', u16],
  ['epc', sized('bytes', (count) => count - 2)],
] as const
const words = [
  ['password', u32],
  ['bank', bank],
  ['startWord', u16],
  ['words', u16],
] as const

/** Every command of the family [rfid.md 1.1]; one row is all that the driver, the replay and the simulated module know of it. */
export const COMMANDS = {
  moduleInfo: {
    code: 0x03,
    ask: layout([['infoType', u8]]),
    kind: 'moduleInfo',
    reply: layout([
      ['infoType', u8],
      ['text', text],
    ]),
  },
  idleMode: {
    code: 0x04,
    ask: layout([
      ['enter', u8],
      ['reserved', u8],
      ['minutes', u8],
    ]),
    kind: 'ack',
    reply: done,
  },
  setRegion: { code: 0x07, ask: layout([['region', region]]), kind: 'ack', reply: done },
  getRegion: { code: 0x08, ask: none, kind: 'region', reply: layout([['region', region]]) },
  saveSettings: { code: 0x09, ask: layout([['slot', u8]]), kind: 'ack', reply: done },
  loadSettings: { code: 0x0a, ask: layout([['slot', u8]]), kind: 'ack', reply: done },
  getSelect: { code: 0x0b, ask: none, kind: 'select', reply: layout(select) },
  setSelect: { code: 0x0c, ask: layout(select), kind: 'ack', reply: done },
  getQuery: { code: 0x0d, ask: none, kind: 'query', reply: layout([['query', query]]) },
  setQuery: { code: 0x0e, ask: layout([['query', query]]), kind: 'ack', reply: done },
  setBaud: { code: 0x11, ask: layout([['baud', scaled(u16, 0.01)]]), kind: 'ack', reply: done },
  setSelectMode: { code: 0x12, ask: layout([['mode', selectMode]]), kind: 'ack', reply: done },
  sleep: { code: 0x17, ask: none, kind: 'ack', reply: done },
  restart: { code: 0x19, ask: none, kind: 'ack', reply: done },
  io: { code: 0x1a, ask: layout(pin), kind: 'io', reply: layout(pin) },
  idleSleep: { code: 0x1d, ask: layout([['minutes', u8]]), kind: 'idleSleep', reply: layout([['minutes', u8]]) },
  poll: { code: 0x22, ask: none, kind: 'ack', reply: done },
  pollMany: {
    code: 0x27,
    ask: layout([
      ['reserved', u8],
      ['count', u16],
    ]),
    kind: 'ack',
    reply: done,
  },
  stop: { code: 0x28, ask: none, kind: 'ack', reply: done },
  read: { code: 0x39, ask: layout(words), kind: 'memory', reply: layout([...tag, ['memory', rest]]) },
  write: { code: 0x49, ask: layout([...words, ['memory', rest]]), kind: 'access', reply: layout([...tag, ['result', u8]]) },
  kill: { code: 0x65, ask: layout([['password', u32]]), kind: 'access', reply: layout([...tag, ['result', u8]]) },
  lock: {
    code: 0x82,
    ask: layout([
      ['password', u32],
      ['lock', u24],
    ]),
    kind: 'access',
    reply: layout([...tag, ['result', u8]]),
  },
  setHopList: { code: 0xa9, ask: layout([['channels', counted(u8)]]), kind: 'ack', reply: done },
  getChannel: { code: 0xaa, ask: none, kind: 'channel', reply: layout([['channel', u8]]) },
  setChannel: { code: 0xab, ask: layout([['channel', u8]]), kind: 'ack', reply: done },
  setHopping: { code: 0xad, ask: layout([['hopping', onOff]]), kind: 'ack', reply: done },
  setCarrier: { code: 0xb0, ask: layout([['carrier', onOff]]), kind: 'ack', reply: done },
  setPower: { code: 0xb6, ask: layout([['dbm', scaled(u16, 100)]]), kind: 'ack', reply: done },
  getPower: { code: 0xb7, ask: none, kind: 'power', reply: layout([['dbm', scaled(u16, 100)]]) },
  setGain: { code: 0xf0, ask: layout(gain), kind: 'ack', reply: done },
  getGain: { code: 0xf1, ask: none, kind: 'gain', reply: layout(gain) },
  scanJammer: { code: 0xf2, ask: none, kind: 'jammer', reply: layout(channels) },
  scanRssi: { code: 0xf3, ask: none, kind: 'rssi', reply: layout(channels) },
} as const satisfies Readonly<Record<string, CommandRow>>

export type CommandName = keyof typeof COMMANDS
export type AskOf<N extends CommandName> = (typeof COMMANDS)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends CommandName> = (typeof COMMANDS)[N]['reply'] extends Layout<infer V> ? V : never

/** A tag that answered, told unasked while polling (type 02, command 22). */
export const TAG_NOTICE = layout([
  ['rssiDbm', i8],
  ['pc', u16],
  ['epc', epcOfPc],
  ['tagCrc', u16],
])
export type TagNotice = typeof TAG_NOTICE extends Layout<infer V> ? V : never

/** A refusal (type 01, command FF): the code, then the tag it concerns if one was found. */
export const ERROR_REPLY = layout([
  ['code', u8],
  ['tag', optional(tag)],
])
export const ERROR = 0xff

/** Row of a command number, or `null`. */
export const commandOf = (code: number): CommandName | null => BY_CODE.get(code) ?? null

const BY_CODE = new Map<number, CommandName>((Object.keys(COMMANDS) as CommandName[]).map((name) => [COMMANDS[name].code, name]))
