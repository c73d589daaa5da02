import type { NodeAnswer, ScanView } from '@lotkeeper/protocol/api/node.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { SiteNow } from './now.ts'
import type { Scanned } from './scan.ts'
import { openScanSession, type Taken } from './scan-session.ts'

/** What is scanned at a site: read, joined where two symbols make one label, told to the open pages. Books nothing. */
export interface Scans {
  /** What a text of a page says; only what one `device` scans is joined. */
  readonly identify: (text: string, device?: string | null, actor?: string | null) => ScanView
  /** Takes a scan of the serial scanner: kept among the last ones and told to the followers. */
  readonly heard: (scanned: Scanned & { readonly scanner: string }) => ScanView
  /** Last scans of the serial scanner, newest first, as the book knows their things now; a joined pair is one of them. */
  readonly scans: () => readonly ScanView[]
  readonly followScans: (listener: (scan: ScanView) => void) => () => void
  /** Takes a joined pair apart, or ends the wait for the other symbol; refuses `stockroom.pair-unknown`. */
  readonly part: (pair: string) => NodeAnswer<'partScans'> | Refusal
}

export const openScans = (parts: {
  readonly viewOf: (scanned: Scanned) => ScanView
  readonly now: () => SiteNow
  readonly identify: Parameters<typeof openScanSession>[0]['identify']
  readonly upMs: () => number
  /** A code was read that nobody knows: it becomes a task, once. */
  readonly met: (scan: string, actor: string | null) => void
}): Scans => {
  const { viewOf, now } = parts
  const session = openScanSession(parts)
  const listeners = new Set<(scan: ScanView) => void>()
  let kept: readonly Taken[] = []
  const show = (taken: Taken): ScanView => {
    const pair = session.standing(taken)
    return pair ? { ...viewOf(taken.scanned), pair } : viewOf(taken.scanned)
  }
  return {
    identify: (text, device = null, actor = null) => {
      const view = show(session.take({ text, at: now().nowMs, scanner: null }, device))
      // A text without a device is one that a page reads again: it was scanned before.
      if (device !== null && isUnknown(view)) parts.met(view.scan, actor)
      return view
    },
    heard: (scanned) => {
      const taken = session.take(scanned, `scanner ${scanned.scanner}`)
      kept = [taken, ...kept.filter((one) => one.scanned !== taken.instead)].slice(0, SCANS_MAX)
      const view = show(taken)
      if (isUnknown(view)) parts.met(view.scan, null)
      for (const listener of listeners) listener(view)
      return view
    },
    scans: () => kept.map(show),
    followScans: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    part: (pair) => {
      const symbols = session.part(pair)
      if (symbols.length === 0) return refuse('stockroom.pair-unknown', { pair })
      kept = kept
        .flatMap((one) => (one.pair?.name === pair && symbols.length > 1 ? symbols.toReversed().map(alone) : [one]))
        .slice(0, SCANS_MAX)
      return { rows: symbols.map(viewOf) }
    },
  }
}

const isUnknown = ({ refused }: ScanView): boolean => refused?.code === 'stockroom.item-unknown'
const alone = (scanned: Scanned): Taken => ({ scanned, pair: null, instead: null })

/** A keeper looks back over the last handful of scans. */
const SCANS_MAX = 20
