import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import type { HubDraft } from '@lotkeeper/hub/ledger/contract.ts'
import type { OpeningLine } from '@lotkeeper/protocol/ledger/opening.ts'
import { roomPlace, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { EXPIRY, lotIn } from './acts.ts'
import type { NodeRun } from './node.ts'
import type { World } from './world.ts'

/** The county tells a site what an old system left there, tells it again as a page does that heard no answer, or withdraws it. */
export const openingOnce = async (world: World, order: number): Promise<string> => {
  const { hub, records, seed } = world
  const before = records.openings()
  const old = before[Math.floor(chance(seed, OPENINGS, order, 0) * before.length)]
  const way = chance(seed, OPENINGS, order, 1)
  if (old !== undefined && way < 0.2) return withdraw(world, old)
  const again = way < 0.4 ? old : undefined
  if (again === undefined) records.tells(order)
  if (!hub.isUp()) return 'hub down'
  const action = actionOf(again ?? order)
  const written = await hub.ledger().write(partsAt(world, again ?? order))
  if (hub.crashed()) return 'opening cut off'
  if (isRefusal(written)) return `refused ${written.code}`
  records.told(action)
  return again === undefined ? 'opening' : 'opening again'
}

const withdraw = async ({ hub, records }: World, order: number): Promise<string> => {
  if (!hub.isUp()) return 'hub down'
  const action = `withdraw-${order}`
  const said = await openCatalog(hub.ledger()).withdrawOpening({ action, act: actionOf(order), reason: 'a wrong table' }, 'county')
  if (hub.crashed()) return 'withdrawal cut off'
  if (isRefusal(said)) return `refused ${said.code}`
  // Withdrawn before, under the same action or not at all.
  records.told(action)
  return 'opening withdrawn'
}

/** What is told follows from the number of the act alone, so that it can be told again word for word; in as many parts as it takes lots. */
const partsAt = ({ seed, nodes }: World, order: number): readonly HubDraft<'opening'>[] => {
  const luck = (at: number) => chance(seed, OPENINGS, order, at)
  const node = nodes[Math.floor(luck(2) * nodes.length)]?.node ?? 'nowhere'
  const doc = `OLD-${order}`
  const parts = 1 + Math.floor(luck(3) * 3)
  return Array.from({ length: parts }, (_, part) => {
    const lot = lotIn({ lot: luck(4 + part) })
    const place = roomPlace(node, 'main', luck(7 + part) < 0.8 ? 'available' : 'held')
    const units = 1 + Math.floor(luck(10 + part) * 40)
    const line: OpeningLine = { lot, printed: '-', expiry: EXPIRY, place, units, entered: null, supplier: null }
    const body = { is: 'told' as const, doc, counted: null, parts, lines: [line] }
    return { stream: streamToNode(node), kind: 'opening', action: actionOf(order), part, actor: 'county', doc, lines: [], body }
  })
}
const actionOf = (order: number): string => `opening-${order}`
/** The number under which the stock of old systems is drawn. */
const OPENINGS = 79

interface PartRow {
  readonly act: string
  readonly part: number
  readonly standing: number
}

/** What was told is on the books at most once, and not at all once the county withdrew it unheard; the task says what stands. */
export const openingsStand = ({ hub, records, note }: World, { node, db, ledger }: NodeRun): readonly string[] => {
  if (ledger().exchange.holes().length > 0) return []
  const parts = db().prepare<[], PartRow>(STANDING).all()
  note('openings', new Set(parts.map(({ act }) => act)).size)
  note('openings taken', parts.filter(({ standing }) => standing > 0).length)
  const open = new Set(
    ledger()
      .read.openTasks()
      .flatMap(({ opening }) => opening?.act ?? []),
  )
  // Whoever lost his memory and used up what he took twice has it twice, and the county names it.
  const named = new Set(hub.db().prepare<[], string>(NAMED).pluck().all())
  return [...Map.groupBy(parts, ({ act }) => act)].flatMap(([act, of]) => {
    const twice = of.filter(
      ({ part, standing }) => standing > 1 && !(records.allowed('reversed-twice', node) && named.has(`${act}#${part}`)),
    )
    const whole = of.every(({ standing }) => standing > 0)
    return [
      ...twice.map(({ part }) => `${node}: ${act} part ${part} is on the books twice`),
      ...(whole && open.has(act) ? [`${node}: ${act} is taken over and still stands open`] : []),
    ]
  })
}
const STANDING = `select p.act, p.part, (select count(*) from opening_answer a where a.act = p.act and a.part = p.part
  and not exists (select 1 from reversal r where r.entry = a.entry)) as standing from opening_part p`
const NAMED = `select subject from discrepancy where kind = 'opening-twice' and closed_at is null`
