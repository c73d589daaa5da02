import { type Identification, identifyBrackets, identifyScan } from '@lotkeeper/protocol/codes/identification.ts'
import type { LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { type CalendarDate, isCalendarDate, type LotKey, lotKey, lotOf, normalLotNumber } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { expiryWith } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { Book } from '../ledger/contract.ts'
import type { SiteNow } from './now.ts'
import { pairOf, symbolsOf } from './symbols.ts'

/** What an act says of its lot: by the form, and by the scan that came with it. */
export interface LotSaid {
  readonly item: string
  readonly lotNumber: string
  readonly expiry?: CalendarDate | null | undefined
  readonly produced?: CalendarDate | null | undefined
  readonly scan?: string | undefined
}

/** The lot an act means, the fact to keep with it, and the last usable day that rules. */
export interface LotMeant {
  readonly lot: LotKey
  readonly fact: LotFact
  /** The day that rules with what was said: the earlier one, until a person has said which is right [ledger-and-sync 1.11]. */
  readonly expiry: CalendarDate | null
  /** Day it was made, as said or as known. */
  readonly produced: CalendarDate | null
  readonly serial: string | null
  /** Whether it stands on the label that was scanned. */
  readonly isRead: boolean
}

/** Reads the lot of an act. A missing date never erases a known one; a differing one is kept beside it, and the earlier rules (R11). */
export const lotMeant = (book: Book, said: LotSaid, now: SiteNow): LotMeant | Refusal => {
  const lot = lotKey(said.item, said.lotNumber)
  if (!lotOf(lot) || CONTROL.test(lot)) return refuse('ledger.lot-malformed', { lot })
  const typed = said.expiry ?? null
  const made = said.produced ?? null
  for (const day of [typed, made]) if (day !== null && !isCalendarDate(day)) return refuse('catalog.expiry-malformed', { expiry: day })
  const read = ofSameLot(scanned(said.scan, now), said.lotNumber)
  const expiry = typed ?? read?.expiry ?? null
  const printed = read?.lot ?? said.lotNumber.trim()
  const produced = made ?? read?.produced ?? null
  const known = book.lot(lot)
  return {
    lot,
    fact: { lot, printed: printed === '' ? '-' : printed, expiry, produced },
    expiry: expiryWith(book.lotExpiry(lot), expiry),
    produced: produced ?? known?.produced ?? null,
    serial: read?.serial ?? null,
    isRead: read !== null,
  }
}

/** What a text from a scanner, a wedge or a keyboard says: with its AIM identifier, in brackets, or by guess. */
export const identifyAny = (text: string, now: SiteNow): Identification | Refusal => {
  const reading = { referenceYear: Number(now.today.slice(0, 4)) }
  return /^\(\d{2,4}\)/.test(text.trim()) ? identifyBrackets(text.trim(), reading) : identifyScan(text, { ...reading, guess: true })
}

/** What a text says, be it one symbol or a joined pair. Two lines that are no pair are one text with a line end in it. */
export const identifySymbols = (text: string, now: SiteNow): Identification | Refusal => {
  const [first = '', second] = symbolsOf(text)
  if (second === undefined) return identifyAny(text, now)
  const [one, other] = [identifyAny(first, now), identifyAny(second, now)]
  const pair = isRefusal(one) || isRefusal(other) ? null : pairOf(one, other)
  return pair?.is === 'joined' ? pair.said : identifyAny(text, now)
}

/** The earlier of two dates; no date is no date at all, not an early one. */
export const earlier = (one: CalendarDate | null, other: CalendarDate | null): CalendarDate | null => {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

const scanned = (text: string | undefined, now: SiteNow): Identification | null => {
  if (text === undefined || text === '') return null
  const identification = identifySymbols(text, now)
  return isRefusal(identification) ? null : identification
}

/** The label speaks for the lot in the form only where both name the same: a person may have corrected the form. */
const ofSameLot = (read: Identification | null, lotNumber: string): Identification | null =>
  read && normalLotNumber(read.lot) === normalLotNumber(lotNumber) ? read : null

/** A lot key is one line of text. */
const CONTROL = /\p{Cc}/u
