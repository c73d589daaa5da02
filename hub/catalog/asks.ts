import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { BodyOf, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { judgeLines } from '@lotkeeper/protocol/ledger/movement.ts'
import { lotOf, type NodeId, type PlaceId, placeOf, streamToNode } from '@lotkeeper/protocol/names.ts'
import { malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogFacts } from '../ledger/contract.ts'
import type { CatalogKind } from './kind.ts'

/** What the county asks the owner of a place to do there: to count a lot, or to book a correction [ledger-and-sync 1.9]. */
export const ASKS: CatalogKind<HubBody<'askNode'>, HubAnswer<'askNode'>> = {
  names: ({ place, lines }) => {
    const owners = [place, ...(lines ?? []).flatMap(({ from, to }) => [from, to])].flatMap((one) => placeOf(one)?.owner ?? [])
    return { items: [], sites: [ownerIn(place)], lots: [], epcs: [], nodes: [...new Set(owners)] }
  },
  judge: (asked, facts) => {
    const { place, lot } = asked
    const owner = facts.nodes.find(({ node }) => node === ownerIn(place))?.owner
    if (owner === undefined || facts.sites.length === 0 || placeOf(place)?.room == null) return refuse('ledger.ask-foreign', { place })
    if (!lotOf(lot)) return refuse('ledger.lot-malformed', { lot })
    const wrong = judgeAskedLines(asked, owner, facts.nodes)
    if (wrong) return wrong
    return { drafts: [{ stream: streamToNode(owner), kind: 'ask', doc: null, lines: [], body: bodyOf(asked) }] }
  },
  same: (asked, [first]) => first?.kind === 'ask' && canonicalText(first.body) === canonicalText(bodyOf(asked)),
  view: ([first]) => ({ ask: first?.entry ?? '' }),
}

/** A count books what is found, so it is told no lines; a correction is told all of them, at places the same node owns now. */
const judgeAskedLines = (asked: HubBody<'askNode'>, owner: NodeId, nodes: CatalogFacts['nodes']): Refusal | null => {
  const lines = linesOf(asked)
  if (asked.what === 'count') return lines.length > 0 ? malformed('lines', NONE_TO_COUNT) : null
  if (lines.length === 0) return malformed('lines', NOTHING_TO_BOOK)
  for (const line of lines) {
    const foreign = [line.from, line.to].find((place) => !isWithin(place, owner, nodes))
    if (foreign !== undefined) return refuse('ledger.place-not-owned', { place: foreign })
    // Whose the places are was judged, and what they hold is judged by the owner when it books.
    const wrong = judgeLines(ownerIn(line.from), [line], () => Number.MAX_SAFE_INTEGER / 2)
    if (wrong && wrong.code !== 'ledger.place-not-owned') return wrong
  }
  return null
}

const isWithin = (place: PlaceId, owner: NodeId, nodes: CatalogFacts['nodes']): boolean =>
  placeOf(place)?.virtual === 'transit' || nodes.some(({ node, owner: now }) => node === ownerIn(place) && now === owner)

const ownerIn = (place: PlaceId): NodeId => place.slice(0, place.indexOf('/'))

const linesOf = ({ lines }: HubBody<'askNode'>): Line[] => (lines ?? []).map((line) => ({ ...line, entered: null, tags: [] }))

const bodyOf = (asked: HubBody<'askNode'>): BodyOf<'ask'> => {
  const { what, place, lot, reason } = asked
  return { what, place, lot, lines: linesOf(asked), reason }
}

const NONE_TO_COUNT = { zh: '盘点不带明细', en: 'a count is told no lines' }
const NOTHING_TO_BOOK = { zh: '更正必须写明要记的明细', en: 'a correction must say what to book' }
