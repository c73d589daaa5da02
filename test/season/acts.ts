import type { Book, Draft } from '@lotkeeper/edge/ledger/contract.ts'
import { PLAIN } from '@lotkeeper/edge/ledger/writer.ts'
import type { Booked, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { entryId, type LotKey, type PlaceId, roomPlace, streamOfNode, transitTo, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { NodeRun } from './node.ts'

/** What one act draws beside its own name: every number in [0, 1). */
export interface Luck {
  readonly lot: number
  readonly units: number
  readonly other: number
}

/** One thing people do at a node; repeating it with the same action must change nothing. */
export type Act = (at: NodeRun, action: string, luck: Luck, others: readonly string[]) => Booked | Refusal

export type ActName = 'receive' | 'accept' | 'issue' | 'reverse' | 'move' | 'ship' | 'scrap' | 'count' | 'transform'

/** Everything people do at a node. */
export const ACTS: Readonly<Record<ActName, Act>> = {
  receive: (at, action, luck) => {
    const receipt: NodeBody<'receive'> = {
      action,
      item: ITEM.item,
      lotNumber: lotNumberOf(luck),
      expiry: EXPIRY,
      room: 'main',
      quantity: 1 + Math.floor(luck.units * 2),
      pack: 'box',
      anotherBox: true,
      accept: luck.other < 0.5,
    }
    return at.stockroom().receive(receipt, KEEPER)
  },
  accept: (at, action, luck) => {
    const room = roomPlace(at.node, 'main', 'pending')
    const waiting = at
      .ledger()
      .read.positions()
      .filter(({ place }) => place === room)
    const { lot, units } = waiting[Math.floor(luck.lot * waiting.length)] ?? { lot: lotIn(luck), units: 1 }
    return at.stockroom().accept({ action, lot, room: 'main', units: Math.max(1, units) }, KEEPER)
  },
  issue: (at, action, luck) => {
    const to = luck.other < 0.3 ? { to: 'ward' } : {}
    const more = luck.other > 0.2 ? { moreThanBook: true } : {}
    return at.stockroom().issue({ action, lot: lotIn(luck), room: 'main', quantity: unitsOf(luck), pack: '', ...to, ...more }, KEEPER)
  },
  reverse: (at, action, luck) => {
    const rows = at.ledger().read.movements({ limit: 12 })
    const entry = rows[Math.floor(luck.other * rows.length)]?.id ?? entryId(streamOfNode(at.node), '0'.repeat(16), 1)
    return at.stockroom().reverse({ action, entry, reason: 'a mistake' }, KEEPER)
  },
  move: (at, action, luck) => {
    const [from, to] = [roomPlace(at.node, 'main', 'available'), roomPlace(at.node, luck.other < 0.5 ? 'ward' : 'main', 'held')]
    const { lot, units } = inHand(at, luck)
    return raw(at, action, () => draft('move', [lineOf(lot, from, to, units)], {}))
  },
  ship: (at, action, luck, others) => {
    const to = others[Math.floor(luck.other * others.length)]
    if (to === undefined) return ACTS.move(at, action, luck, others)
    const { lot, units } = inHand(at, luck)
    const line = lineOf(lot, roomPlace(at.node, 'main', 'available'), transitTo(to), units)
    return raw(at, action, () => ({ ...draft('ship', [line], {}), doc: `D-${action}` }))
  },
  scrap: (at, action, luck) => {
    const { lot, units } = inHand(at, luck)
    const line = lineOf(lot, roomPlace(at.node, 'main', 'available'), virtualPlace(at.node, 'scrapped'), units)
    return raw(at, action, () => draft('scrap', [line], { reason: 'wet' }))
  },
  count: (at, action, luck) => {
    const [lot, place] = [lotIn(luck), roomPlace(at.node, 'main', 'available')]
    const { epoch, seq } = at.ledger().head()
    return raw(at, action, (book) => {
      const found = book.units(lot, place)
      const counted = Math.max(0, found + (luck.other < 0.7 ? 0 : Math.floor(luck.units * 7) - 3))
      const adjusted = virtualPlace(at.node, 'adjusted')
      const [from, to] = counted > found ? [adjusted, place] : [place, adjusted]
      const lines = counted === found ? [] : [lineOf(lot, from, to, Math.abs(counted - found))]
      return draft('count', lines, { place, lot, counted, book: found, at: entryId(streamOfNode(at.node), epoch, seq) })
    })
  },
  transform: (at, action, luck) => {
    const { lot, units } = inHand(at, luck)
    const [place, child, between] = [roomPlace(at.node, 'main', 'available'), `${lot.slice(0, 9)}K`, virtualPlace(at.node, 'transformed')]
    const edges = [{ parent: lot, child, parentUnits: units, childUnits: 2 * units }]
    const lines = [lineOf(lot, place, between, units), lineOf(child, between, place, 2 * units)]
    return raw(at, action, () => draft('transform', lines, { act: 'repack', edges }))
  },
}

export const ITEM = {
  item: 'gauze',
  version: 1,
  name: { zh: '纱布', en: 'gauze' },
  model: '10x10',
  unit: { zh: '片', en: 'piece' },
  packs: [{ gtin: null, pack: 'box', units: 20 }],
  nearDays: [30, 0],
}
export const EXPIRY = '2028-01-31'
const LOT_NUMBERS = ['A1', 'A2', 'B1', 'B2'] as const
const KEEPER = 'keeper'

const lotNumberOf = ({ lot }: Pick<Luck, 'lot'>): string => LOT_NUMBERS[Math.floor(lot * LOT_NUMBERS.length)] ?? 'A1'
export const lotIn = (luck: Pick<Luck, 'lot'>): LotKey => `${ITEM.item}/${lotNumberOf(luck)}`
const unitsOf = ({ units }: Luck): number => 1 + Math.floor(units * 9)

/** The lot drawn, or the one there is most of when people must have something in their hands. */
const inHand = (at: NodeRun, luck: Luck): { readonly lot: LotKey; readonly units: number } => {
  const room = roomPlace(at.node, 'main', 'available')
  const most = at
    .ledger()
    .read.positions()
    .filter(({ place }) => place === room)
    .toSorted((one, other) => other.units - one.units || (one.lot < other.lot ? -1 : 1))[0]
  return most && luck.other < 0.95
    ? { lot: most.lot, units: Math.min(most.units, unitsOf(luck)) }
    : { lot: lotIn(luck), units: unitsOf(luck) }
}

const lineOf = (lot: LotKey, from: PlaceId, to: PlaceId, units: number): Line => ({ lot, from, to, units, entered: null, tags: [] })

const draft = <Kind extends Draft['kind']>(kind: Kind, lines: readonly Line[], body: Draft<Kind>['body']) =>
  ({ ...PLAIN, kind, occurredAtMs: 0, lines, body }) as Draft

/** What the stockroom has no word for, booked through the ledger as its own acts are. */
const raw = (at: NodeRun, action: string, decide: (book: Book) => Draft): Booked | Refusal => {
  const { nowMs } = at.stockroom().now()
  const booking = at.ledger().book({ action, act: 'season' }, (book) => [{ ...decide(book), occurredAtMs: nowMs }])
  if (isRefusal(booking)) return booking
  const { entries, head, fresh } = booking
  return { entries: entries.map(({ id }) => id), head: { ...head }, fresh, unexplained: 0, confirms: null }
}
