import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Device, judgeRecord } from './device.ts'
import { fold } from './fold.ts'
import type { Limits } from './limits.ts'
import { recordsOf } from './records.ts'
import { type ZipEntry, zipEntries } from './zip.ts'

/** What is read of a release: which file, from which part on, and what is kept of it. */
export interface ReadOrder {
  readonly file: string
  /** Parts that are in the books already. */
  readonly partsDone: number
  /** Keep only records whose certificate, maker or name holds one of these; none: keep all. */
  readonly keep: readonly string[]
  readonly limits: Limits
}

/** A stretch of a release, read and judged; it can cross to another thread. */
export interface Batch {
  readonly part: string
  readonly isXml: boolean
  readonly devices: readonly Device[]
  readonly refused: readonly RefusedRecord[]
  /** Records nobody asked for. */
  readonly left: number
  readonly mended: number
  readonly unknown: Readonly<Record<string, number>>
  /** Bytes of the ZIP that are behind it. */
  readonly bytesRead: number
  /** Whether the part ends here. */
  readonly ends: boolean
}
export interface RefusedRecord {
  readonly di: string
  readonly refusal: Refusal
}

/** Reads a release part by part, stretch by stretch; throws a stop where the file cannot be read on. */
export const readRelease = async function* (order: ReadOrder): AsyncGenerator<Batch, void, void> {
  const wanted = wantedBy(order.keep)
  let packed = 0
  let part = 0
  for await (const entry of zipEntries(order.file, order.limits)) {
    part += 1
    const before = packed
    packed += entry.packedBytes
    if (part > order.partsDone) yield* readPart(entry, { ...order, wanted, before })
  }
}

interface PartOrder extends ReadOrder {
  readonly wanted: (device: Device) => boolean
  readonly before: number
}

const readPart = async function* (entry: ZipEntry, order: PartOrder): AsyncGenerator<Batch, void, void> {
  const isXml = /\.xml$/i.test(entry.name)
  const open = () => openBatch(entry.name, isXml, order)
  let batch = open()
  let bytes = 0
  const bytesRead = () => order.before + Math.round(entry.packedBytes * Math.min(1, bytes / Math.max(1, entry.bytes)))
  const counted: ZipEntry = {
    ...entry,
    unpack: async function* () {
      for await (const chunk of entry.unpack()) {
        bytes += chunk.length
        yield chunk
      }
    },
  }
  if (isXml)
    for await (const { records, tooLong, cut } of recordsOf(counted, order.limits)) {
      for (const record of records) batch.take(record)
      for (let at = 0; at < tooLong; at += 1) batch.refuse('', refuse('reference.record-too-long', { limit: order.limits.recordCharsMax }))
      if (cut) batch.refuse('', refuse('reference.record-cut'))
      if (batch.size() < BATCH_RECORDS) continue
      yield batch.made(bytesRead(), false)
      batch = open()
    }
  yield batch.made(order.before + entry.packedBytes, true)
}
/** Records that cross at once: enough to cost little, few enough that two stretches in flight are no weight. */
const BATCH_RECORDS = 500

const openBatch = (part: string, isXml: boolean, { limits, wanted }: PartOrder) => {
  const devices: Device[] = []
  const refused: RefusedRecord[] = []
  const unknown: Record<string, number> = Object.create(null)
  let left = 0
  let mended = 0
  const meet = (tag: string) => {
    unknown[tag.slice(0, 64)] = (unknown[tag.slice(0, 64)] ?? 0) + 1
  }
  return {
    take: (text: string) => {
      const judged = judgeRecord(text, limits, meet)
      mended += judged.mended
      if (isRefusal(judged.device)) refused.push({ di: judged.di, refusal: judged.device })
      else if (wanted(judged.device)) devices.push(judged.device)
      else left += 1
    },
    refuse: (di: string, refusal: Refusal) => void refused.push({ di, refusal }),
    size: () => devices.length + refused.length + left,
    made: (bytesRead: number, ends: boolean): Batch => ({
      part,
      isXml,
      devices,
      refused,
      left,
      mended,
      unknown: { ...unknown },
      bytesRead,
      ends,
    }),
  }
}

/** Whether a device is asked for: some wish stands in its certificate, its maker or its name. */
const wantedBy = (keep: readonly string[]): ((device: Device) => boolean) => {
  const wishes = keep.map(fold).filter((wish) => wish !== '')
  if (wishes.length === 0) return () => true
  return ({ certificate, maker, name }) => {
    const said = [certificate, maker, name].map(fold)
    return wishes.some((wish) => said.some((text) => text.includes(wish)))
  }
}
