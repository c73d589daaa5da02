import type { ScanView } from '@lotkeeper/protocol/api/node.ts'

/** One thing about to be booked: what its code said, what a person added, how many packs. */
export interface Card {
  readonly id: string
  readonly view: ScanView
  readonly lotNumber: string | null
  readonly expiry: string | null
  /** Day it was made, as the keeper reads it; what the code says of it the node reads by itself. */
  readonly produced: string | null
  readonly quantity: number
  /** Whole codes scanned into this card: a serial number scanned twice is the same box, not a second one. */
  readonly codes: readonly string[]
}

/** What a scan came to. */
export type CardStep = 'new' | 'more' | 'again' | 'joined' | 'unknown'
export interface Cards {
  readonly cards: readonly Card[]
  readonly step: CardStep
  /** The card to look at now. */
  readonly at: string | null
}

/**
 * Takes a scan into the cards. The same thing scanned again is one pack more, the same serial number is the same box; a second code that only
 * tells lot or expiry joins the card that lacks them.
 */
export const takeScan = (cards: readonly Card[], view: ScanView, id: string): Cards => {
  const joined = joinWithout(cards, view)
  if (joined) return joined
  if (!view.item) return { cards, step: 'unknown', at: null }
  const same = cards.find((card) => isSameThing(card, view))
  if (!same) return { cards: [cardOf(view, id), ...cards], step: 'new', at: id }
  const again = view.serial !== null && same.codes.includes(view.scan)
  const next = again ? same : { ...same, quantity: same.quantity + 1, codes: [...same.codes, view.scan] }
  return { cards: [next, ...cards.filter((card) => card !== same)], step: again ? 'again' : 'more', at: same.id }
}

/** A card made by hand or from a scan: one pack to begin with. */
export const cardOf = (view: ScanView, id: string): Card => ({
  id,
  view,
  lotNumber: view.lotNumber,
  expiry: view.expiry,
  produced: null,
  quantity: 1,
  codes: [view.scan],
})

export const changeCard = (cards: readonly Card[], id: string, change: Partial<Card>): readonly Card[] =>
  cards.map((card) => (card.id === id ? { ...card, ...change } : card))

/** A label of two codes: one names the item, the other lot and expiry. Either may come first. */
const joinWithout = (cards: readonly Card[], view: ScanView): Cards | null => {
  const [newest] = cards
  if (!newest || view.item || view.refused || (view.lotNumber === null && view.expiry === null)) return null
  if (newest.lotNumber !== null && newest.expiry !== null) return null
  const next = { ...newest, lotNumber: newest.lotNumber ?? view.lotNumber, expiry: newest.expiry ?? view.expiry }
  return { cards: [next, ...cards.slice(1)], step: 'joined', at: newest.id }
}

const isSameThing = (card: Card, view: ScanView): boolean =>
  card.view.item?.item === view.item?.item &&
  card.view.pack === view.pack &&
  (view.lot === null ? card.view.scan === view.scan : card.view.lot === view.lot)
