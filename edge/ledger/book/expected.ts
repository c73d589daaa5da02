import { type LotKey, type NodeId, transitTo } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { Book, ExpectedRow } from '../contract.ts'

/** What is on its way to the node: by despatch advices, and by registrations of tags. */
export const openExpected = (db: Database, node: NodeId): Pick<Book, 'announced' | 'announcedUnder' | 'expected' | 'despatched'> => {
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
  const announced = (lot: LotKey) => {
    // The sending half of a shipment stands in the sender's stream, so what came of it lies below zero in this node's book.
    const shipped = under.all(lot).reduce((sum, { doc, units }) => sum + (despatched(doc) ? units : 0), 0)
    return Math.max(0, (inTransit.get(lot, transitTo(node)) ?? 0) + shipped)
  }
  const registered = db.prepare<[string], { readonly doc: string; readonly units: number }>(
    `select doc, sum(registered) as units from tag where lot = ? and place is null and doc is not null group by doc order by doc`,
  )
  return {
    despatched,
    expected: () => rows.all(),
    announced,
    announcedUnder: (lot) => {
      const left = announced(lot)
      const papers = registered.all(lot).filter(({ doc }) => !despatched(doc))
      const sum = papers.reduce((units, paper) => units + paper.units, 0)
      const [only] = papers
      // Packs that came in by a scan do not say under which paper: where several are open, nobody knows what is left of each.
      const told = sum <= left ? papers : papers.length === 1 && only && left > 0 ? [{ ...only, units: left }] : []
      const rest = left - told.reduce((units, paper) => units + paper.units, 0)
      return rest > 0 ? [...told, { doc: null, units: rest }] : told
    },
  }
}

/** The number a node gives a despatch that has none; `mark` sets it apart from its others. */
export const despatchNumber = (node: NodeId, mark: string): string => `DA-${node}-${mark}`

/** Whether a document is a despatch of this county, heard of or not: a receipt may be seen before its shipment [ledger-and-sync 1.3]. */
const isDespatchNumber = (doc: string): boolean => /^DA-[a-z][a-z0-9-]{1,31}-[0-9A-F]{10}$/.test(doc)
