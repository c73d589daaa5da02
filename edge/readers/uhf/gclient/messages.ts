import { type Kind, type Layout, layout, many, named, rest, sized, u8, u16, u32 } from '../../../serial/layout.ts'

/** One message: its category and number, what is sent with it, and what comes back. */
export interface MessageRow {
  readonly category: number
  readonly id: number
  readonly ask: Layout<unknown>
  readonly reply: Layout<unknown>
}

/** Bytes after their number. */
export const lengthed: Kind<Uint8Array> = {
  read: (from, before) => {
    const length = u16.read(from, before)
    if (length === undefined || from.at + length > from.bytes.length) return undefined
    from.at += length
    return from.bytes.subarray(from.at - length, from.at)
  },
  write: (value, to) => {
    u16.write(value.length, to)
    to.push(...value)
  },
}
const port: Kind<{ readonly port: number; readonly value: number }> = {
  read: (from, before) => {
    const [number, value] = [u8.read(from, before), u8.read(from, before)]
    return number === undefined || value === undefined ? undefined : { port: number, value }
  },
  write: ({ port: number, value }, to) => void to.push(number, value),
}

const APP = 1
const BASE = 2
const TEST = 5
const none = layout([])
/** The byte that answers most commands: 0 is done. */
const result = layout([['result', u8]])
/** Messages nobody here sends: seen in recordings, kept as they came. */
const raw = layout([['body', rest]])
const switched = layout([['isOn', u8]])
const ports = layout([['ports', many(port)]])
const time = layout([
  ['seconds', u32],
  ['micros', u32],
])
/** 5 and on are known from other makers of the same protocol only. */
const band = layout([['band', named({ 0: 'CN900', 1: 'CN800', 2: 'CN800+CN900', 3: 'US', 4: 'EU', 5: 'JP', 6: 'TW', 7: 'ID', 8: 'RU' })]])
const address = layout([
  ['address', u8],
  ['speed', rest],
])

/**
 * Every message of the family [rfid.md 1.5; the vendor's GClient SDK; bands and flags also in the public
 * dissector of the sibling protocol that begins with AA].
 */
