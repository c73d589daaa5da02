import type { NodeBody, NodeRoute, NodeState } from '@lotkeeper/protocol/api/node.ts'
import type { NODE_PEOPLE } from '@lotkeeper/protocol/api/node-people.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Door } from '@lotkeeper/protocol/rules/crossing.ts'
import type { People } from '../access/roster.ts'
import type { Alarms } from '../alarms/alarms.ts'
import type { Devices } from '../devices/devices.ts'
import type { Health } from '../devices/health.ts'
import type { EdgeLedger } from '../ledger/contract.ts'
import type { Ring } from '../ledger/ring.ts'
import { expectedRows, waitingRows } from '../stockroom/expected.ts'
import { conflictsHere, lotExpiryRows } from '../stockroom/lot-expiry.ts'
import { lotRows, provisionalRows, tagRows } from '../stockroom/provisional.ts'
import { retagRows } from '../stockroom/retag.ts'
import type { Stockroom } from '../stockroom/stockroom.ts'
import { openLevels } from './levels.ts'
import type { Pins } from './pins.ts'
import type { Answers } from './question.ts'
import type { Session, Sessions } from './session.ts'
import { openSigning } from './signing.ts'
import { itemsPage, movementsPage, siteOf, siteView, stockPage, taskView } from './views.ts'

export interface AnswerParts {
  readonly node: NodeId
  readonly version: string
  readonly ledger: EdgeLedger
  readonly stockroom: Stockroom
  readonly alarms: Alarms
  readonly devices: Devices
  readonly health: Pick<Health, 'past'>
  readonly ring: Pick<Ring, 'state'>
  readonly link: { readonly state: () => NodeState['link'] }
  readonly renewal?: { readonly standing: () => NonNullable<NodeState['certificate']> } | null
  readonly doors: readonly NamedDoor[]
  readonly people: People
  readonly idleMs: number
  readonly pins: Pins
  readonly sessions: Sessions
}

/** A door with the name people call it by. */
export interface NamedDoor extends Door {
  readonly name: { readonly zh: string; readonly en: string }
}

/** What each route of the node answers. */
export const openAnswers = (parts: AnswerParts): Answers => ({ ...openSigning(parts), ...reading(parts), ...booking(parts) })

type ReadRoute = Exclude<NodeRoute, keyof typeof NODE_PEOPLE | BookRoute>

const reading = (parts: AnswerParts): Pick<Answers, ReadRoute> => {
  const { node, version, ledger, stockroom, alarms, devices, health, ring } = parts
  const book = ledger.read
  return {
    health: () => ({ state: ledger.disk() === 'ok' ? 'ok' : `disk-${ledger.disk()}`, node, version }),
    state: () => stateOf(parts),
    stock: ({ query }) => stockPage(book, stockroom.now(), query),
    items: ({ query }) => itemsPage(book, query),
    movements: ({ query }) => movementsPage(book, openLevels(ledger, node), query),
    expected: () => ({ rows: expectedRows(book), waiting: waitingRows(book) }),
    provisionals: () => ({ rows: provisionalRows(book), tags: tagRows(book), lots: lotRows(book) }),
    retags: () => ({ rows: retagRows(book) }),
    sites: () => ({ rows: book.sites().map(siteOf) }),
    lotExpiries: () => lotExpiryRows(book),
    scan: ({ body, session }) =>
      stockroom.identify(body.text, body.device === undefined ? null : `${session?.keeper} ${body.device}`, keeperOf(session)),
    scans: () => ({ rows: [...stockroom.scans()] }),
    partScans: ({ body }) => stockroom.part(body.pair),
    explain: ({ body }) => stockroom.explain(body.text),
    tasks: () => ({
      rows: book
        .openTasks()
        .slice(0, TASKS_MAX)
        .map((row) => taskView(book, stockroom.now(), row)),
    }),
    alarms: () => ({ rows: [...alarms.rows()] }),
    devices: () => ({ rows: [...devices.rows()], ring: ring.state() }),
    devicePast: ({ query }) => health.past(query),
  }
}

