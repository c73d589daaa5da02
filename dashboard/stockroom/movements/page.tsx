import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { LevelLegend } from '../../parts/level.tsx'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { LinkLevels } from '../frame/link.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonForm } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useNodePages, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { MovementLine } from './line.tsx'

/** What was booked here, newest first, and the way to correct it: by reversal, with a reason. */
export const MovementsPage = () => {
  const say = useSay()
  const pages = useNodePages('movements', { limit: 50 })
  const [reversing, setReversing] = useState<MovementRow | null>(null)
  return (
    <div className="work">
      <h1>{say('screen.movements')}</h1>
      <LinkLevels />
      <LevelLegend />
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={8} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('movements.none')} hint={say('movements.none-hint')} />}
      <ul className="movement-lines sheet">
        {pages.rows?.map((row) => (
          <MovementLine key={`${row.entry}#${row.line}`} row={row} onReverse={mayReverse(row) ? () => setReversing(row) : undefined} />
        ))}
      </ul>
      {pages.more && (
        <button type="button" className="wide-button quiet" onClick={pages.more}>
          {say('page.more')}
        </button>
      )}
      {reversing && <ReversePaper row={reversing} onClose={() => setReversing(null)} />}
    </div>
  )
}

const ReversePaper = ({ row, onClose }: { readonly row: MovementRow; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const reverse = useBooking('reverse')
  const send = async (reason: string): Promise<void> => {
    const answer = await reverse.send({ entry: row.entry, reason })
    if (!answer?.ok) return
    booked({ words: say('movements.reversed', { item: nameIn(row.itemName, language) }), entries: [] })
    onClose()
  }
  return (
    <Paper title={say('movements.reverse-title')} onClose={onClose} testId="reverse-paper">
      <ul className="movement-lines">
        <MovementLine row={row} />
      </ul>
      <p className="soft">{say('movements.reverse-hint')}</p>
      {reverse.trouble && <TroubleNote trouble={reverse.trouble} />}
      <ReasonForm onReason={(reason) => void send(reason)} label={say('movements.reverse-book')} />
    </Paper>
  )
}

/** One button an entry, on its first line; a reversal is not reversed, it is booked anew. */
const mayReverse = (row: MovementRow): boolean => row.line === 0 && row.reversedBy === null && row.reverses === null && row.site !== 'hub'
