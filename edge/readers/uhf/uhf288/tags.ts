/**
 * Tag records inside `bytes[from, to)`, or `null` unless they fill it exactly. `counted`: a byte says how many there are; `one`: a single record
 * [UHF RFID Reader Series User Manual V2.20, 8.2.1, 8.4.19, 8.4.23; UHFReader18 User's Manual V2.0, 8.2.1].
 */
export const tagsIn = (form: TagForm, bytes: Uint8Array, from: number, to: number): readonly TagRecord[] | null => {
  const tags: TagRecord[] = []
  let at = from
  for (let left = bytes[at++] ?? 0; left > 0; left -= 1) {
    const tag = tagAt(form, bytes, at, to)
    if (tag === null) return null
    tags.push(tag)
    at += tag.bytes
  }
  return at === to ? tags : null
}

/** One record at `at`, or `null` when it does not fit before `to`. */
export const tagAt = (form: TagForm, bytes: Uint8Array, at: number, to: number): TagRecord | null => {
  const { before, after, isFlagged } = FORMS[form]
  const start = at + before + 1
  const flags = bytes[start - 1] ?? 0
  const length = isFlagged ? flags & LENGTH : flags
  const isPhased = isFlagged && (flags & PHASED) !== 0
  const end = start + length + after + (isPhased ? PHASE_BYTES : 0)
  const hasTid = isFlagged && (flags & JOINED) !== 0
  if (start > to || end > to || (hasTid && length < TID_BYTES)) return null
  const epcEnd = start + length - (hasTid ? TID_BYTES : 0)
  const tail = start + length
  return {
    bytes: end - at,
    antenna: before === 0 ? null : before === 1 ? (bytes[at] as number) : ((bytes[at] as number) << 8) | (bytes[at + 1] as number),
    epc: bytes.subarray(start, epcEnd),
    tid: hasTid ? bytes.subarray(epcEnd, tail) : null,
    rssiRaw: after === 0 ? null : (bytes[tail] as number),
    count: after === 2 ? (bytes[tail + 1] as number) : null,
    phase: isPhased ? bytes.subarray(tail + 1, tail + 5) : null,
    freqKHz: isPhased ? ((bytes[tail + 5] as number) << 16) | ((bytes[tail + 6] as number) << 8) | (bytes[tail + 7] as number) : null,
  }
}

/** One tag as its record tells it; `null` where the form has no such field. */
export interface TagRecord {
  /** Length of the whole record. */
  readonly bytes: number
  readonly antenna: number | null
  readonly epc: Uint8Array
  readonly tid: Uint8Array | null
  readonly rssiRaw: number | null
  readonly count: number | null
  /** Four bytes whose unit no manual gives. */
  readonly phase: Uint8Array | null
  readonly freqKHz: number | null
}

/**
 * `found`: in answers to an inventory; `pushed`: unasked, its antenna before it; `buffered` and `buffered16`: out of the buffer, the latter of readers
 * with 16 ports; `plain`: of the older series.
 */
export type TagForm = keyof typeof FORMS

/** Bits of a record's length byte: the rest is the length, so an EPC with its TID has at most 63 bytes. */
export const LENGTH = 0x3f
export const PHASED = 0x40
export const JOINED = 0x80
export const TID_BYTES = 12
/** Phase and frequency. */
export const PHASE_BYTES = 7

const FORMS = {
  found: { before: 0, after: 1, isFlagged: true },
  pushed: { before: 1, after: 1, isFlagged: true },
  buffered: { before: 1, after: 2, isFlagged: false },
  buffered16: { before: 2, after: 2, isFlagged: false },
  plain: { before: 0, after: 0, isFlagged: false },
} as const
