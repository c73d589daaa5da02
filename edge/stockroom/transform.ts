import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Line, LotFact } from '@lotkeeper/protocol/ledger/entry.ts'
import { type CalendarDate, lotOf, roomPlace, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Book } from '../ledger/contract.ts'
import { type Circumstances, type Decide, draftOf, roomRefusal, textOf } from './draft.ts'
import { edgesOf, type Part } from './edges.ts'
import { judgeExpiry, type Override } from './expired.ts'
import { earlier, lotMeant } from './lot-facts.ts'
import { lotRefusal } from './places.ts'
import { wholeUnits } from './quantity.ts'

type Request = Omit<NodeBody<'transform'>, 'action'>

/**
 * Makes lots of lots in one room: repack, kit, split, merge. Every lot's units run between the room and `transformed`, so each still adds up to 0; what
 * is made expires no later than the earliest of its parts, and an expired part is used on a person's word only.
 */
export const decideTransform: Decide<Request> = (book, request, at) => {
  const wrong = roomRefusal(book, at, request.room)
  if (wrong) return wrong
  const taken = partsTaken(book, request, at)
  if (isRefusal(taken)) return taken
  const made = partsMade(book, request, taken.earliest, at)
  if (isRefusal(made)) return made
  const [parents, children] = [summed(taken.parts), summed(made.parts)]
  const same = children.find(({ lot }) => parents.some((one) => one.lot === lot))
  if (same) return refuse('stockroom.same-lot', { lot: same.lot })
  const alike = new Set([...parents, ...children].map(({ lot }) => lotOf(lot)?.item)).size === 1
  const [from, to] = [unitsIn(parents), unitsIn(children)]
  if (alike && from !== to) return refuse('stockroom.units-differ', { from, to })
  const edges = edgesOf(parents, children, alike)
  // Room for so many is in no entry, and more would break its schema before its bytes are counted.
  if (edges.length > EDGES_MAX) return refuse('ledger.entry-too-large', { bytes: edges.length * EDGE_BYTES })
  const override = taken.override ?? made.override
  const reason = textOf(request.reason)
  return [
    draftOf('transform', at, {
      lines: linesOf(at, request.room, parents, children),
      body: {
        ...{ act: request.act, edges, lots: [...made.lots] },
        ...(override ? { override } : {}),
        ...(reason === null ? {} : { reason }),
      },
    }),
  ]
}

interface Taken {
  readonly parts: readonly Part[]
  readonly earliest: CalendarDate | null
  readonly override: Override | undefined
}

const partsTaken = (book: Book, { from, override }: Request, at: Circumstances): Taken | Refusal => {
  let earliest: CalendarDate | null = null
  let kept: Override | undefined
  for (const { lot, units } of from) {
    if (!lotOf(lot)) return refuse('ledger.lot-malformed', { lot })
    const whole = wholeUnits(units)
    const wrong = lotRefusal(book, lot) ?? (isRefusal(whole) ? whole : null)
    if (wrong) return wrong
    const expiry = book.lot(lot)?.expiry ?? null
    const judged = judgeExpiry({ lot, expiry }, at.now, override)
    if (isRefusal(judged)) return judged
    kept ??= judged.override
    earliest = earlier(earliest, expiry)
  }
  return { parts: from, earliest, override: kept }
}

interface Made {
  readonly parts: readonly Part[]
  readonly lots: readonly LotFact[]
  readonly override: Override | undefined
}

const partsMade = (book: Book, { to, override }: Request, earliest: CalendarDate | null, at: Circumstances): Made | Refusal => {
  const parts: Part[] = []
  const lots: LotFact[] = []
  let kept: Override | undefined
  for (const { item, lotNumber, expiry: said, units } of to) {
    if (!book.item(item)) return refuse('stockroom.item-unknown', { code: item })
    const whole = wholeUnits(units)
    // Where the label says no date, the earliest of the parts rules.
    const meant = lotMeant(book, { item, lotNumber, expiry: said ?? earliest }, at.now)
    if (isRefusal(meant)) return meant
    if (isRefusal(whole)) return whole
    const judged = judgeLater({ expiry: meant.expiry, earliest }, override)
    if (isRefusal(judged)) return judged
    kept ??= judged.override
    parts.push({ lot: meant.lot, units })
    lots.push(meant.fact)
  }
  return { parts, lots, override: kept }
}

/** A later date than that of the parts needs a person's word, kept in the entry. */
const judgeLater = (
  { expiry, earliest }: { readonly expiry: CalendarDate | null; readonly earliest: CalendarDate | null },
  override: Override | undefined,
): { readonly override?: Override } | Refusal => {
  if (earliest === null || expiry === null || expiry <= earliest) return {}
  if (override?.rule !== LATER) return refuse(LATER, { expiry, earliest })
  const reason = textOf(override.reason)
  return reason === null ? refuse('rules.reason-missing', { rule: LATER }) : { override: { rule: LATER, reason } }
}

const linesOf = ({ node }: Circumstances, room: string, parents: readonly Part[], children: readonly Part[]): readonly Line[] => {
  const [shelf, between] = [roomPlace(node, room, 'available'), virtualPlace(node, 'transformed')]
  return [
    ...parents.map((part) => ({ ...part, from: shelf, to: between, entered: null, tags: [] })),
    ...children.map((part) => ({ ...part, from: between, to: shelf, entered: null, tags: [] })),
  ]
}

/** Each lot once, with all its units. */
const summed = (parts: readonly Part[]): readonly Part[] => {
  const byLot = new Map<string, number>()
  for (const { lot, units } of parts) byLot.set(lot, (byLot.get(lot) ?? 0) + units)
  return Array.from(byLot, ([lot, units]) => ({ lot, units }))
}

const unitsIn = (parts: readonly Part[]): number => parts.reduce((sum, { units }) => sum + units, 0)

const LATER = 'stockroom.expiry-later'
/** Beyond 16 KB of edges alone. */
const EDGES_MAX = 128
const EDGE_BYTES = 120
