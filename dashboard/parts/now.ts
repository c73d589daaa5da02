import { useSyncExternalStore } from 'react'

/** The wall clock of this device, once a second for all who show an age; only words follow from it, never a booking. */
export const useNowMs = (): number => useSyncExternalStore(subscribe, () => tickedMs)

/** The same by the minute, for rows that only tell today from yesterday: a hundred of them are not drawn anew every second. */
export const useMinuteMs = (): number => useSyncExternalStore(subscribe, () => tickedMs - (tickedMs % 60_000))

let tickedMs = Date.now()
let timer: ReturnType<typeof setInterval> | null = null
const watchers = new Set<() => void>()

const subscribe = (changed: () => void): (() => void) => {
  watchers.add(changed)
  timer ??= setInterval(() => {
    tickedMs = Date.now()
    for (const watcher of watchers) watcher()
  }, 1_000)
  return () => {
    watchers.delete(changed)
    if (watchers.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}
