import { placeOf, roomPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Luck } from './acts.ts'
import type { NodeRun } from './node.ts'
import type { World } from './world.ts'

/** A keeper sticks a label on, replaces one, retires one, or takes such a change back; asked twice it is done once. */
export const labelOnce = (world: World, machine: NodeRun, action: string, luck: Luck): string => {
  const { read } = machine.ledger()
  const done = read.retags(6).filter(({ undoneBy }) => undoneBy === null)
  const past = done[Math.floor(luck.lot * done.length)]
  const said = past && luck.other < 0.2 ? { entry: past.id, reason: 'the wrong one' } : null
  const retag = retagOf(machine, action, luck)
  const act = () =>
    said
      ? machine.stockroom().reverse({ action, ...said }, KEEPER)
      : machine.stockroom().retag({ action, ...retag, reason: 'torn' }, KEEPER)
  const booked = act()
  if (machine.crashed()) return 'label cut off'
  if (isRefusal(booked)) return `refused ${booked.code}`
  world.records.answered(machine.node, action, booked)
  const again = act()
  if (!machine.crashed() && (isRefusal(again) || again.fresh || again.head.hash !== booked.head.hash))
    world.records.breach(`${action} was booked twice`)
  return said ? 'label taken back' : `label ${retag.from === null ? 'put' : retag.to === null ? 'retired' : 'replaced'}`
}

const retagOf = (machine: NodeRun, action: string, { lot, other }: Luck) => {
  const { read } = machine.ledger()
  const shelf = roomPlace(machine.node, 'main', 'available')
  const rows = read.positions().filter(({ place, units }) => place === shelf && units > 0)
  const tags = [...new Set(read.positions().map((row) => row.lot))]
    .flatMap(read.tagsOf)
    .filter(({ place, retired }) => retired === null && (place === null || placeOf(place)?.room != null))
  const old = tags[Math.floor(lot * tags.length)]
  // Names the act, so that no two are the same; no chip's number begins so.
  const fresh = `FA${Buffer.from(action).toString('hex').toUpperCase()}`.padEnd(60, '0').slice(0, 60)
  if (old && other > 0.5) return { from: old.epc, to: other > 0.75 ? null : fresh }
  const goods = rows[Math.floor(lot * rows.length)]
  return { from: null, to: fresh, lot: goods?.lot ?? '', place: shelf, pack: '' }
}

const KEEPER = 'keeper'
