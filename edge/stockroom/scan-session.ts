import type { ScanPair } from '@lotkeeper/protocol/api/node-scans.ts'
import type { Identification } from '@lotkeeper/protocol/codes/identification.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Scanned } from './scan.ts'
import { pairOf, textOfPair, wantedBeside } from './symbols.ts'

/**
 * Joins the two symbols of one label, scanned one after the other by one device within ten seconds: one names the product, the other says what that
 * left out. In memory only: a restart forgets who waits. Nothing here is booked; what is booked keeps both texts as they were scanned.
 */
export interface ScanSession {
  /** `device` of `null` is none that anybody could tell from another: it joins nothing. */
  readonly take: (scanned: Scanned, device: string | null) => Taken
  /** How the pair of a scan stands by now; nothing once its wait is over. */
  readonly standing: (taken: Taken) => ScanPair | null
  /** Takes a pair apart, or ends the wait for one: answers its scans, each by itself; nothing when there is no such pair. */
  readonly part: (pair: string) => readonly Scanned[]
}

/** What a scan came to: of a joined pair `scanned` is both texts, and `instead` the first scan, in whose place it stands. */
export interface Taken {
  readonly scanned: Scanned
  readonly pair: {
    readonly name: string
    readonly state: ScanPair['state']
    readonly differs: readonly ScanPair['differs'][number][]
  } | null
  readonly instead: Scanned | null
}

export const openScanSession = (parts: {
  readonly identify: (text: string) => Identification | Refusal
  /** Runs on whatever anybody does to the clock, ms. */
  readonly upMs: () => number
}): ScanSession => {
  const halves = new Map<string, Half>()
  const pairs = new Map<string, Pair>()
  let count = 0
  const isOpen = (half: Half | undefined): half is Half => half !== undefined && parts.upMs() - half.sinceMs < PAIR_WINDOW_MS
  const note = (symbols: readonly Scanned[], wants: Pair['wants'], sinceMs: number): string => {
    count += 1
    const name = `${Math.floor(sinceMs)}-${count}`
    pairs.set(name, { symbols, wants, sinceMs, isEnded: false })
    if (pairs.size > PAIRS_MAX) pairs.delete(pairs.keys().next().value ?? '')
    return name
  }
  const wait = (device: string, scanned: Scanned, said: Identification): Taken => {
    const wants = wantedBeside(said)
    if (wants === null) return alone(scanned)
    const sinceMs = parts.upMs()
    const name = note([scanned], wants, sinceMs)
    halves.set(device, { name, scanned, said, sinceMs })
    if (halves.size > DEVICES_MAX) halves.delete(halves.keys().next().value ?? '')
    return { scanned, pair: { name, state: 'open', differs: [] }, instead: null }
  }
  return {
    take: (scanned, device) => {
      const said = device === null ? null : parts.identify(scanned.text)
      // A misread is scanned again: the label still waits for its other symbol.
      if (device === null || said === null || isRefusal(said)) return alone(scanned)
      const first = halves.get(device)
      halves.delete(device)
      const pair = isOpen(first) ? pairOf(first.said, said) : null
      if (!first || pair === null) return wait(device, scanned, said)
      if (pair.is === 'apart') {
        const waiting = wait(device, scanned, said)
        return waiting.pair ? { ...waiting, pair: { ...waiting.pair, state: 'apart', differs: pair.differs } } : waiting
      }
      const text = textOfPair(first.scanned.text, scanned.text)
      // What no entry could keep cannot be booked from.
      if (text.length > TEXT_LENGTH_MAX) return wait(device, scanned, said)
      const name = note([first.scanned, scanned], null, parts.upMs())
      return { scanned: { ...scanned, text }, pair: { name, state: 'joined', differs: [] }, instead: first.scanned }
    },
    standing: ({ pair: noted }) => {
      const pair = noted && pairs.get(noted.name)
      if (!noted || !pair || pair.isEnded) return null
      const leftMs = pair.wants === null ? 0 : Math.max(0, Math.round(PAIR_WINDOW_MS - (parts.upMs() - pair.sinceMs)))
      if (noted.state === 'open' && leftMs === 0) return null
      const symbols = pair.symbols.map(({ text }) => text.slice(0, TEXT_LENGTH_MAX).toWellFormed())
      return {
        pair: noted.name,
        state: noted.state,
        wants: pair.wants,
        leftMs,
        windowMs: PAIR_WINDOW_MS,
        symbols,
        differs: [...noted.differs],
      }
    },
    part: (name) => {
      const pair = pairs.get(name)
      if (!pair) return []
      pairs.set(name, { ...pair, isEnded: true })
      for (const [device, half] of halves) if (half.name === name) halves.delete(device)
      return pair.symbols
    },
  }
}

/** How long the second symbol of a label may follow the first: a hand turns a box in two seconds, and takes the next box in fifteen. */
export const PAIR_WINDOW_MS = 10_000

interface Half {
  readonly name: string
  readonly scanned: Scanned
  readonly said: Identification
  readonly sinceMs: number
}
interface Pair {
  readonly symbols: readonly Scanned[]
  readonly wants: ScanPair['wants']
  readonly sinceMs: number
  readonly isEnded: boolean
}

const alone = (scanned: Scanned): Taken => ({ scanned, pair: null, instead: null })

/** More pairs than a page shows at once. */
const PAIRS_MAX = 256
/** Every tablet and scanner of a site, several times over. */
const DEVICES_MAX = 64
/** What an entry keeps of a scan. */
const TEXT_LENGTH_MAX = 300
