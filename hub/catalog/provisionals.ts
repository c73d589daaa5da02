import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import type { OutcomeBody, ProvisionalBody } from '@lotkeeper/protocol/ledger/master.ts'
import { type LotKey, lotKey, lotOf, STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Acted, CatalogFacts, CatalogNames, ProvisionalFact } from '../ledger/contract.ts'
import { recordOfMet } from '../projections/questions/records.ts'
import { ITEMS } from './items.ts'
import type { CatalogDraft, CatalogKind } from './kind.ts'
import { judgeItems } from './merges.ts'
import { factOf } from './record-kind.ts'
import { judgeExpiry } from './tags.ts'

/**
 * The county's answer to what a node met [H-042]: a confirmed item becomes a record of the same id, a redirected one a redirect, a confirmed tag a
 * registration that moves nothing; the answer to a lot is told to every node. None of them has lines, so nothing that was booked changes.
 */
export const decisionOn = (met: ProvisionalFact): CatalogKind<Decision, Decided> => ({
  names: (asked) => namesOf(met, asked),
  judge: (asked, facts) => {
    const wrong = judgeAsked(met, asked, facts)
    if (wrong) return wrong
    const follows = followsFrom(met, asked, facts)
    if (isRefusal(follows)) return follows
    const stream = met.body.is === 'lot' ? STREAM_TO_ALL : streamToNode(met.node)
    // Whoever answered while this one waited for its turn was first: the number is that of the turn.
    const body = outcomeOf(facts.provisionals[0] ?? met, asked)
    const outcome = { stream, kind: 'outcome', doc: null, lines: [], body } as const
    return { drafts: [...follows, outcome] }
  },
  same: (asked, acted) => {
    const outcome = outcomeIn(acted)
    const { of, answer, to, reason } = outcomeOf(met, asked)
    return (
      outcome?.body.of === of &&
      outcome.body.answer === answer &&
      outcome.body.to === to &&
      outcome.body.reason === reason &&
      (met.body.is !== 'item' || answer !== 'confirm' || ITEMS.same(itemAsked(met.body, asked), acted))
    )
  },
  view: (acted) => {
    const { entry = '', body } = outcomeIn(acted) ?? {}
    return { entry: body?.of ?? '', state: STATES[body?.answer ?? 'conflict'], to: body?.to ?? null, outcome: entry }
  },
})

type Decision = HubBody<'decideProvisional'>
type Decided = HubAnswer<'decideProvisional'>
type ItemMet = Extract<ProvisionalBody, { readonly is: 'item' }>
type TagMet = Extract<ProvisionalBody, { readonly is: 'tag' }>
type LotMet = Extract<ProvisionalBody, { readonly is: 'lot' }>

const STATES = { confirm: 'confirmed', redirect: 'redirected', conflict: 'conflict' } as const
const NO_NAMES: CatalogNames = { items: [], sites: [], lots: [], epcs: [] }

const namesOf = ({ entry, body }: ProvisionalFact, asked: Decision): CatalogNames => {
  const provisionals = [entry]
  if (body.is === 'lot') return { ...NO_NAMES, provisionals, lots: asked.to === undefined ? [] : [asked.to] }
  if (body.is === 'tag') return { ...NO_NAMES, provisionals, lots: [lotKey(body.item, body.lotNumber)], epcs: [body.epc] }
  if (asked.answer === 'confirm') return { ...ITEMS.names(itemAsked(body, asked)), provisionals }
  return { ...NO_NAMES, provisionals, records: asked.to === undefined ? [] : [{ is: 'item', id: asked.to }] }
}

const judgeAsked = (
  { body }: ProvisionalFact,
  { answer, to, fields, reason }: Decision,
  { provisionals }: CatalogFacts,
): Refusal | null => {
  const { state = 'open', target = null } = provisionals[0] ?? {}
  // A lot has no other record that could be mended: its answer may be given anew, and it must be another one.
  const isMended = body.is === 'lot' && (STATES[answer] !== state || target !== (to ?? null))
  if (state !== 'open' && !isMended) return refuse('catalog.provisional-settled', { id: idOf(body), state })
  if (body.is === 'tag' && answer === 'redirect') return refuse('catalog.provisional-tag', { epc: body.epc })
  if ((answer === 'redirect') !== (to !== undefined)) return malformed('to', ONLY_REDIRECT)
  if (fields !== undefined && (answer !== 'confirm' || body.is !== 'item')) return malformed('fields', ONLY_CONFIRM)
  return answer === 'conflict' && (reason ?? '').trim() === '' ? malformed('reason', SAY_WHY) : null
}

/** What is written beside the outcome. */
const followsFrom = (met: ProvisionalFact, asked: Decision, facts: CatalogFacts): readonly CatalogDraft[] | Refusal => {
  const { body } = met
  if (asked.answer === 'conflict') return []
  if (body.is === 'tag') return registration(met, body, facts)
  if (body.is === 'lot') return asked.answer === 'redirect' ? (lotMeant(body, asked.to ?? '', facts) ?? []) : []
  return asked.answer === 'confirm' ? confirmed(body, asked, facts) : redirected(met, body, { to: asked.to ?? '', facts })
}

