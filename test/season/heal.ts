import { CALM } from '@lotkeeper/deploy/simulators/network.ts'
import { STREAM_TO_ALL, streamOfNode } from '@lotkeeper/protocol/names.ts'
import { ITEM } from './acts.ts'
import { emptyDisks } from './faults/disks.ts'
import { knowLater } from './faults/versions.ts'
import type { FaultName } from './faults.ts'
import type { NodeRun } from './node.ts'
import { tell } from './tell.ts'
import type { World } from './world.ts'

/** Ends all chaos: lines calm, disks with room, clocks right, everybody upgraded and on line, copies retired; then time for what is left to say. */
export const heal = async (world: World): Promise<void> => {
  const { hub, nodes, copies, network, time } = world
  network.weather(CALM)
  hub.steady()
  for (const machine of [...nodes, ...copies]) machine.steady()
  await world.undo(true)
  for (const machine of [...nodes, ...copies]) {
    network.partition(machine.machine, false)
    machine.setClock(0)
  }
  knowLater()
  // A start forgets what was refused and reads again what was parked. Where nothing was, nobody is started anew: what is wrong in memory stays.
  const anew = STARTED_ANEW.some((name) => (world.counts[`fault ${name}`] ?? 0) > 0)
  if (anew || hub.crashed()) await hub.kill()
  if (!hub.isUp()) await hub.start()
  // Of two hubs the older refuses too: a node whose words it cannot place is not given back what that hub alone holds, which ends with it.
  if (anew) await hub.restartFormer()
  for (const machine of [...nodes, ...copies]) {
    if (anew || machine.crashed()) machine.kill()
    if (!machine.isUp()) machine.start()
  }
  emptyDisks(world)
  // What was parked is read again at a start that has room to write it.
  if (anew && world.counts['fault node-disk-full'])
    for (const machine of [...nodes, ...copies]) {
      machine.kill()
      machine.start()
    }
  await time.runFor(SETTLE_MS)
  for (const copy of copies) await retire(world, copy)
  await retireFormer(world)
  await time.runFor(SETTLE_MS)
}

const SETTLE_MS = 60_000
/** Faults after which a person has to start somebody again: what was refused of strangers stands, and what nobody could read is parked. */
const STARTED_ANEW: readonly FaultName[] = [
  'tamper',
  'unknown-key',
  'revoked-key',
  'foreign-stream',
  'malformed-entry',
  'fork',
  'newer-edge',
  'newer-hub',
]

/** Of two hubs the older is switched off, once it named what it saw; the other starts anew, for nodes may have obeyed the older last. */
const retireFormer = async (world: World): Promise<void> => {
  const { hub, note, records, time } = world
  const former = hub.former()
  if (!former) return
  // Whatever the other writes now is none of its own, and nodes tell it so.
  await tell(world, 'of-the-newer', { stream: STREAM_TO_ALL, kind: 'item', doc: null, lines: [], body: { ...ITEM, item: 'newer' } })
  await time.runFor(SETTLE_MS)
  const named = former.opened.db.prepare<[string], number>('select count(*) from discrepancy where kind = ?').pluck()
  if ((named.get('two-hubs') ?? 0) > 0) note('discrepancy two-hubs')
  // One that meets only nodes it had not spoken with takes the other's work for its own, names that, and rises (H-027).
  else if ((named.get('hub-restored') ?? 0) === 0) records.breach('two hubs were on line, and the older did not name it')
  // Whichever of them meets a lost tail first names it and gives it back, and then the other finds nothing to name.
  const tail = former.opened.db.prepare<[string | null, number], number>(
    `select 1 from discrepancy where kind = 'lost-tail' and site = ? and opened_at >= ?`,
  )
  for (const one of records.expected()) if (one.kind === 'lost-tail' && tail.get(one.site, one.sinceMs) !== undefined) records.met(one)
  await hub.retire()
  await hub.kill()
  await hub.start()
}

/** Both machines are seen at once, then the copy alone until the hub has all it wrote, then never again. */
const retire = async (world: World, copy: NodeRun): Promise<void> => {
  const { network, time, hub, nodes, records } = world
  records.expect('clone', copy.node)
  const original = nodes.find(({ node }) => node === copy.node)
  network.partition(original?.machine ?? '', true)
  const lacking = async () => {
    const held = await hub.heldOf(copy.node)
    const tips = copy.ledger().exchange.tips([streamOfNode(copy.node)])
    return tips.some((tip) => (held.get(tip.epoch) ?? 0) < tip.held)
  }
  for (let round = 0; round < 12 && (await lacking()); round += 1) await time.runFor(10_000)
  if (await lacking()) records.breach(`${copy.machine}: what it wrote never arrived`)
  copy.kill()
  network.partition(original?.machine ?? '', false)
}
