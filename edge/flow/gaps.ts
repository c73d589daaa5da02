import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { PLAIN } from '../ledger/writer.ts'
import type { Gap } from '../serial/gap.ts'
import type { House } from './house.ts'

/** Times in which a device was not heard, on the board at once and in the book when they are over. */
export interface Gaps {
  readonly tell: (gap: Gap) => void
  readonly close: () => void
}

/** A time without a device is booked when it is over; what is open at the end of the process ends with it. */
export const openGaps = ({ devices, unattended, stockroom, parts }: House): Gaps => {
  const open = new Map<string, Gap>()
  const book = ({ device, from, to, why, detail }: Gap) => {
    const instant = (ms: number) => new Date(ms).toISOString()
    const body = { device, from: instant(from), to: instant(to ?? parts.clock.now()), why: `${why} ${detail}`.slice(0, 200).toWellFormed() }
    const draft = { ...PLAIN, kind: 'gap' as const, device, occurredAtMs: stockroom.now().nowMs, body }
    unattended.book([
      { action: `gap:${device}:${hexOf(parts.random.bytes(8)).toLowerCase()}`, act: 'gap', decide: () => [draft], otherwise: () => [] },
    ])
  }
  return {
    tell: (gap) => {
      devices.gap(gap)
      if (gap.to === null) open.set(gap.device, gap)
      else {
        // Reads may be dropped while another gap of the device is open: that one goes on.
        if (open.get(gap.device)?.why === gap.why) open.delete(gap.device)
        book(gap)
      }
    },
    close: () => {
      for (const gap of open.values()) book(gap)
    },
  }
}