type BookRoute =
  | 'provisional'
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
  | 'acknowledge'
  | 'maintain'

const booking = ({ stockroom, alarms, people, devices }: AnswerParts): Pick<Answers, BookRoute> => ({
  provisional: ({ body, session }) => stockroom.provisional(body, keeperOf(session)),
  receive: ({ body, session }) => mayOverride(people, session, body) ?? stockroom.receive(body, keeperOf(session)),
  accept: ({ body, session }) => mayOverride(people, session, body) ?? stockroom.accept(body, keeperOf(session)),
  issue: ({ body, session }) => mayOverride(people, session, body) ?? stockroom.issue(body, keeperOf(session)),
  count: ({ body, session }) => stockroom.count(body, keeperOf(session)),
  transform: ({ body, session }) => mayOverride(people, session, body) ?? stockroom.transform(body, keeperOf(session)),
  ship: ({ body, session }) => stockroom.ship(body, keeperOf(session)),
  scrap: ({ body, session }) => stockroom.scrap(body, keeperOf(session)),
  move: ({ body, session }) => stockroom.move(body, keeperOf(session)),
  reverse: ({ body, session }) => stockroom.reverse(body, keeperOf(session)),
  retag: ({ body, session }) => stockroom.retag(body, keeperOf(session)),
  settle: ({ body, session }) => stockroom.settle(body, keeperOf(session)),
  // Another day than the earliest lets goods be used for longer: that is setting a rule aside.
  settleExpiry: ({ body, session }) =>
    mayOverride(people, session, { override: isLater(body) || undefined }) ?? stockroom.settleExpiry(body, keeperOf(session)),
  maintain: ({ body, session }) => stockroom.maintain(hasDevice(devices), body, keeperOf(session)),
  acknowledge: ({ body, session }) => stockroom.acknowledge(alarms.rings, body, keeperOf(session)),
})

const stateOf = ({ node, version, ledger, stockroom, alarms, link, renewal, doors }: AnswerParts): NodeState => {
  const now = stockroom.now()
  return {
    node,
    site: siteView(ledger.read, node, now.zone),
    today: now.today,
    clockTrusted: now.clock === 'trusted',
    link: link.state(),
    certificate: renewal?.standing() ?? null,
    head: { ...ledger.head() },
    alarms: alarms.open(),
    tasks: ledger.read.openTasks().length + conflictsHere(ledger.read).length,
    doors: doors.map(({ door, name, inside, beyond }) => ({ door, name, inside, beyond: beyondOf(beyond) })),
    version,
  }
}

const beyondOf = (beyond: Door['beyond']): string | null => (beyond === null ? null : 'room' in beyond ? beyond.room : beyond.node)

/** A rule is set aside by who answers for the stockroom; `null` where nothing is set aside, or by the right hands. */
const mayOverride = (
  people: People,
  session: Session | null,
  { override, overrides = [] }: { readonly override?: unknown; readonly overrides?: readonly unknown[] },
): Refusal | null => {
  const keeper = people.keepers().find((one) => one.keeper === session?.keeper)
  return keeper?.role === 'assistant' && (override !== undefined || overrides.length > 0)
    ? refuse('access.role-missing', { keeper: keeper.name })
    : null
}

const hasDevice =
  (devices: Devices) =>
  (device: string, antenna: number | null): boolean =>
    devices.rows().some((row) => row.device === device && (antenna === null || row.kind === 'reader'))

const isLater = ({ expiry, shown }: NodeBody<'settleExpiry'>): boolean => shown.some((day) => day < expiry)

const keeperOf = (session: Session | null): string | null => session?.keeper ?? null

/** More open tasks than a person looks through; the newest come first. */
const TASKS_MAX = 200
