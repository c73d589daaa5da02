import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { type OpeningBody, type OpeningLine, type OpeningTold, partsOf } from '@lotkeeper/protocol/ledger/opening.ts'
import { type CalendarDate, isCalendarDate, type LotKey, lotOf, placeOf, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Acted, CatalogFacts, CatalogNames, OpeningFact } from '../ledger/contract.ts'
import type { CatalogKind } from './kind.ts'
import { factOf, judgeKnown, judgeRoom } from './record-kind.ts'
import { judgeExpiry } from './tags.ts'

/** Tells the owner of a site's places what an old system left there; nothing is booked before that one takes it over [H-049]. */
export const OPENINGS: CatalogKind<Told, { readonly parts: number }> = {
  names: ({ site, doc, lines }) => {
    const items = distinct(lines.map(({ lot }) => lotOf(lot)?.item ?? ''))
    const suppliers = distinct(lines.flatMap(({ supplier }) => supplier ?? []))
    return {
      ...{ items, sites: [site], nodes: [site], lots: distinct(lines.map(({ lot }) => lot)), epcs: [], openings: [{ site, doc }] },
      records: [...items.map((id) => ({ is: 'item' as const, id })), ...suppliers.map((id) => ({ is: 'party' as const, id }))],
    }
  },
  judge: (asked, facts) => {
    const { site, doc, counted = null } = asked
    const owner = facts.nodes.find(({ node }) => node === site)?.owner
    if (owner === undefined || facts.sites.length === 0) return refuse('catalog.site-unknown', { site })
    if (counted !== null && !isCalendarDate(counted)) return malformed('counted', NO_DATE)
    if (facts.openings.some(isStanding)) return refuse('catalog.opening-known', { site, doc })
    const judge = openLineJudge(site, facts)
    const lines: OpeningLine[] = []
    for (const [at, line] of asked.lines.entries()) {
      const judged = judge(line, at)
      if (isRefusal(judged)) return judged
      lines.push(judged)
    }
    const parts = partsOf(lines)
    const head = { is: 'told' as const, doc, counted, parts: parts.length }
    return {
      drafts: parts.map((part) => ({
        ...{ stream: streamToNode(owner), kind: 'opening' as const, doc, lines: [] },
        body: { ...head, lines: [...part] },
      })),
    }
  },
  same: ({ doc, counted = null, lines }, acted) => {
    const told = acted.flatMap(({ kind, body }) => (kind === 'opening' ? [body as unknown as OpeningBody] : []))
    const said = told.flatMap((body) => (body.is === 'told' && body.doc === doc && body.counted === counted ? body.lines : []))
    return said.length === lines.length && lines.every((line, at) => saysSame(line, said[at]))
  },
  view: (acted) => ({ parts: acted.length }),
}

/** Takes an opening balance back that nobody took over; what is booked only its owner can undo. */
export const OPENING_WITHDRAWALS: CatalogKind<HubBody<'withdrawOpening'>, { readonly act: string; readonly entry: string }> = {
  names: ({ act }) => ({ ...NO_NAMES, openings: [act] }),
  judge: ({ act, reason }, { openings: [told] }) => {
    if (!told) return refuse('catalog.opening-unknown', { act })
    const { site, doc, node, taken, withdrawn } = told
    if (taken > 0) return refuse('catalog.opening-taken', { site, doc })
    if (withdrawn !== null) return { already: { act, entry: withdrawn } }
    return { drafts: [{ stream: streamToNode(node), kind: 'opening', doc, lines: [], body: { is: 'withdrawn', act, reason } }] }
  },
  same: ({ act, reason }, [first]) => {
    const body = withdrawalIn(first)
    return body?.act === act && body.reason === reason
  },
  view: ([first]) => ({ act: withdrawalIn(first)?.act ?? '', entry: first?.entry ?? '' }),
}

/** Whether a site still has it: it waits there, or stands on its books. What was refused or withdrawn may be told anew. */
export const isStanding = ({ state }: Pick<OpeningFact, 'state'>): boolean => state === 'open' || state === 'taken' || state === 'partly'

type Told = HubBody<'tellOpening'>
type ToldLine = Told['lines'][number]

/** Lines are judged one after another, each with what the ones before it said of its lot. */
const openLineJudge = (site: string, facts: CatalogFacts) => {
  const expiries = new Map<LotKey, CalendarDate | null>(facts.lots.map(({ lot, expiry }) => [lot, expiry]))
  return ({ lot, printed, expiry, place, units, entered, supplier }: ToldLine, at: number): OpeningLine | Refusal => {
    const of = lotOf(lot)
    const to = placeOf(place)
    if (!of) return refuse('ledger.lot-malformed', { lot })
    if (to?.room == null || to.owner !== site) return malformed(`lines/${at}/place`, ELSEWHERE)
    const item = factOf(facts, 'item', of.item)
    if (!item) return refuse('catalog.item-unknown', { item: of.item })
    if (item.resolved !== of.item) return refuse('catalog.record-merged', { id: of.item, to: item.resolved })
    const wrong = judgeRoom(facts, site, to.room) ?? judgeKnown(facts, 'party', supplier)
    if (wrong) return wrong
    const day = judgeExpiry(lot, expiry, expiries.get(lot) ?? null)
    if (isRefusal(day)) return day
    expiries.set(lot, day.day)
    return {
      ...{ lot, printed: printed ?? of.lotNumber, expiry: day.day, place, units },
      ...{ entered: entered ?? null, supplier: supplier ?? null },
    }
  }
}

/** What was left out of the act and known to the county stands in its entries. */
const saysSame = (asked: ToldLine, told: OpeningLine | undefined): boolean =>
  told !== undefined &&
  canonicalText({ ...told, expiry: null }) ===
    canonicalText({
      ...{ lot: asked.lot, printed: asked.printed ?? lotOf(asked.lot)?.lotNumber ?? '', expiry: null, place: asked.place },
      ...{ units: asked.units, entered: asked.entered ?? null, supplier: asked.supplier ?? null },
    }) &&
  (asked.expiry === null || asked.expiry === told.expiry)

const withdrawalIn = (acted: Acted | undefined): Exclude<OpeningBody, OpeningTold> | null => {
  const body = acted?.kind === 'opening' ? (acted.body as unknown as OpeningBody) : null
  return body?.is === 'withdrawn' ? body : null
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)]
const NO_NAMES: CatalogNames = { items: [], sites: [], lots: [], epcs: [] }
const NO_DATE = { zh: '不是日期', en: 'is no calendar date' }
const ELSEWHERE = { zh: '不是这个站点的库房', en: 'is no room of this site' }
