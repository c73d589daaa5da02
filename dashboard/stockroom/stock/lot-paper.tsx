import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { MovementLine } from '../movements/line.tsx'
import { LotLine } from '../parts/lot-line.tsx'
import { Paper } from '../parts/paper.tsx'
import { useNodePages } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** One lot's card: what is here and what happened to it here. */
export const LotPaper = ({ row, onClose }: { readonly row: StockRow; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const pages = useNodePages('movements', { lot: row.lot, limit: 50 })
  return (
    <Paper title={nameIn(row.itemName, language)} onClose={onClose} testId="lot-paper">
      <p className="lot-told">
        <LotLine row={row} />
      </p>
      <h3>{say('stock.history')}</h3>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={4} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('movements.none')} />}
      <ul className="movement-lines">
        {pages.rows?.map((movement) => (
          <MovementLine key={`${movement.entry}#${movement.line}`} row={movement} brief />
        ))}
      </ul>
      {pages.more && (
        <button type="button" className="wide-button quiet" onClick={pages.more}>
          {say('page.more')}
        </button>
      )}
    </Paper>
  )
}
