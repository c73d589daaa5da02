import { type NodeId, transitTo } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { Book, ExpectedRow } from '../contract.ts'

/** What is on its way to the node: by despatch advices, and by registrations of tags. */
export const openExpected = (db: Database, node: NodeId): Pick<Book, 'announced' | 'expected' | 'despatched'> => {
  const rows = db.prepare<[], ExpectedRow>(
    `select doc, src as "from", due, lot, expiry, announced, coalesce(units, 0) as received
     from expected left join received_under using (doc, lot) order by due is null, due, doc, lot`,
  )
  const advised = db.prepare<[string], number>('select exists (select * from expected where doc = ?)').pluck()
  const under = db.prepare<[string], { readonly doc: string; readonly units: number }>(
    'select doc, from_transit as units from received_under where lot = ? and from_transit <> 0',
  )
  const inTransit = db.prepare<[string, string], number>('select units from position where lot = ? and place = ?').pluck()
  const despatched = (doc: string) => (isDespatchNumber(doc) && !doc.startsWith(despatchNumber(node, ''))) || advised.get(doc) === 1
  return {
    despatched,
    expected: () => rows.all(),
    announced: (lot) => {
      // The sending half of a shipment stands in the sender's stream, so what came of it lies below zero in this node's book.
      const shipped = under.all(lot).reduce((sum, { doc, units }) => sum + (despatched(doc) ? units : 0), 0)
      return Math.max(0, (inTransit.get(lot, transitTo(node)) ?? 0) + shipped)
    },
  }
}

/** The number a node gives a despatch that has none; `mark` sets it apart from its others. */
export const despatchNumber = (node: NodeId, mark: string): string => `DA-${node}-${mark}`

/** Whether a document is a despatch of this county, heard of or not: a receipt may be seen before its shipment [ledger-and-sync 1.3]. */
const isDespatchNumber = (doc: string): boolean => /^DA-[a-z][a-z0-9-]{1,31}-[0-9A-F]{10}$/.test(doc)
