import type { Booked, NodeAnswer, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Door } from '@lotkeeper/protocol/rules/crossing.ts'
import { codeKey } from '@lotkeeper/protocol/rules/packs.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import { decideAccept } from './accept.ts'
import { decideAcknowledge } from './acknowledge.ts'
import { bookedOf, confirmedBy } from './booked.ts'
import { decideCodeMet } from './code-met.ts'
import { decideCount } from './count.ts'
import type { Decide } from './draft.ts'
import { explainText } from './explained.ts'
import { decideIssue } from './issue.ts'
import { decideLotExpiry } from './lot-expiry.ts'
import { identifySymbols } from './lot-facts.ts'
import { decideMaintain, type HasDevice } from './maintain.ts'
import { type NowParts, type SiteNow, siteNow } from './now.ts'
import { codeOf, decideProvisional } from './provisional.ts'
import { decideReceive } from './receive.ts'
import { decideRetag } from './retag.ts'
import { decideReverse } from './reverse.ts'
import { itemView, type Scanned, scanView } from './scan.ts'
import { openScans, type Scans } from './scans.ts'
import { decideSettle } from './settle.ts'
import { decideShip } from './ship.ts'
import { decideMove, decideScrap } from './take.ts'
import { decideTransform } from './transform.ts'

/** What people do at a site, booked through its ledger; `actor` is the keeper's opaque id. */
export interface Stockroom extends Scans {
  readonly receive: Booker<'receive'>
  /** Makes an item the county does not know yet, and answers it. */
  readonly provisional: (request: NodeBody<'provisional'>, actor: string | null) => NodeAnswer<'provisional'> | Refusal
  readonly accept: Booker<'accept'>
  readonly issue: Booker<'issue'>
  readonly count: Booker<'count'>
  readonly transform: Booker<'transform'>
  readonly ship: Booker<'ship'>
  readonly scrap: Booker<'scrap'>
  readonly move: Booker<'move'>
  readonly reverse: Booker<'reverse'>
  readonly retag: Booker<'retag'>
  readonly settle: Booker<'settle'>
  /** Says which last day of a lot is right. */
  readonly settleExpiry: Booker<'settleExpiry'>
  /** `rings`: whether an alarm of that id rings now. */
  readonly acknowledge: (rings: (alarm: string) => boolean, request: NodeBody<'acknowledge'>, actor: string | null) => Booked | Refusal
  /** `has`: whether the node has that device. */
  readonly maintain: (has: HasDevice, request: NodeBody<'maintain'>, actor: string | null) => Booked | Refusal
  /** The site's day and time, for everything that goes by dates. */
  readonly now: () => SiteNow
  /** What a text says, part by part; books nothing, joins nothing. */
  readonly explain: (text: string) => NodeAnswer<'explain'>
  readonly close: () => void
}

type Act =
  | 'receive'
  | 'accept'
  | 'issue'
  | 'count'
  | 'transform'
  | 'ship'
  | 'scrap'
  | 'move'
  | 'reverse'
  | 'retag'
  | 'settle'
  | 'settleExpiry'
type Booker<Name extends Act> = (request: NodeBody<Name>, actor: string | null) => Booked | Refusal

export interface StockroomParts extends NowParts {
  readonly node: NodeId
  readonly ledger: EdgeLedger
  readonly doors: readonly Door[]
  readonly crypto: Pick<Parts, 'sha256' | 'utf8'>
}

