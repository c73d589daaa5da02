import type { Tip } from '@lotkeeper/protocol/ledger/stream.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { BirthBody } from '@lotkeeper/protocol/wire/have.ts'
import type { Database } from '../../database.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'

/** What is kept of a node's `have`: what it still waits to send, its clock, and the tips it named. */
export interface NotedHave {
  readonly waiting: number
  readonly nodeAtMs: number
  readonly tips?: readonly Pick<Tip, 'stream' | 'epoch' | 'held'>[]
}

/** Link life of nodes, as the board shows it. Lost words of it are no loss: the next birth or have says it again. */
export interface Notes {
  readonly birth: (node: NodeId, birth: BirthBody, atMs: number) => void
  readonly death: (node: NodeId, atMs: number) => void
  readonly have: (node: NodeId, have: NotedHave, atMs: number) => void
  /** At start nobody is on line, whatever the file says from before. */
  readonly allOffline: (atMs: number) => void
  /** After a rollback: memory is ahead of the file. */
  readonly forget: () => void
}

export const openNotes = (db: Database, discrepancies: DiscrepancyRows): Notes => {
  const birth = db.prepare(
    `insert into node_life (node, online, since, last_heard, epoch, software, skew_ms, devices)
     values (@node, 1, @atMs, @atMs, @epoch, @software, @skewMs, @devices) on conflict do update set
     since = case when online = 1 then since else excluded.since end, online = 1, last_heard = excluded.last_heard, epoch = excluded.epoch,
     software = excluded.software, skew_ms = excluded.skew_ms, devices = excluded.devices`,
  )
  const death = db.prepare('update node_life set online = 0, since = ?, last_heard = ? where node = ? and online = 1')
  const have = db.prepare(
    `insert into node_life (node, online, since, last_heard, skew_ms, waiting) values (@node, 1, @atMs, @atMs, @skewMs, @waiting)
     on conflict do update set since = case when online = 1 then since else excluded.since end, online = 1,
     last_heard = excluded.last_heard, skew_ms = excluded.skew_ms, waiting = excluded.waiting`,
  )
  const offline = db.prepare('update node_life set online = 0, since = ? where online = 1')
  const drop = db.prepare('delete from hub_have where node = ? and stream = ?')
  const hold = db.prepare('insert or replace into hub_have values (?, ?, ?, ?)')
  const noted = new Map<NodeId, string>()
  /** The node's word rules, also when it goes backwards; streams it does not speak of stay as it told them last. */
  const noteTips = (node: NodeId, tips: NonNullable<NotedHave['tips']>): void => {
    const told = tips.map(({ stream, epoch, held }) => `${stream} ${epoch} ${held}`).join('\n')
    if (noted.get(node) === told) return
    for (const stream of new Set(tips.map((tip) => tip.stream))) drop.run(node, stream)
    for (const { stream, epoch, held } of tips) hold.run(node, stream, epoch, held)
    noted.set(node, told)
  }
  const judgeClock = (node: NodeId, skewMs: number, atMs: number) => {
    const facts = { minutes: Math.round(skewMs / 60_000) }
    if (Math.abs(skewMs) > CLOCK_SKEW_MS) discrepancies.open({ kind: 'clock-wrong', site: node, subject: node, entry: null, atMs, facts })
    else discrepancies.close('clock-wrong', node, atMs)
    return skewMs
  }
  return {
    birth: (node, { epoch, software, devices, at }, atMs) => {
      const skewMs = judgeClock(node, Date.parse(at) - atMs, atMs)
      birth.run({ node, atMs, epoch, software, skewMs, devices: JSON.stringify(devices) })
    },
    death: (node, atMs) => death.run(atMs, atMs, node),
    have: (node, { waiting, nodeAtMs, tips }, atMs) => {
      have.run({ node, atMs, skewMs: judgeClock(node, nodeAtMs - atMs, atMs), waiting })
      if (tips) noteTips(node, tips)
    },
    forget: () => noted.clear(),
    allOffline: (atMs) => offline.run(atMs),
  }
}

/** A clock that is further off than any network delay or drift between two time servers. */
const CLOCK_SKEW_MS = 300_000
