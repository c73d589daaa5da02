import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import type { Database } from '@lotkeeper/hub/database.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { streamToNode, transitTo, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { EXPIRY, lotIn } from './acts.ts'
import type { Told } from './records.ts'
import { tell } from './tell.ts'
import type { World } from './world.ts'

/**
 * The county registers a tag and with it announces a box to a site; now and then the page that heard no answer sends an earlier one once more, word for
 * word, and a hub that was restored since may not know it.
 */
export const announce = async (world: World, node: string, action: string): Promise<string> => {
  const told = registration(node, action, lotIn({ lot: world.draw() }))
  const before = world.records.registered()
  world.records.registers(action, told)
  const answer = await tell(world, action, told)
  const luck = (at: number) => chance(world.seed, REGISTRATIONS, before.length, at)
  const again = luck(0) < 0.4 ? before[before.length - 1 - Math.floor(luck(1) * Math.min(before.length, LATELY))] : undefined
  if (again) await tell(world, again.action, again.told)
  return answer
}

const registration = (node: string, action: string, lot: string): Told => {
  const epc = `30${Buffer.from(action).toString('hex').toUpperCase().slice(0, 22).padEnd(22, '0')}`
  const lines: Line[] = [{ lot, from: SUPPLIER, to: transitTo(node), units: 20, entered: null, tags: [epc] }]
  const body = { epc, lot, printed: lot, expiry: EXPIRY, pack: 'box', units: 20, site: node }
  return { stream: streamToNode(node), kind: 'tag', doc: `ASN-${action}`, lines, body }
}

/** Whatever epochs of the hub a registration stands in, the goods came into the county once, in every book. */
export const registeredOnce = ({ hub, nodes, note }: World): readonly string[] => {
  note('registered again', hub.db().prepare<[], number>(`select count(*) from (${TWICE})`).pluck().get() ?? 0)
  return [{ name: 'the hub', db: hub.db() }, ...nodes.map((run) => ({ name: run.node, db: run.db() }))].flatMap(({ name, db }) => {
    // What an entry moved whose text is lost nobody can add up.
    if (db.prepare(`select 1 from log where stream like 'hub>%' and not json_valid(body)`).get() !== undefined) return []
    const [came, booked] = [unitsOf(db, REGISTERED), unitsOf(db, SUPPLIED)]
    return [...new Set([...came.keys(), ...booked.keys()])].flatMap((lot) => {
      const [wanted, units] = [came.get(lot) ?? 0, booked.get(lot) ?? 0]
      return wanted === units ? [] : [`${name}: ${units} of ${lot} came into the county, ${wanted} were registered`]
    })
  })
}

const unitsOf = (db: Database, sql: string): ReadonlyMap<string, number> =>
  new Map(
    db
      .prepare<[], { lot: string; units: number }>(sql)
      .all()
      .map(({ lot, units }) => [lot, units]),
  )

const SUPPLIER = virtualPlace('hub', 'supplier')
const TAGS = `from log where stream like 'hub>%' and json_valid(body) and body ->> '$.kind' = 'tag'`
const TWICE = `select 1 ${TAGS} group by body ->> '$.action' having count(*) > 1`
const REGISTERED = `select lot, sum(units) as units from (select distinct body ->> '$.action', body ->> '$.lines[0].lot' as lot,
  body ->> '$.lines[0].units' as units ${TAGS}) group by lot`
const SUPPLIED = `select lot, -units as units from position where place = '${SUPPLIER}' and units <> 0`
/** How far back a page may be that still sends what it heard no answer to. */
const LATELY = 4
const REGISTRATIONS = 79