export const MESSAGES = {
  readerInfo: {
    category: APP,
    id: 0x00,
    ask: none,
    reply: layout([
      ['serial', lengthed],
      ['uptimeS', u32],
      ['baseBuilt', lengthed],
      ['more', rest],
    ]),
  },
  baseVersion: { category: APP, id: 0x01, ask: none, reply: layout([['version', sized('', () => 4)]]) },
  setSerial: { category: APP, id: 0x02, ask: raw, reply: raw },
  getSerial: { category: APP, id: 0x03, ask: raw, reply: raw },
  setAddress: { category: APP, id: 0x04, ask: raw, reply: raw },
  getAddress: { category: APP, id: 0x05, ask: raw, reply: raw },
  getMac: { category: APP, id: 0x06, ask: none, reply: raw },
  setServer: { category: APP, id: 0x07, ask: raw, reply: raw },
  getServer: { category: APP, id: 0x08, ask: raw, reply: raw },
  setOutputs: { category: APP, id: 0x09, ask: ports, reply: result },
  getInputs: { category: APP, id: 0x0a, ask: none, reply: ports },
  setTrigger: { category: APP, id: 0x0b, ask: raw, reply: result },
  getTrigger: { category: APP, id: 0x0c, ask: raw, reply: raw },
  setWiegand: { category: APP, id: 0x0d, ask: raw, reply: raw },
  getWiegand: { category: APP, id: 0x0e, ask: raw, reply: raw },
  restart: { category: APP, id: 0x0f, ask: raw, reply: raw },
  setTime: { category: APP, id: 0x10, ask: time, reply: result },
  getTime: { category: APP, id: 0x11, ask: none, reply: time },
  /** The reader numbers them; the host sends each back as it came. */
  heartbeat: { category: APP, id: 0x12, ask: layout([['serial', u32]]), reply: layout([['serial', u32]]) },
  setMac: { category: APP, id: 0x13, ask: raw, reply: raw },
  restoreDefault: { category: APP, id: 0x14, ask: raw, reply: raw },
  setRs485: { category: APP, id: 0x15, ask: address, reply: result },
  getRs485: { category: APP, id: 0x16, ask: none, reply: address },
  /** Keeps tags while nobody listens, and sends them later as if they were new. */
  setResume: { category: APP, id: 0x17, ask: switched, reply: result },
  getResume: { category: APP, id: 0x18, ask: none, reply: switched },
  getCached: { category: APP, id: 0x1b, ask: none, reply: result },
  clearCached: { category: APP, id: 0x1c, ask: none, reply: result },
  tagReceived: { category: APP, id: 0x1d, ask: layout([['serial', u32]]), reply: layout([['serial', u32]]) },
  capabilities: {
    category: BASE,
    id: 0x00,
    ask: none,
    reply: layout([
      ['dbmMin', u8],
      ['dbmMax', u8],
      ['antennas', u8],
      ['bands', lengthed],
      ['protocols', lengthed],
    ]),
  },
  /** Port 255: whether the powers outlive a power cut. */
  setPower: { category: BASE, id: 0x01, ask: ports, reply: result },
  getPower: { category: BASE, id: 0x02, ask: none, reply: ports },
  setBand: { category: BASE, id: 0x03, ask: band, reply: result },
  getBand: { category: BASE, id: 0x04, ask: none, reply: band },
  setFrequency: {
    category: BASE,
    id: 0x05,
    ask: layout([
      ['isAutomatic', u8],
      ['options', rest],
    ]),
    reply: result,
  },
  getFrequency: {
    category: BASE,
    id: 0x06,
    ask: none,
    reply: layout([
      ['isAutomatic', u8],
      ['channels', lengthed],
    ]),
  },
  setHub: { category: BASE, id: 0x07, ask: raw, reply: result },
  getHub: { category: BASE, id: 0x08, ask: none, reply: raw },
  /** Options 01 time in which a tag is told once (u16, 10 ms), 02 weakest RSSI told (u8). */
  setTagLog: { category: BASE, id: 0x09, ask: layout([['options', rest]]), reply: result },
  getTagLog: {
    category: BASE,
    id: 0x0a,
    ask: none,
    reply: layout([
      ['repeated', u16],
      ['rssiMin', u8],
    ]),
  },
  /** Options 01 speed, 02 Q, 03 session, 04 flags (0 A, 1 B, 2 both by turns). */
  setBaseband: { category: BASE, id: 0x0b, ask: layout([['options', rest]]), reply: result },
  getBaseband: {
    category: BASE,
    id: 0x0c,
    ask: none,
    reply: layout([
      ['speed', u8],
      ['q', u8],
      ['session', u8],
      ['flags', u8],
    ]),
  },
  setDormancy: {
    category: BASE,
    id: 0x0d,
    ask: layout([
      ['isOn', u8],
      ['options', rest],
    ]),
    reply: result,
  },
  getDormancy: {
    category: BASE,
    id: 0x0e,
    ask: none,
    reply: layout([
      ['isOn', u8],
      ['idle', u16],
    ]),
  },
  inventory: {
    category: BASE,
    id: 0x10,
    ask: layout([
      ['antennas', u32],
      ['mode', u8],
      ['options', rest],
    ]),
    reply: result,
  },
  writeEpc: { category: BASE, id: 0x11, ask: raw, reply: raw },
  lockEpc: { category: BASE, id: 0x12, ask: raw, reply: raw },
  killEpc: { category: BASE, id: 0x13, ask: raw, reply: raw },
  setResidence: { category: BASE, id: 0xe0, ask: layout([['options', rest]]), reply: result },
  getResidence: { category: BASE, id: 0xe1, ask: none, reply: raw },
  stop: { category: BASE, id: 0xff, ask: none, reply: result },
  vswr: { category: TEST, id: 0x05, ask: raw, reply: raw },
} as const satisfies Readonly<Record<string, MessageRow>>

export type MessageName = keyof typeof MESSAGES
export type AskOf<N extends MessageName> = (typeof MESSAGES)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends MessageName> = (typeof MESSAGES)[N]['reply'] extends Layout<infer V> ? V : never

/** Row of a category and number, or `null`. */
export const messageOf = (category: number, id: number): MessageName | null => BY_NUMBER.get((category << 8) | id) ?? null

const BY_NUMBER = new Map<number, MessageName>(
  (Object.keys(MESSAGES) as MessageName[]).map((name) => [(MESSAGES[name].category << 8) | MESSAGES[name].id, name]),
)

/** What the reader tells unasked, by category and number. */
export const NOTICES = {
  tag: { category: BASE, id: 0x00 },
  inventoryOver: { category: BASE, id: 0x01 },
  heartbeat: { category: APP, id: 0x12 },
} as const

/** Bands a site's law may ask for; Korea's has no number here. */
export const BANDS = ['CN900', 'CN800', 'US', 'EU'] as const
export const CONTINUOUS = 1
/** The pseudo port of `setPower`. */
export const SAVED = 0xff
