import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import type { Judged } from './judge.ts'

/** Counters of one reader at a moment, since the node was started. */
export interface Counted {
  readonly reader: string
  readonly atMs: number
  readonly frames: number
  readonly reads: number
  readonly noiseBytes: number
  readonly crcFailures: number
  readonly dropped: number
}

/** Judges what came between two looks at a reader's counters: bytes that were no frame, tags whose own CRC failed, reads this node dropped. */
export const judgeCounters = (before: Counted, now: Counted): readonly Judged[] => {
  const since = (name: 'frames' | 'reads' | 'noiseBytes' | 'crcFailures' | 'dropped') => Math.max(0, now[name] - before[name])
  const [frames, reads, noise, failures, dropped] = [
    since('frames'),
    since('reads'),
    since('noiseBytes'),
    since('crcFailures'),
    since('dropped'),
  ]
  const noiseShare = share(noise, frames * FRAME_BYTES)
  const failureShare = share(failures, reads)
  const much = (noise >= NOISE_BYTES_MIN && noiseShare >= NOISE_SHARE) || (failures >= FAILURES_MIN && failureShare >= FAILURE_SHARE)
  const little = noiseShare < NOISE_SHARE / 2 && failureShare < FAILURE_SHARE / 2 && frames > 0
  const one = { device: now.reader, antenna: null, epc: null }
  const percent = (part: number) => Math.round(part * 100)
  return [
    {
      ...{ ...one, code: 'read-noise' as const, is: much ? ('so' as const) : little ? ('not' as const) : ('unsure' as const) },
      facts: { noise: percent(noiseShare), failures: percent(failureShare) },
    },
    { ...one, code: 'overrun', is: dropped > 0 ? 'so' : 'not', facts: { reads: dropped } },
  ]
}

/** Looks at the counters of the readers again and again; what it judges is since the stretch began. */
export const openCounted = () => {
  const before = new Map<string, Counted>()
  return (rows: readonly DeviceView[], atMs: number): readonly Judged[] =>
    rows.flatMap((row) => {
      if (row.kind !== 'reader') return []
      const { device, frames, reads, noiseBytes, crcFailures, dropped } = row
      const now = { reader: device, atMs, frames, reads, noiseBytes, crcFailures, dropped }
      const last = before.get(device)
      if (last === undefined || atMs - last.atMs >= COUNT_EVERY_MS) before.set(device, now)
      if (last === undefined) return []
      // Within a stretch it may turn bad, but not good: that takes a whole one.
      const isWhole = atMs - last.atMs >= COUNT_EVERY_MS
      return judgeCounters(last, now).filter(({ is }) => isWhole || is === 'so')
    })
}

/** Between two looks: long enough that one plugged cable is not a trend, short enough that a keeper still knows what was done. */
const COUNT_EVERY_MS = 600_000

const share = (part: number, rest: number): number => (part + rest === 0 ? 0 : part / (part + rest))

/** A tag frame of the usual families. */
const FRAME_BYTES = 24
/** A restart of the reader in the middle of a frame makes a few dozen. */
const NOISE_BYTES_MIN = 500
const NOISE_SHARE = 0.05
const FAILURES_MIN = 20
const FAILURE_SHARE = 0.1