export const openStockroom = (parts: StockroomParts): Stockroom => {
  const { node, ledger, doors } = parts
  const confirmed = followConfirmed(ledger)
  const now = () => siteNow(parts)
  const bookBy =
    <Request extends { readonly action: string }>(act: string, decide: Decide<Omit<Request, 'action'>>) =>
    (request: Request, actor: string | null): Booked | Refusal => {
      const booking = ledger.book({ action: request.action, act: actOf(parts, act, request) }, (book) =>
        decide(book, request, {
          ...{ node, actor, doors, head: ledger.head },
          now: now(),
          mark: markOf(parts, request.action),
          confirmed: confirmed.entries,
        }),
      )
      return isRefusal(booking) ? booking : bookedOf(booking)
    }
  const viewOf = (scanned: Scanned) => scanView(ledger.read, scanned, now())
  /** Kept once for each code, and once more where what was said of it holds no longer; what cannot be kept now is scanned again another day. */
  const met = (scan: string, actor: string | null): void => {
    const code = codeOf(ledger.read, scan, now())
    if (code === null || isRefusal(code)) return
    const action = `code-met:${hexOf(parts.crypto.sha256(parts.crypto.utf8(`${codeKey(code)} ${ledger.read.codeBoundBy(code) ?? ''}`))).slice(0, 32)}`
    bookBy<{ readonly action: string; readonly scan: string }>('code-met', decideCodeMet)({ action, scan }, actor)
  }
  const scans = openScans({ viewOf, now, identify: (text) => identifySymbols(text, now()), upMs: () => parts.boot.upMs(), met })
  return {
    receive: bookBy('receive', decideReceive),
    provisional: (request, actor) => {
      const booked = bookBy('provisional', decideProvisional)(request, actor)
      if (isRefusal(booked)) return booked
      const [entry = ''] = booked.entries
      const made = ledger.read.entry(entry)?.body['item']
      const item = ledger.read.item(typeof made === 'string' ? made : '')
      // An action that comes again when the entry is damaged: nobody can say what was made.
      return item ? { booked, item: itemView(item) } : refuse('stockroom.item-unknown', { code: typeof made === 'string' ? made : entry })
    },
    accept: bookBy('accept', decideAccept),
    issue: bookBy('issue', decideIssue),
    count: bookBy('count', decideCount),
    transform: bookBy('transform', decideTransform),
    ship: bookBy('ship', decideShip),
    scrap: bookBy('scrap', decideScrap),
    move: bookBy('move', decideMove),
    reverse: bookBy('reverse', decideReverse),
    retag: bookBy('retag', decideRetag),
    settle: bookBy('settle', decideSettle),
    settleExpiry: bookBy('settle-expiry', decideLotExpiry),
    acknowledge: (rings, request, actor) => bookBy('acknowledge', decideAcknowledge(rings))(request, actor),
    maintain: (has, request, actor) => bookBy('maintain', decideMaintain(has))(request, actor),
    now,
    explain: (text) => explainText(text, { scan: viewOf({ text, at: now().nowMs, scanner: null }), now: now() }),
    ...scans,
    close: confirmed.close,
  }
}

/** Names an act together with what was asked: an action that comes again with another request is another act, and refused. */
const actOf = ({ crypto }: Pick<StockroomParts, 'crypto'>, act: string, request: unknown): string =>
  `${act} ${hexOf(crypto.sha256(crypto.utf8(canonicalText(request)))).slice(0, 16)}`

const markOf = ({ node, crypto }: Pick<StockroomParts, 'node' | 'crypto'>, action: string): string =>
  hexOf(crypto.sha256(crypto.utf8(`${node} ${action}`))).slice(0, 10)

/** Door receipts that scans have confirmed since this process began; ten minutes of them matter, so losing them at a restart asks once more. */
const followConfirmed = (ledger: EdgeLedger): { readonly entries: ReadonlySet<string>; readonly close: () => void } => {
  const entries = new Set<string>()
  const close = ledger.follow((changed) => {
    for (const { entry, own } of changed.entries) {
      if (!own) continue
      for (const id of confirmedBy(entry)) entries.add(id)
    }
    for (const oldest of entries) {
      if (entries.size <= CONFIRMED_MAX) break
      entries.delete(oldest)
    }
  })
  return { entries, close }
}

/** More boxes than come through a door in ten minutes. */
const CONFIRMED_MAX = 2_000
