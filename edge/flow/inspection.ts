import type { House } from './house.ts'
import { tellNews } from './news.ts'

/** Reads the whole log again and again, slowly: a card forgets what nobody reads. */
export const openInspection = (house: House): { readonly close: () => void } => {
  const { parts, ledger } = house
  let cancel = () => {}
  const look = () => {
    ledger.exchange.inspect(ROWS)
    for (const found of ledger.exchange.found()) tellNews(house, found)
    cancel = parts.timers.after(EVERY_MS, look)
  }
  cancel = parts.timers.after(EVERY_MS, look)
  return { close: () => cancel() }
}

/** 2,000 rows a minute: a year of a busy site in 40 minutes, and no booking waits for more than a millisecond or two. */
const ROWS = 200
const EVERY_MS = 6_000
