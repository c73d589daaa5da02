import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { DeliveryRow } from '@lotkeeper/protocol/api/hub-webhooks.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import { PAGE_ROWS, pageOf, readCursor, writeCursor } from '../projections/questions/pages.ts'

/** What waits to be told, in order, and what became of what was told. */
export interface Queue {
  readonly add: (delivery: {
    readonly webhook: string
    readonly id: string
    readonly event: string
    readonly atMs: number
    readonly body: string
  }) => number
  readonly first: (webhook: string) => Waiting | null
  readonly waiting: (webhook: string) => number
  /** Notes a try; once `done` or `dropped` what was told is forgotten. */
  readonly note: (n: number, tried: Tried) => void
  /** Drops all that waits. */
  readonly drop: (webhook: string) => void
  readonly at: (n: number) => DeliveryRow | null
  readonly page: (query: HubQuery<'webhookDeliveries'>) => HubAnswer<'webhookDeliveries'> | Refusal
}
export interface Waiting {
  readonly n: number
  readonly id: string
  readonly event: string
  readonly body: string
}
export interface Tried extends Pick<DeliveryRow, 'state' | 'status' | 'trouble'> {
  readonly atMs: number
  readonly tookMs: number
}

/** Most that waits for one webhook: a county's busiest week, some 50 MB. */
export const WAITING_MAX = 50_000
/** What is kept of what was told, for a person who looks. */
export const KEPT_ROWS = 1_000

export const openQueue = (db: Database): Queue => {
  const add = db.prepare(
    "insert into delivery (webhook, id, event, at, body, state) values (@webhook, @id, @event, @atMs, @body, 'waiting')",
  )
  const first = db.prepare<[string], Waiting>(
    `select n, id, event, body from delivery where webhook = ? and state = 'waiting' order by n limit 1`,
  )
  const waiting = db.prepare<[string], number>(`select count(*) from delivery where webhook = ? and state = 'waiting'`).pluck()
  const note =
    db.prepare(`update delivery set state = @state, body = case @state when 'waiting' then body end, tries = tries + 1, tried = @atMs,
    status = @status, trouble = @trouble, took = @tookMs where n = @n`)
  const drop = db.prepare(`update delivery set state = 'dropped', body = null where webhook = ? and state = 'waiting'`)
  const prune = ['done', 'dropped'].map((state) =>
    db.prepare(`delete from delivery where webhook = @webhook and state = '${state}' and n <= (
      select n from delivery where webhook = @webhook and state = '${state}' order by n desc limit 1 offset ${KEPT_ROWS})`),
  )
  const whose = db.prepare<[number], string>('select webhook from delivery where n = ?').pluck()
  const one = db.prepare<[number], Found>('select * from delivery where n = ?')
  const pages = db.prepare<[{ readonly webhook: string; readonly before: number; readonly rows: number }], Found>(
    'select * from delivery where webhook = @webhook and n < @before order by n desc limit @rows',
  )
  return {
    add: (delivery) => Number(add.run(delivery).lastInsertRowid),
    first: (webhook) => first.get(webhook) ?? null,
    waiting: (webhook) => waiting.get(webhook) ?? 0,
    note: (n, { trouble, ...tried }) => {
      note.run({ ...tried, n, trouble: trouble && JSON.stringify(trouble) })
      if (tried.state !== 'waiting') for (const old of prune) old.run({ webhook: whose.get(n) })
    },
    drop: (webhook) => {
      drop.run(webhook)
      for (const old of prune) old.run({ webhook })
    },
    at: (n) => {
      const found = one.get(n)
      return found ? rowOf(found) : null
    },
    page: ({ webhook, cursor, limit = PAGE_ROWS }) => {
      const after = readCursor('webhookDeliveries', ['text', 'number'], cursor)
      if (isRefusal(after)) return after
      // A cursor of another webhook's pages is a mistake; its numbers would still be only of this one.
      const before = after === null ? Number.MAX_SAFE_INTEGER : Number(after[1])
      const page = pageOf(pages.all({ webhook, before, rows: limit + 1 }), limit, {
        row: rowOf,
        cursor: ({ n }) => writeCursor('webhookDeliveries', [webhook, n]),
      })
      return { rows: [...page.rows], next: page.next }
    },
  }
}

interface Found {
  readonly n: number
  readonly id: string
  readonly event: string
  readonly at: number
  readonly state: DeliveryRow['state']
  readonly tries: number
  readonly tried: number | null
  readonly status: number | null
  readonly trouble: string | null
  readonly took: number | null
}

const rowOf = (row: Found): DeliveryRow => ({
  ...{ id: row.id, event: row.event, at: new Date(row.at).toISOString(), state: row.state, tries: row.tries },
  triedAt: row.tried === null ? null : new Date(row.tried).toISOString(),
  status: row.status,
  trouble: row.trouble === null ? null : (JSON.parse(row.trouble) as DeliveryRow['trouble']),
  tookMs: row.took,
})
