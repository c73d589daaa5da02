import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf, roomPlace } from '@lotkeeper/protocol/names.ts'
import { useState } from 'react'
import { PickStock, useChosenRow } from '../parts/pick-stock.tsx'
import { useNodeState, useRooms } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { CountPaper, type CountSubject } from './paper.tsx'

/** Counting: choose what lies on the shelf, say how many there are. What the books do not know may be counted too, against a book of nothing. */
export const CountPage = () => {
  const say = useSay()
  const chosen = useChosenRow()
  const rooms = useRooms()
  const node = useNodeState().value?.node
  const [found, setFound] = useState<CountSubject | null>(null)
  const subject = found ?? (chosen.row && subjectOf(chosen.row))
  return (
    <div className="work">
      <h1>{say('screen.count')}</h1>
      <PickStock
        hint={say('count.scan-hint')}
        may={isInRoom}
        onPick={chosen.pick}
        onElsewhere={(view) => node && setFound(foundSubject(view, roomPlace(node, rooms.first, 'available')))}
      />
      {subject && (
        <CountPaper
          key={`${subject.place} ${subject.lot}`}
          subject={subject}
          onClose={() => {
            setFound(null)
            chosen.drop()
          }}
        />
      )}
    </div>
  )
}

const isInRoom = (row: StockRow): boolean => placeOf(row.place)?.room != null
const subjectOf = (row: StockRow): CountSubject => ({ ...row, book: row.units })

const foundSubject = (view: ScanView, place: string): CountSubject | null =>
  view.item && view.lot !== null
    ? { lot: view.lot, place, lotNumber: view.lotNumber ?? '-', itemName: view.item.name, unit: view.item.unit, book: 0 }
    : null