const confirmed = (body: ItemMet, asked: Decision, facts: CatalogFacts): readonly CatalogDraft[] | Refusal => {
  const wanted = itemAsked(body, asked)
  const judged = ITEMS.judge(wanted, facts)
  if (isRefusal(judged)) return judged
  const drafts = 'drafts' in judged ? judged.drafts : []
  const [record] = drafts.flatMap((draft) => (draft.body as BodyOf<'master'>).records)
  // What was booked by its maker is counted in its maker's unit, pack by pack.
  return record?.is === 'item' ? (judgeItems(asMet(body), { id: record.id, latest: record, ruling: record }) ?? drafts) : drafts
}

const redirected = (
  { redirects }: ProvisionalFact,
  body: ItemMet,
  { to, facts }: { readonly to: string; readonly facts: CatalogFacts },
): readonly CatalogDraft[] | Refusal => {
  const other = factOf(facts, 'item', to)
  if (!other) return refuse('catalog.record-unknown', { id: to })
  if (other.resolved !== to) return refuse('catalog.record-merged', { id: to, to: other.resolved })
  if (other.latest.retired) return refuse('catalog.record-retired', { id: to })
  const record = { is: 'redirect', id: body.item, version: redirects + 1, of: 'item', to } as const
  return judgeItems(asMet(body), other) ?? [{ stream: STREAM_TO_ALL, kind: 'master', doc: null, lines: [], body: { records: [record] } }]
}

/** The pack is booked where it stands already: it is only said what it carries. */
const registration = (met: ProvisionalFact, tag: TagMet, { epcs, lots }: CatalogFacts): readonly CatalogDraft[] | Refusal => {
  const { epc, item, lotNumber, pack, units } = tag
  if (epcs.includes(epc)) return refuse('catalog.tag-registered', { epc })
  if (!met.isItemKnown) return refuse('catalog.item-unknown', { item })
  const lot = lotKey(item, lotNumber)
  const expiry = judgeExpiry(lot, tag.expiry, lots.find((one) => one.lot === lot)?.expiry ?? null)
  if (isRefusal(expiry)) return expiry
  const body = { epc, lot, printed: lotNumber, expiry: expiry.day, pack, units, site: met.node }
  return [{ stream: streamToNode(met.node), kind: 'tag', doc: null, lines: [], body }]
}

/** The lot it really is: one of the same item, known, and no other name itself, for then two would be each other. */
const lotMeant = ({ item, lotNumber }: LotMet, to: LotKey, { lots }: CatalogFacts): Refusal | null => {
  const other = lots.find(({ lot }) => lot === to)
  if (!other || lotOf(to)?.item !== item) return refuse('catalog.lot-unknown', { lot: to })
  if (other.now !== to) return refuse('catalog.record-merged', { id: to, to: other.now })
  return to === lotKey(item, lotNumber) ? malformed('to', ANOTHER_LOT) : null
}

/** As its maker wrote it, with what the county gives beside it. */
const itemAsked = ({ item, name, model, unit, packs }: ItemMet, { action, fields }: Decision): HubBody<'createItem'> => ({
  ...{ action, item, name, model, unit, packs, nearDays: [] },
  ...fields,
})

const asMet = (body: ItemMet): Pick<CatalogFacts['records'][number], 'id' | 'latest' | 'ruling'> => {
  const record = recordOfMet(body)
  return { id: record.id, latest: record, ruling: record }
}

const outcomeOf = ({ entry, body, redirects }: ProvisionalFact, { answer, to, reason }: Decision): OutcomeBody => ({
  ...{ of: entry, is: body.is, id: idOf(body), answer, to: to ?? null, reason: reason ?? null },
  ...(body.is === 'lot' ? { version: redirects + 1 } : {}),
})

const idOf = (body: ProvisionalBody): string =>
  body.is === 'item' ? body.item : body.is === 'tag' ? body.epc : lotKey(body.item, body.lotNumber)

const outcomeIn = (acted: readonly Acted[]): { readonly entry: string; readonly body: OutcomeBody } | null => {
  const found = acted.find(({ kind }) => kind === 'outcome')
  return found ? { entry: found.entry, body: found.body as unknown as OutcomeBody } : null
}

const ONLY_REDIRECT = {
  zh: '指向哪个品种或批号：只有认定为另一个时才填，且必填',
  en: 'names the item or lot of a redirect, and of nothing else',
}
const ANOTHER_LOT = { zh: '要指向另一个批号', en: 'must name another lot' }
const ONLY_CONFIRM = { zh: '只有确认品种时才补充', en: 'complete a confirmed item, and nothing else' }
const SAY_WHY = { zh: '立为冲突要写明原因', en: 'must say why it is a conflict' }
