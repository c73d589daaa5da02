import type { Heard, Read } from '../family.ts'

/**
 * What a frame of a running inventory says: `PC EPC [TID] [USER] [phase] [frequency] RSSI Ant` [rfid.md 1.6]. Which blocks stand there follows from
 * the length alone. Records are read straight from the bytes: this is the one place that runs for every read.
 */
export const hearTag = (frame: Uint8Array): Heard => {
  if (frame[4] !== TAG || frame.length < OVERHEAD + TAG_LEAST) return OTHER
  const end = frame.length - CLOSING
  const pc = ((frame[DATA] as number) << 8) | (frame[DATA + 1] as number)
  const epcEnd = DATA + 2 + ((pc >> 11) << 1)
  const level = ((frame[end - 3] as number) << 8) | (frame[end - 2] as number)
  const extra = end - 3 - epcEnd
  // A record whose PC contradicts its length passed the sum by chance: a read that failed its check, to be counted with those.
  if (!isForm(extra)) return { kind: 'reads', reads: [{ ...NO_READ, pc, rssiRaw: level }] }
  const read: Read = {
    port: (frame[end - 1] as number) + 1,
    epc: frame.subarray(DATA + 2, epcEnd),
    pc,
    rssiDbm: dbmOf(level),
    rssiRaw: level,
    phaseDeg: hasPhase(extra) ? phaseOf(frame, epcEnd + extra - (extra === 2 ? 2 : 5)) : null,
    crcOk: null,
  }
  return { kind: 'reads', reads: [read] }
}

/** One tag as the wire has it. */
export interface TagRecord {
  readonly pc: number
  readonly epc: Uint8Array
  readonly tid: Uint8Array | null
  readonly user: Uint8Array | null
  readonly phaseDeg: number | null
  readonly freqKHz: number | null
  readonly rssiDbm: number | null
  /** As on the wire. */
  readonly antennaIndex: number
}

/** The record in these data, or `null` where the length is not that of its PC word. */
export const readTag = (data: Uint8Array): TagRecord | null => {
  if (data.length < TAG_LEAST) return null
  const at = (place: number): number => data[place] as number
  const epcEnd = 2 + ((at(0) >> 3) << 1)
  const end = data.length - 3
  const extra = end - epcEnd
  if (!isForm(extra)) return null
  const told = extra >= TID ? (extra % 2 === 0 ? 0 : Math.min(5, extra - TID)) : extra
  const blocks = end - told
  return {
    pc: (at(0) << 8) | at(1),
    epc: data.subarray(2, epcEnd),
    tid: extra >= TID ? data.subarray(epcEnd, epcEnd + TID) : null,
    user: extra >= TID && blocks > epcEnd + TID ? data.subarray(epcEnd + TID, blocks) : null,
    phaseDeg: told === 2 || told === 5 ? (at(blocks) << 8) | at(blocks + 1) : null,
    freqKHz: told >= 3 ? (at(end - 3) << 16) | (at(end - 2) << 8) | at(end - 1) : null,
    rssiDbm: dbmOf((at(end) << 8) | at(end + 1)),
    antennaIndex: at(end + 2),
  }
}

/** The data of a tag record without TID and user memory. */
export const writeTag = (tag: Pick<TagRecord, 'pc' | 'epc' | 'antennaIndex'> & { readonly rssiDbm: number }): Uint8Array => {
  const level = levelOf(tag.rssiDbm)
  return Uint8Array.of(tag.pc >> 8, tag.pc & 0xff, ...tag.epc, level >> 8, level & 0xff, tag.antennaIndex)
}

/** Number of the frames that tell of tags. */
export const TAG = 0x83
/** Longest record: PC, 31 words of EPC, TID, 255 words of user memory, phase, frequency, level and antenna. */
export const TAG_MOST = 2 + 62 + 12 + 510 + 5 + 3

/**
 * Tenths of a dBm below the top of the word, as the maker's own clients reckon; `null` for what is no level. Modules of the same frames from other
 * makers send whole dBm in the low byte.
 */
const dbmOf = (level: number): number | null => {
  if (level >= LEVEL_LEAST) return (level - LEVEL_ZERO) / 10
  return level >= 0x80 && level <= 0xff ? level - 0x100 : null
}
const levelOf = (dbm: number): number => Math.max(LEVEL_LEAST, Math.min(LEVEL_ZERO, Math.round(LEVEL_ZERO + dbm * 10)))

/** Whether a record can have so many bytes between EPC and level: none, phase, frequency, both, or a TID with or without more. */
const isForm = (extra: number): boolean => extra === 0 || extra === 2 || extra === 3 || extra === 5 || (extra >= TID && extra !== TID + 1)

const hasPhase = (extra: number): boolean => extra === 2 || extra === 5 || (extra >= TID + 5 && extra % 2 === 1)
const phaseOf = (frame: Uint8Array, at: number): number | null => {
  const degrees = ((frame[at] as number) << 8) | (frame[at + 1] as number)
  return degrees < 360 ? degrees : null
}

const DATA = 5
const CLOSING = 3
const OVERHEAD = 8
/** PC, level and antenna. */
const TAG_LEAST = 5
const TID = 12
const LEVEL_ZERO = 0xffff
/** -200 dBm: nothing is as weak. */
const LEVEL_LEAST = LEVEL_ZERO - 2_000
const OTHER: Heard = { kind: 'other' }
const NO_READ = { port: 1, epc: new Uint8Array(0), rssiDbm: null, phaseDeg: null, crcOk: false } as const
