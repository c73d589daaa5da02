import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from 'react'
import { type Answer, mayRetry, type Trouble } from './door.ts'

/** What is known of one question: the last good answer stays while it is asked again or while nobody answers. */
export interface Kept<Value> {
  readonly value: Value | undefined
  readonly trouble: Trouble | null
  readonly asking: boolean
}

type Run<Value> = (signal: AbortSignal) => Promise<Answer<Value>>

/** Answers by key, shared by all who look at them: asked when first looked at, again on `renew`, and again by itself after a broken line. */
export interface Shelf {
  readonly look: <Value>(key: string, run: Run<Value>, changed: () => void) => () => void
  readonly peek: <Value>(key: string) => Kept<Value>
  /** Asks again whatever is being looked at and starts with one of these; what nobody looks at is forgotten. */
  readonly renew: (...prefixes: readonly string[]) => void
}

interface Place {
  kept: Kept<unknown>
  run: Run<unknown>
  readonly watchers: Set<() => void>
  asking: AbortController | null
  /** Set when `renew` came while asking: the answer under way may already be old. */
  again: boolean
  fails: number
  cancelRetry: () => void
}

export const openShelf = (parts: { readonly after: (ms: number, run: () => void) => () => void }): Shelf => {
  const places = new Map<string, Place>()
  const put = (place: Place, kept: Kept<unknown>): void => {
    place.kept = kept
    for (const changed of place.watchers) changed()
  }
  const ask = async (place: Place): Promise<void> => {
    place.cancelRetry()
    place.asking = new AbortController()
    place.again = false
    put(place, { ...place.kept, asking: true })
    const answer = await place.run(place.asking.signal)
    place.asking = null
    if (place.watchers.size === 0) return
    if (answer.ok) place.fails = 0
    put(
      place,
      answer.ok ? { value: answer.value, trouble: null, asking: false } : { ...place.kept, trouble: answer.trouble, asking: false },
    )
    if (!answer.ok && mayRetry(answer.trouble)) {
      place.fails += 1
      place.cancelRetry = parts.after(retryMs(place.fails), () => void ask(place))
    } else if (place.again) void ask(place)
  }
  const drop = (key: string, place: Place): void => {
    place.cancelRetry()
    place.asking?.abort()
    places.delete(key)
  }
  return {
    peek: <Value>(key: string) => (places.get(key)?.kept ?? NOTHING) as Kept<Value>,
    look: (key, run, changed) => {
      let place = places.get(key)
      if (!place) {
        place = { kept: NOTHING, run, watchers: new Set(), asking: null, again: false, fails: 0, cancelRetry: () => undefined }
        places.set(key, place)
      }
      const kept = place
      kept.run = run
      kept.watchers.add(changed)
      if (!kept.asking) void ask(kept)
      forgetOldest(places, drop)
      return () => void kept.watchers.delete(changed)
    },
    renew: (...prefixes) => {
      for (const [key, place] of places) {
        if (!prefixes.some((prefix) => key.startsWith(prefix))) continue
        if (place.watchers.size === 0) drop(key, place)
        else if (place.asking) place.again = true
        else void ask(place)
      }
    },
  }
}

export const ShelfContext = createContext<Shelf>(openShelf({ after: () => () => undefined }))

/** The answer to a question, asked while the caller is on screen. `null` key: nothing is asked. */
export const useAnswer = <Value>(key: string | null, run: Run<Value>): Kept<Value> => {
  const shelf = useContext(ShelfContext)
  const latest = useRef(run)
  latest.current = run
  const subscribe = useCallback(
    (changed: () => void) => (key === null ? () => undefined : shelf.look<Value>(key, (signal) => latest.current(signal), changed)),
    [shelf, key],
  )
  return useSyncExternalStore(subscribe, () => (key === null ? IDLE : shelf.peek<Value>(key)))
}

const NOTHING: Kept<never> = { value: undefined, trouble: null, asking: true }
const IDLE: Kept<never> = { value: undefined, trouble: null, asking: false }

/** Quick at first, for a line that only blinked; then calm, for a line that is down for the day. */
const retryMs = (fails: number): number => Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (fails - 1))
const RETRY_MS = 1_000
const RETRY_MS_MAX = 15_000

/** Answers kept for a quick way back; older ones nobody looks at are dropped. */
const KEPT_MAX = 60
const forgetOldest = (places: Map<string, Place>, drop: (key: string, place: Place) => void): void => {
  for (const [key, place] of places) {
    if (places.size <= KEPT_MAX) return
    if (place.watchers.size === 0) drop(key, place)
  }
}
