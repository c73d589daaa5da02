import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import type { Database } from '@lotkeeper/hub/database.ts'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { roomPlace, streamOfNode, streamToNode, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { lotIn } from './acts.ts'
import type { NodeRun } from './node.ts'
import { unnamed } from './twice.ts'
import type { World } from './world.ts'

/** The county asks the owner of a room to count there or to book a correction; now and then it asks again what it asked before, as a page does that heard no answer. */
export const askOnce = async (world: World, order: number): Promise<string> => {
  const { hub, records } = world
  const before = records.asked()
  const again =
    chance(world.seed, ASKS, order, 0) < 0.3 ? before[Math.floor(chance(world.seed, ASKS, order, 1) * before.length)] : undefined
  const asked = askedAt(world, again ?? order)
  if (again === undefined) records.asks(order)
  if (!hub.isUp()) return 'hub down'
  const answer = await openCatalog(hub.ledger()).askNode(asked, 'county')
  if (hub.crashed()) return 'ask cut off'
  if (isRefusal(answer)) return `refused ${answer.code}`
  records.told(asked.action)
  return again === undefined ? 'ask' : 'asked again'
}

/** What was asked of which room follows from the number of the act alone, so that it can be asked again word for word. */
const askedAt = ({ seed, nodes }: World, order: number): HubBody<'askNode'> => {
  const luck = (at: number) => chance(seed, ASKS, order, at)
  const node = nodes[Math.floor(luck(2) * nodes.length)]?.node ?? 'nowhere'
  const place = roomPlace(node, 'main', 'available')
  const lot = lotIn({ lot: luck(3) })
  const fixed = { action: `ask-${order}`, place, lot, reason: 'the county wants to know' }
  if (luck(4) < 0.5) return { ...fixed, what: 'count' }
  const other = luck(5) < 0.5 ? virtualPlace(node, 'adjusted') : roomPlace(node, 'main', 'held')
  const [from, to] = luck(6) < 0.5 ? [place, other] : [other, place]
  return { ...fixed, what: 'correct', lines: [{ lot, from, to, units: 1 + Math.floor(luck(7) * 4) }] }
}
/** The number under which what the county asks is drawn. */
const ASKS = 78

interface AskRow {
  readonly ask: string
  readonly action: string
  readonly settled: string | null
}
interface AnswerRow {
  readonly entry: string
  readonly kind: string
  readonly ask: string
}

/** What the county asked and the node answered is settled by that answer, nothing else is, and what was to be corrected was booked once. */
export const asksStand = ({ hub, note }: World, { node, db, ledger }: NodeRun): readonly string[] => {
  if (ledger().exchange.holes().length > 0) return []
  const asks = db()
    .prepare<[string], AskRow>(
      `select l.stream || '/' || l.epoch || '/' || l.seq as ask, l.body ->> '$.action' as action, t.settled_by as settled
       from log l left join task t on t.task = l.stream || '/' || l.epoch || '/' || l.seq where l.stream = ? and l.kind = 'ask'`,
    )
    .all(streamToNode(node))
  const answers = answersIn(db(), node)
  const there = new Set(answersIn(hub.db(), node).map(({ entry }) => entry))
  note('asks', asks.length)
  note('asks settled', asks.filter(({ settled }) => settled !== null).length)
  // A hub that was restored asks once more what it forgot it had asked: one question, word for word, in two of its epochs.
  const byAction = new Map<string, AskRow[]>()
  for (const one of asks) byAction.set(one.action, [...(byAction.get(one.action) ?? []), one])
  return [...byAction].flatMap(([action, same]) => {
    const mine = answers.filter(({ ask }) => same.some((one) => one.ask === ask))
    // Whoever lost his memory, or works beside a copy of himself, may do twice what he was asked once: then it is named.
    const twice = unnamed(hub.db(), [...new Set(mine.filter(({ kind }) => kind === 'correct').map(({ entry }) => entry))])
    const settled = new Set(same.map((one) => one.settled))
    return [
      ...(settled.size > 1 ? [`${node}: ${action} was asked twice and answered once`] : []),
      ...[...settled].flatMap((by) => standing(by, mine, there).map((what) => `${node}: ${action} ${what}`)),
      ...twice.map((entry) => `${node}: ${action} was booked twice, and nobody named ${entry}`),
    ]
  })
}

/** What is wrong with how a question is settled. */
const standing = (settled: string | null, answers: readonly AnswerRow[], there: ReadonlySet<string>): readonly string[] => {
  if (settled === null) return answers.length > 0 ? ['was answered and still stands open'] : []
  if (!there.has(settled)) return ['is settled by what is not at the hub']
  return answers.some(({ entry }) => entry === settled) ? [] : ['is settled by what does not answer it']
}

/** Answers of a node to what it was asked, less those that were taken back. */
const answersIn = (db: Database, node: string): readonly AnswerRow[] =>
  db
    .prepare<[string, string], AnswerRow>(
      `with own as materialized (select stream || '/' || epoch || '/' || seq as entry, body ->> '$.kind' as kind, body from log
         where stream = ? and json_valid(body) and body ->> '$.kind' in ('count', 'correct', 'settle', 'reverse'))
       select own.entry, own.kind, ref.value as ask from own, json_each(own.body, '$.refs') ref
       where own.kind <> 'reverse' and ref.value like ? and own.entry not in
         (select body ->> '$.reverses.entry' from own where kind = 'reverse')`,
    )
    .all(streamOfNode(node), 'hub>%')
