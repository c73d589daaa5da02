import type { Database } from '@lotkeeper/hub/database.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { ACTS } from './acts.ts'
import type { NodeRun } from './node.ts'
import type { World } from './world.ts'

/**
 * A tablet asks once more what it was never answered, after the card forgot that it was booked: nobody can know that, so it is booked anew. When the
 * first comes back both stand, and must be named.
 */
export const askForgotten = ({ records, note }: World, machine: NodeRun): void => {
  const mine = records.bookings().filter(({ node }) => node === machine.node)
  const known = machine.db().prepare<[string], number>('select 1 from action where action = ?').pluck()
  const forgotten = mine.findLast(
    ({ action, lost }) => !lost && known.get(action) === undefined && mine.filter((one) => one.action === action).length === 1,
  )
  if (!forgotten) return
  const booked = ACTS.receive(machine, forgotten.action, { lot: 0, units: 0.5, other: 0.9 }, [])
  if (machine.crashed() || isRefusal(booked)) return
  records.answered(machine.node, forgotten.action, booked)
  note('acts forgotten and asked again')
}

/** Of entries that are one act and stand in one log, those that no row of the hub names beside another. */
export const unnamed = (hub: Database, entries: readonly string[]): readonly string[] => {
  const subjects = hub.prepare<[], string>(`select subject from discrepancy where kind = 'act-twice'`).pluck().all()
  const named = new Set(subjects.flatMap((subject) => subject.split(' ')))
  return entries.length > 1 ? entries.filter((entry) => !named.has(entry)) : []
}

/** What moved something twice under one act is named, unless one of both was taken back. */
export const actsStandOnce = ({ hub, note }: World, node: NodeRun): readonly string[] => {
  if (node.ledger().exchange.holes().length > 0) return []
  return [node.db(), hub.db()].flatMap((db) => {
    const where = db === hub.db() ? 'the hub' : node.node
    return [...Map.groupBy(standingIn(db, node.node), ({ act }) => act)].flatMap(([act, rows]) => {
      if (rows.length > 1) note('acts that stand twice')
      return unnamed(
        hub.db(),
        rows.map(({ entry }) => entry),
      ).map((entry) => `${where}: ${act} stands twice, and nobody named ${entry}`)
    })
  })
}

/** Entries of a node that moved something and were not taken back, by action and part. */
const standingIn = (db: Database, node: string): readonly { readonly act: string; readonly entry: string }[] =>
  db
    .prepare<[string], { readonly act: string; readonly entry: string }>(
      `with own as materialized (select stream || '/' || epoch || '/' || seq as entry, body from log where stream = ? and json_valid(body))
       select body ->> '$.action' || '#' || (body ->> '$.part') as act, entry from own
       where json_array_length(body, '$.lines') > 0 and body ->> '$.kind' <> 'reverse' and entry not in
         (select body ->> '$.reverses.entry' from own where body ->> '$.reverses.entry' is not null)`,
    )
    .all(streamOfNode(node))
