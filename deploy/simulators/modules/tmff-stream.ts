import { pcOf, tagCrcOf } from '@lotkeeper/edge/readers/uhf/gen2.ts'
import { writeFrame } from '@lotkeeper/edge/readers/uhf/tmff/frames.ts'
import { recordOf } from '@lotkeeper/edge/readers/uhf/tmff/record.ts'
import { writeUpload } from '@lotkeeper/edge/readers/uhf/tmff/silion.ts'
import type { Tagged } from './module.ts'

/** The frame in which a streaming module tells one read, with the metadata it was asked for. */
export const tagFrameOf = ({ tag, port, metaFlags, searchFlags, isSilion, readMs }: TagTold): Uint8Array => {
  const pc = pcOf(tag.epc.length)
  const bytes = tag.epc.length + PC_AND_CRC
  const record = recordOf(metaFlags, isSilion ? 'silion' : 'thingmagic')?.write({
    readCount: 1,
    rssiDbm: Math.max(-128, Math.min(127, Math.round(tag.rssiDbm))),
    antenna: { tx: port, rx: port },
    freqKHz: 920_625,
    timestampMs: Math.max(0, readMs) % 2 ** 32,
    phaseDeg: Math.round(tag.phaseDeg ?? 0) % 180,
    protocol: 5,
    dataBits: 0,
    data: NOTHING,
    gpio: 0,
    q: 4,
    linkFreq: 0,
    target: 0,
    length: isSilion ? bytes : bytes * 8,
    ...{ pc, xpc: NOTHING, epc: tag.epc, tagCrc: tagCrcOf(pc, tag.epc), more: NOTHING },
  })
  if (record === undefined) throw new Error(`bug: metadata flags ${metaFlags} were accepted`)
  if (isSilion) return writeUpload(metaFlags, record)
  const head = [METADATA_OPTION, searchFlags >> 8, searchFlags & 0xff, metaFlags >> 8, metaFlags & 0xff, TAG]
  return writeFrame(READ_MULTIPLE, 0, Uint8Array.from([...head, ...record]))
}

export interface TagTold {
  readonly tag: Tagged
  readonly port: number
  readonly metaFlags: number
  readonly searchFlags: number
  readonly isSilion: boolean
  /** Since the read began, by the module's clock. */
  readonly readMs: number
}

/** What the body of a start asks for: one Gen2 search with metadata; `null` when it is another or malformed. */
export const streamStartOf = (body: Uint8Array): { readonly metaFlags: number; readonly searchFlags: number } | null => {
  const [subOpcode, , , protocol, length, opcode, option, ...rest] = body
  const isGen2Search = subOpcode === READ_MULTIPLE && protocol === GEN2 && opcode === READ_MULTIPLE && option === METADATA_OPTION
  if (!isGen2Search || length !== 7 || rest.length !== 6) return null
  const [searchHigh = 0, searchLow = 0, , , metaHigh = 0, metaLow = 0] = rest
  return { searchFlags: (searchHigh << 8) | searchLow, metaFlags: ((metaHigh << 8) | metaLow) & TOLD_FLAGS }
}

const NOTHING = new Uint8Array(0)
const READ_MULTIPLE = 0x22
const GEN2 = 5
const METADATA_OPTION = 0x10
const TAG = 1
const PC_AND_CRC = 4
/** Brand and tag type are things of other modules. */
const TOLD_FLAGS = 0x0fff
