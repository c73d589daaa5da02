import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { useEffect, useRef, useState } from 'react'
import { newAction } from '../../parts/action.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { useScans, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { type Card, type CardStep, partPair, takeScan } from './cards.ts'

/** The cards of a screen that takes codes: every scan lands in them, or is shown as unknown; a sound and a line say which. */
export const useCards = () => {
  const say = useSay()
  const { language } = useLanguage()
  const { sounds } = useStockroom()
  const [cards, setCards] = useState<readonly Card[]>([])
  const [unknown, setUnknown] = useState<ScanView | null>(null)
  const [flash, setFlash] = useState<string | null>(null)
  const [paired, setPaired] = useState<ScanView | null>(null)
  const latest = useRef(cards)
  latest.current = cards
  useScans((view) => {
    const taken = takeScan(latest.current, view, newAction())
    latest.current = taken.cards
    setCards(taken.cards)
    setUnknown(taken.step === 'unknown' ? view : null)
    setPaired(view.pair ? view : null)
    if (taken.step === 'unknown' || taken.step === 'again') sounds.unknown()
    else sounds.ok()
    const card = taken.cards.find((one) => one.id === taken.at)
    const item = card?.view.item ? nameIn(card.view.item.name, language) : ''
    setFlash(FLASH[taken.step] ? say(FLASH[taken.step] ?? 'flash.again', { item, n: card?.quantity ?? 0 }) : null)
  })
  useCarriedCode()
  /** A pair was taken apart, or its wait was ended: then nothing stands differently. */
  const parted = (rows: readonly ScanView[]): void => {
    setPaired(null)
    if (paired?.pair?.state !== 'joined') return
    const apart = partPair(latest.current, { pair: paired, rows }, newAction())
    setCards(apart.cards)
    setUnknown(apart.unknown)
    setFlash(null)
  }
  // Once its card is booked or dropped there is nothing left to take apart.
  const stands = paired !== null && (paired.pair?.state !== 'joined' || cards.some((card) => card.codes.includes(paired.scan)))
  return { cards, setCards, unknown, clearUnknown: () => setUnknown(null), flash, paired: stands ? paired : null, parted }
}

/** A card's content for an item picked by hand: no code spoke. */
export const handView = (item: ItemView): ScanView => ({ ...textView(''), item })

/** A text of which nothing is known but that it was scanned. */
export const textView = (scan: string): ScanView => ({
  scan,
  at: new Date().toISOString(),
  scanner: null,
  refused: null,
  rows: [],
  item: null,
  pack: null,
  packUnits: null,
  lot: null,
  lotNumber: null,
  expiry: null,
  expiryState: 'unknown',
  serial: null,
  epc: null,
  expected: 0,
  stock: [],
})

/** A code read on another screen comes along in the address and is read here once. */
const useCarriedCode = (): void => {
  const { page, choice } = useRoute()
  const { readCode } = useStockroom()
  const code = choice['code']
  useEffect(() => {
    if (!code) return
    replaceChoice(page, {})
    void readCode(code)
  }, [code, page, readCode])
}

const FLASH: Readonly<Record<CardStep, 'flash.more' | 'flash.again' | null>> = {
  new: null,
  unknown: null,
  more: 'flash.more',
  again: 'flash.again',
  joined: null,
}
