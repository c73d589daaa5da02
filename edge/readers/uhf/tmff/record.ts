import { i8, type Kind, type Layout, layout, type Row, rest, u8, u16, u24, u32, type Values } from '../../../serial/layout.ts'
import { GEN2 } from './commands.ts'

/** What a tag record tells, the optional parts by its metadata flags. Frequencies in kHz, phase in degrees 0-180, times in ms since the read began. */
export interface TagRecord {
  readonly readCount?: number
  readonly rssiDbm?: number
  readonly antenna?: { readonly tx: number; readonly rx: number }
  readonly freqKHz?: number
  readonly timestampMs?: number
  readonly phaseDeg?: number
  readonly protocol?: number
  /** Bits of memory read along; `8000` stands before the two bytes of an error. */
  readonly dataBits?: number
  readonly data?: Uint8Array
  readonly gpio?: number
  readonly q?: number
  readonly linkFreq?: number
  readonly target?: number
  readonly brandId?: number
  readonly tagType?: Uint8Array
  /** Of PC, EPC and CRC together: bits from ThingMagic, bytes in Silion's uploads. */
  readonly length: number
  readonly pc: number
  /** The extended PC words, when the PC says they are there. */
  readonly xpc: Uint8Array
  readonly epc: Uint8Array
  /** The brand's two bytes at the end of the EPC, when the record has a brand. */
  readonly brand?: Uint8Array
  readonly tagCrc: number
  /** What newer firmware may put behind; the vendor's own parser passes over it. */
  readonly more: Uint8Array
}

/** How a record counts the length of PC, EPC and CRC. */
export type RecordForm = 'thingmagic' | 'silion'

/** Both directions of a record with these metadata flags, or `null` when a flag is set whose width nobody knows. */
export const recordOf = (flags: number, form: RecordForm): Layout<TagRecord> | null => {
  if ((flags & ~KNOWN_FLAGS) !== 0) return null
  const key = form === 'silion' ? flags | SILION_KEY : flags
  const known = RECORDS.get(key)
  if (known !== undefined) return known
  const made = layout(rowsOf(flags, form)) as Layout<unknown> as Layout<TagRecord>
  RECORDS.set(key, made)
  return made
}

/** Bytes of memory that a data length announces. */
export const dataBytesOf = (dataBits: number): number => (dataBits === DATA_ERROR ? 2 : (dataBits + 7) >> 3)
/** Bytes of extended PC words after a PC whose next byte is `next`. */
export const xpcBytesOf = (pc: number, next: number): number => ((pc & XPC_FOLLOWS) === 0 ? 0 : next & 0x80 ? 4 : 2)

export const FLAG = {
  rssi: 0x0002,
  antenna: 0x0004,
  phase: 0x0020,
  protocol: 0x0040,
  data: 0x0080,
  brand: 0x1000,
  tagType: 0x2000,
} as const

/** Bytes counted by what was read before. */
const counted = (bytesOf: (before: Values, next: number) => number): Kind<Uint8Array> => ({
  read: (from, before) => {
    const end = from.at + bytesOf(before, from.bytes[from.at] ?? 0)
    if (end < from.at || end > from.bytes.length) return undefined
    const bytes = from.bytes.subarray(from.at, end)
    from.at = end
    return bytes
  },
  write: (value, to) => void to.push(...value),
})

/** Port numbers in nibbles; sixteen does not fit and is written 0. */
const antenna: Kind<{ readonly tx: number; readonly rx: number }> = {
  read: (from, before) => {
    const byte = u8.read(from, before)
    return byte === undefined ? undefined : { tx: byte >> 4 || 16, rx: byte & 0x0f || 16 }
  },
  write: ({ tx, rx }, to) => void to.push(((tx & 0x0f) << 4) | (rx & 0x0f)),
}
/** Records of other protocols have another end. */
const gen2Only: Kind<number> = { ...u8, read: (from, before) => (u8.read(from, before) === GEN2 ? GEN2 : undefined) }
/** Seven bits a byte while the top bit says that more follow. */
const extensible: Kind<Uint8Array> = {
  read: (from) => {
    const begin = from.at
    while ((from.bytes[from.at] ?? 0) & 0x80) from.at += 1
    from.at += 1
    return from.at > from.bytes.length ? undefined : from.bytes.subarray(begin, from.at)
  },
  write: (value, to) => void to.push(...value),
}

/** In ascending order of flags, which is the order on the wire [MercuryAPI 2023]. `bytes`: the part of fixed width. */
export const METADATA: readonly { readonly flag: number; readonly bytes: number; readonly rows: readonly Row[] }[] = [
  { flag: 0x0001, bytes: 1, rows: [['readCount', u8]] },
  { flag: FLAG.rssi, bytes: 1, rows: [['rssiDbm', i8]] },
  { flag: FLAG.antenna, bytes: 1, rows: [['antenna', antenna as Kind<unknown>]] },
  { flag: 0x0008, bytes: 3, rows: [['freqKHz', u24]] },
  { flag: 0x0010, bytes: 4, rows: [['timestampMs', u32]] },
  { flag: FLAG.phase, bytes: 2, rows: [['phaseDeg', u16]] },
  { flag: FLAG.protocol, bytes: 1, rows: [['protocol', gen2Only as Kind<unknown>]] },
  {
    flag: FLAG.data,
    bytes: 2,
    rows: [
      ['dataBits', u16],
      ['data', counted(({ dataBits }) => dataBytesOf(dataBits as number))],
    ] as readonly Row[],
  },
  { flag: 0x0100, bytes: 1, rows: [['gpio', u8]] },
  { flag: 0x0200, bytes: 1, rows: [['q', u8]] },
  { flag: 0x0400, bytes: 1, rows: [['linkFreq', u8]] },
  { flag: 0x0800, bytes: 1, rows: [['target', u8]] },
  { flag: FLAG.brand, bytes: 2, rows: [['brandId', u16]] },
  { flag: FLAG.tagType, bytes: 0, rows: [['tagType', extensible as Kind<unknown>]] },
]

const rowsOf = (flags: number, form: RecordForm): readonly Row[] => {
  const brandBytes = flags & FLAG.brand ? 2 : 0
  const epcBytes = ({ length, xpc }: Values): number =>
    (form === 'silion' ? (length as number) : ((length as number) + 7) >> 3) - PC_AND_CRC - (xpc as Uint8Array).length - brandBytes
  return [
    ...METADATA.filter(({ flag }) => flags & flag).flatMap(({ rows }) => rows),
    ['length', form === 'silion' ? u8 : u16],
    ['pc', u16],
    ['xpc', counted(({ pc }, next) => xpcBytesOf(pc as number, next))],
    ['epc', counted(epcBytes)],
    ...(brandBytes > 0 ? [['brand', counted(() => brandBytes)] as Row] : []),
    ['tagCrc', u16],
    ['more', rest],
  ] as readonly Row[]
}

const RECORDS = new Map<number, Layout<TagRecord>>()
const SILION_KEY = 0x10000
const KNOWN_FLAGS = 0x3fff
const DATA_ERROR = 0x8000
const XPC_FOLLOWS = 0x0200
const PC_AND_CRC = 4
