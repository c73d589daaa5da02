import type { DiscrepancyView, NodeView } from '@lotkeeper/protocol/api/views.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../database.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { Happened } from './events.ts'

/** What stood open, and who was on line, when it was looked at last; what differs now has happened. */
export interface Seen {
  /** Everything as it is now, told to nobody. */
  readonly begin: () => Promise<void>
  /** Rows of discrepancies that a commit changed; `null`: too many to say, all must be looked at. */
  readonly note: (rows: readonly DiscrepancyView[] | null) => void
  readonly discrepancies: (isOver: () => boolean) => Promise<void>
  readonly nodes: (nowMs: number, isOver: () => boolean) => Promise<void>
  /** What was noted is lost: all must be looked at. */
  readonly forget: () => void
}

export const openSeen = (parts: {
  readonly db: Database
  readonly ask: Pick<HubLedger['ask'], 'discrepancies' | 'nodes'>
  /** Tells what happened, and keeps what was seen, in one commit. */
  readonly commit: (happened: readonly Happened[], keep: () => void) => void
}): Seen => {
  const { db, ask, commit } = parts
  const get = db.prepare<[string, string], string>('select body from seen where kind = ? and id = ?').pluck()
  const put = db.prepare('insert or replace into seen values (?, ?, ?)')
  const every = db.prepare<[string], string>('select body from seen where kind = ?').pluck()
  const keptDiscrepancy = (id: string) => read<DiscrepancyView>(get.get('discrepancy', id))
  // After a start nobody knows what happened meanwhile.
  let noted: DiscrepancyView[] | null = null

  const openNow = async (isOver: () => boolean): Promise<readonly DiscrepancyView[]> => {
    const open: DiscrepancyView[] = []
    for (let cursor: string | undefined; !isOver(); ) {
      const page = await ask.discrepancies({ limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) })
      if (isRefusal(page)) throw new Error(page.code)
      const rows = page.rows.filter(({ closedAt }) => closedAt === null)
      open.push(...rows)
      if (page.next === null || rows.length < page.rows.length) break
      cursor = page.next
    }
    return open
  }
  /** All that is open now, and all that was open and is not any more: when it was closed nobody can tell. */
  const whole = async (isOver: () => boolean): Promise<readonly Found[]> => {
    const open = await openNow(isOver)
    const still = new Set(open.map(({ discrepancy }) => discrepancy))
    const gone = every.all('discrepancy').flatMap((text) => {
      const row = JSON.parse(text) as Kept
      return row.isClosed || still.has(row.discrepancy) ? [] : [{ row, isClosed: true }]
    })
    return [...gone, ...open.map((row) => ({ row, isClosed: false }))]
  }
  const keep = (found: readonly Found[]) => {
    for (const { row, isClosed } of found) put.run('discrepancy', row.discrepancy, JSON.stringify({ ...row, isClosed }))
  }
  const nodesNow = async () => (await ask.nodes()).rows.filter(({ state }) => state !== 'never')
  const keepNodes = (rows: readonly NodeView[]) => {
    for (const { node, state } of rows) put.run('node', node, JSON.stringify({ state }))
  }
  return {
    begin: async () => {
      const found = await whole(() => false)
      const nodes = await nodesNow()
      commit([], () => {
        keep(found)
        keepNodes(nodes)
      })
    },
    note: (rows) => {
      noted = rows === null || noted === null || noted.length > NOTED_MAX ? null : [...noted, ...rows]
    },
    forget: () => {
      noted = null
    },
    discrepancies: async (isOver) => {
      const rows = noted
      noted = []
      const found = rows === null ? await whole(isOver) : rows.map((row) => ({ row, isClosed: row.closedAt !== null }))
      if (isOver()) return
      // One after another: a row may come twice, opened and then closed.
      for (const one of found) {
        const happened = changesOf(keptDiscrepancy(one.row.discrepancy), one)
        if (happened.length > 0) commit(happened, () => keep([one]))
      }
    },
    nodes: async (nowMs, isOver) => {
      const rows = await nodesNow()
      if (isOver()) return
      const changed = rows.filter(({ node, state }) => read<Pick<NodeView, 'state'>>(get.get('node', node))?.state !== state)
      const happened = changed.map(({ node, name, state, since }) => ({
        event: state === 'online' ? ('node.online' as const) : ('node.offline' as const),
        atMs: since === null ? nowMs : Date.parse(since),
        row: { node, name, state, since },
      }))
      if (changed.length > 0) commit(happened, () => keepNodes(changed))
    },
  }
}

interface Found {
  readonly row: DiscrepancyView
  readonly isClosed: boolean
}
interface Kept extends DiscrepancyView {
  readonly isClosed: boolean
}
const PAGE_ROWS = 200
/** More than that between two looks: looking at all that is open costs less. */
const NOTED_MAX = 1_000

/** One (kind, subject) is one row that may open again: it is another discrepancy when it was opened at another moment. */
const changesOf = (before: DiscrepancyView | null, { row, isClosed }: Found): readonly Happened[] => {
  const kept = before as Kept | null
  const isSame = kept?.openedAt === row.openedAt
  const opened = { event: 'discrepancy.opened', atMs: Date.parse(row.openedAt), row: { ...row, closedAt: null } } as const
  const closed = (what: DiscrepancyView): Happened => ({
    event: 'discrepancy.closed',
    atMs: Date.parse(what.closedAt ?? what.openedAt),
    row: what,
  })
  return [
    ...(kept && !isSame && !kept.isClosed ? [closed(kept)] : []),
    ...(isSame ? [] : [opened]),
    ...(isClosed && !(isSame && kept.isClosed) ? [closed(row)] : []),
  ]
}

const read = <Row>(text: string | undefined): Row | null => (text === undefined ? null : (JSON.parse(text) as Row))
