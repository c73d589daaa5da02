import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import type { TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { LOT } from '@lotkeeper/protocol/ledger/fields.ts'
import {
  type CalendarDate,
  HUB,
  isCalendarDate,
  type LotKey,
  lotKey,
  streamToNode,
  transitTo,
  virtualPlace,
} from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import type { Acted, CatalogFacts } from '../ledger/contract.ts'
import { tagView } from '../projections/questions/catalogue.ts'
import type { CatalogDraft, CatalogKind } from './kind.ts'

/**
 * Tag registrations: what an EPC carries, told to the site it is announced to. Until shipments exist a registration books
 * supplier -> transit(site) [ledger-and-sync 1.8]. All tags of a request are written, or none.
 */
export const TAGS: CatalogKind<HubBody<'registerTags'>, HubAnswer<'registerTags'>> = {
  names: ({ site, tags }) => ({
    items: distinct(tags.map(({ item }) => item)),
    records: distinct(tags.map(({ item }) => item)).map((id) => ({ is: 'item', id })),
    sites: [site],
    lots: distinct(tags.map(({ item, lotNumber }) => lotKey(item, lotNumber))),
    epcs: distinct(tags.map(({ epc }) => epc.toUpperCase())),
  }),
  judge: (asked, facts) => {
    if (!facts.sites.some(({ site }) => site === asked.site)) return refuse('catalog.site-unknown', { site: asked.site })
    const registered = new Set(facts.epcs)
    const expiries = new Map(facts.lots.map(({ lot, expiry }) => [lot, expiry]))
    const drafts: CatalogDraft[] = []
    for (const [at, tag] of asked.tags.entries()) {
      const draft = judgeTag(asked, tag, { at, facts, registered, expiries })
      if (isRefusal(draft)) return draft
      drafts.push(draft)
    }
    return { drafts }
  },
  same: ({ site, doc, tags }, acted) =>
    acted.length === tags.length &&
    acted.every((one, at) => {
      const tag = tags[at]
      const body = one.body as unknown as TagBody
      return one.kind === 'tag' && one.doc === doc && body.site === site && tag !== undefined && saysSame(tag, body)
    }),
  view: (acted) => ({ registered: acted.length, rows: acted.map(viewOf) }),
}

type AskedTag = HubBody<'registerTags'>['tags'][number]
/** What is known so far: grows with each tag of the request, so that its rows are also judged against each other. */
interface Learnt {
  readonly at: number
  readonly facts: CatalogFacts
  readonly registered: Set<string>
  readonly expiries: Map<LotKey, CalendarDate | null>
}

const judgeTag = (asked: HubBody<'registerTags'>, tag: AskedTag, { at, facts, registered, expiries }: Learnt): CatalogDraft | Refusal => {
  const epc = tag.epc.toUpperCase()
  if (epc.length % WORD_DIGITS !== 0) return malformed(`tags/${at}/epc`, { zh: '位数不是 16 位的整数倍', en: 'is not whole 16-bit words' })
  if (registered.has(epc)) return refuse('catalog.tag-registered', { epc })
  const pack = judgeItem(facts, tag.item) ?? packOf(facts.items, tag)
  if (isRefusal(pack)) return pack
  const lot = lotKey(tag.item, tag.lotNumber)
  if (!lotCheck.Check(lot)) return refuse('ledger.lot-malformed', { lot })
  const expiry = judgeExpiry(lot, tag.expiry, expiries.get(lot) ?? null)
  if (isRefusal(expiry)) return expiry
  registered.add(epc)
  expiries.set(lot, expiry.day)
  const { site, doc } = asked
  const entered = { quantity: 1, pack: tag.pack, factorVersion: pack.factorVersion }
  return {
    stream: streamToNode(site),
    kind: 'tag',
    doc,
    lines: [{ lot, from: virtualPlace(HUB, 'supplier'), to: transitTo(site), units: pack.units, entered, tags: [epc] }],
    body: { epc, lot, printed: tag.lotNumber, expiry: expiry.day, pack: tag.pack, units: pack.units, site },
  }
}

/** What is merged into another or retired is not registered any more; what is there stays what it is. */
const judgeItem = ({ records, items }: CatalogFacts, id: string): Refusal | null => {
  const to = records.find((one) => one.id === id)?.resolved
  if (to !== undefined && to !== id) return refuse('catalog.record-merged', { id, to })
  return items.find(({ item }) => item === id)?.retired ? refuse('catalog.record-retired', { id }) : null
}

const packOf = (items: readonly ItemView[], tag: AskedTag): { readonly units: number; readonly factorVersion: number } | Refusal => {
  const item = items.find(({ item: id }) => id === tag.item)
  if (!item) return refuse('catalog.item-unknown', { item: tag.item })
  const pack = item.packs.find(({ pack: name }) => name === tag.pack)
  return pack ? { units: pack.units, factorVersion: item.version } : refuse('catalog.pack-unknown', { item: tag.item, pack: tag.pack })
}

/** A lot has one expiry: what a registration leaves out is taken from what is known, what contradicts it is refused [1.11]. */
export const judgeExpiry = (
  lot: LotKey,
  expiry: CalendarDate | null,
  known: CalendarDate | null,
): { readonly day: CalendarDate | null } | Refusal => {
  if (expiry === null) return { day: known }
  if (!isCalendarDate(expiry)) return refuse('catalog.expiry-malformed', { expiry })
  return known === null || known === expiry ? { day: expiry } : refuse('catalog.lot-expiry-differs', { lot, known, expiry })
}

const saysSame = (tag: AskedTag, body: TagBody): boolean =>
  body.epc === tag.epc.toUpperCase() &&
  body.lot === lotKey(tag.item, tag.lotNumber) &&
  body.pack === tag.pack &&
  (tag.expiry === null || body.expiry === tag.expiry)

const viewOf = ({ body, doc, occurredAt }: Acted) => {
  const { epc, lot, expiry, pack, units, site } = body as unknown as TagBody
  return tagView({ epc, lot, expiry, pack, units, site, doc, registeredAt: occurredAt, state: 'live', next: null })
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)]
const lotCheck = Compile(LOT)
/** Hexadecimal digits of one 16-bit word of a tag's memory. */
const WORD_DIGITS = 4
