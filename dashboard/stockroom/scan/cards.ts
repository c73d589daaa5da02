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
 * Takes a scan into the cards. The same thing scanned again is one pack more, the same serial number is the same box. Two codes of one label, which
 * the node has joined, are one pack: what the first of them made gives its place to both.
 */
export const takeScan = (cards: readonly Card[], view: ScanView, id: string): Cards => {
  const [first] = view.pair?.state === 'joined' ? view.pair.symbols : []
  const half = first === undefined ? undefined : cards.find((card) => card.codes.includes(first))
  if (first === undefined || !view.item) return takeOne(cards, view, id)
  const taken = takeOne(half ? withoutCode(cards, half, first) : cards, view, half?.quantity === 1 ? half.id : id)
  return taken.step === 'again' ? taken : { ...taken, step: 'joined' }
}

/** Takes a joined pair apart again: its pack goes, and each code is taken by itself; answers also the one that names nothing. */
export const partPair = (
  cards: readonly Card[],
  { pair, rows }: { readonly pair: ScanView; readonly rows: readonly ScanView[] },
  id: string,
): { readonly cards: readonly Card[]; readonly unknown: ScanView | null } => {
  const card = cards.find((one) => one.codes.includes(pair.scan))
  const left = card ? withoutCode(cards, card, pair.scan) : cards
  const known = rows.filter(({ item }) => item !== null)
  return {
    cards: known.reduce((now, view) => takeOne(now, view, id).cards, left),
    unknown: rows.find(({ item }) => item === null) ?? null,
  }
}

const takeOne = (cards: readonly Card[], view: ScanView, id: string): Cards => {
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

/** One pack less of a card: that of a code it was scanned with. */
const withoutCode = (cards: readonly Card[], card: Card, code: string): readonly Card[] => {
  if (card.quantity <= 1) return cards.filter((one) => one !== card)
  const at = card.codes.lastIndexOf(code)
  return changeCard(cards, card.id, { quantity: card.quantity - 1, codes: card.codes.toSpliced(at, 1) })
}

const isSameThing = (card: Card, view: ScanView): boolean =>
  card.view.item?.item === view.item?.item &&
  card.view.pack === view.pack &&
  (view.lot === null ? card.view.scan === view.scan : card.view.lot === view.lot)
