import { tagCrcIn } from '../crc.ts'
import type { Read } from '../family.ts'
import { REPLY_DATA } from './frames.ts'
import { dataBytesOf, FLAG, METADATA, type RecordForm, xpcBytesOf } from './record.ts'

/** Where the parts of a streamed answer to `readMultiple` stand. */
export interface Streamed {
  /** 00 the stream ended, 01 a tag, 02 a status of the reader. */
  readonly type: number
  readonly searchFlags: number
  readonly metaFlags: number
  /** Where in the frame the rest begins. */
  readonly at: number
}

/** The head of a streamed answer, or `null` when the frame is none: the option tells whether metadata flags follow, and an 88 before it a multi-select. */
export const streamedOf = (frame: Uint8Array): Streamed | null => {
  const option = frame[REPLY_DATA] === MULTI_SELECT ? REPLY_DATA + 1 : REPLY_DATA
  const hasFlags = ((frame[option] as number) & HAS_FLAGS) !== 0
  const type = option + (hasFlags ? 5 : 3)
  // The record, or nothing, and the frame's CRC follow.
  if (type > frame.length - 3) return null
  const searchFlags = wordAt(frame, option + 1)
  if ((searchFlags & STREAMING) === 0) return null
  return { type: frame[type] as number, searchFlags, metaFlags: hasFlags ? wordAt(frame, option + 3) : 0, at: type + 1 }
}

/**
 * The read in a tag record at `at`, straight from the bytes: a door streams hundreds of these a second, a replay millions. `FAILED` when the record
 * contradicts its own lengths or holds flags of unknown width; the layouts in `record.ts` say the same at leisure.
 */
export const readAt = (frame: Uint8Array, at: number, metaFlags: number, form: RecordForm): Read => {
  const plan = planOf(metaFlags)
  if (plan === null) return FAILED
  let lengthAt = at + plan.bytes
  if (plan.data >= 0) lengthAt += dataBytesOf(wordAt(frame, at + plan.data))
  if (plan.isTyped) {
    while ((frame[lengthAt] as number) & 0x80) lengthAt += 1
    lengthAt += 1
  }
  const pcAt = lengthAt + (form === 'silion' ? 1 : 2)
  const total = form === 'silion' ? (frame[lengthAt] as number) : (wordAt(frame, lengthAt) + 7) >> 3
  const crcAt = pcAt + total - 2
  const pc = wordAt(frame, pcAt)
  const epcAt = pcAt + 2 + xpcBytesOf(pc, frame[pcAt + 2] as number)
  const epcEnd = crcAt - plan.brandBytes
  if (crcAt > frame.length - 4 || epcEnd < epcAt || (plan.protocol >= 0 && frame[at + plan.protocol] !== 5)) return FAILED
  const rssiRaw = plan.rssi < 0 ? 0 : (frame[at + plan.rssi] as number)
  return {
    port: plan.antenna < 0 ? 1 : (frame[at + plan.antenna] as number) >> 4 || 16,
    epc: frame.subarray(epcAt, epcEnd),
    pc,
    rssiDbm: plan.rssi < 0 ? null : (rssiRaw << 24) >> 24,
    rssiRaw,
    phaseDeg: plan.phase < 0 ? null : wordAt(frame, at + plan.phase),
    crcOk: tagCrcIn(frame, pcAt, crcAt) === wordAt(frame, crcAt),
  }
}

/** Where in a record the parts of interest stand, relative to its beginning; -1 when they are not there. */
interface Plan {
  readonly rssi: number
  readonly antenna: number
  readonly phase: number
  readonly protocol: number
  readonly data: number
  /** Of everything of fixed width before the EPC's length. */
  readonly bytes: number
  readonly brandBytes: number
  readonly isTyped: boolean
}

const planOf = (metaFlags: number): Plan | null => {
  const known = PLANS.get(metaFlags)
  if (known !== undefined) return known
  const plan = (metaFlags & ~METADATA.reduce((all, { flag }) => all | flag, 0)) === 0 ? planned(metaFlags) : null
  PLANS.set(metaFlags, plan)
  return plan
}

const planned = (metaFlags: number): Plan => {
  const widthTo = (limit: number): number =>
    METADATA.reduce((sum, { flag, bytes }) => (flag < limit && metaFlags & flag ? sum + bytes : sum), 0)
  const placeOf = (flag: number): number => (metaFlags & flag ? widthTo(flag) : -1)
  return {
    rssi: placeOf(FLAG.rssi),
    antenna: placeOf(FLAG.antenna),
    phase: placeOf(FLAG.phase),
    protocol: placeOf(FLAG.protocol),
    data: placeOf(FLAG.data),
    bytes: widthTo(0x10000),
    brandBytes: metaFlags & FLAG.brand ? 2 : 0,
    isTyped: (metaFlags & FLAG.tagType) !== 0,
  }
}

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] as number) << 8) | (bytes[at + 1] as number)

/** At most 65,536 different words of flags exist. */
const PLANS = new Map<number, Plan | null>()
const FAILED: Read = { port: 1, epc: new Uint8Array(0), pc: 0, rssiDbm: null, rssiRaw: 0, phaseDeg: null, crcOk: false }
const MULTI_SELECT = 0x88
const HAS_FLAGS = 0x10
/** In the search flags: tags are told as they are read, not kept. */
const STREAMING = 0x0008
