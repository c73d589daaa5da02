import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf } from '../../parts/route.ts'
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
      <LotActs row={row} />
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

/** What may be done with this lot here, a touch away; the rarer acts know it from the address. */
const LotActs = ({ row }: { readonly row: StockRow }) => {
  const say = useSay()
  const available = placeOf(row.place)?.state === 'available' && row.units > 0
  const acts = [
    { to: 'count', icon: 'count', may: true },
    { to: 'move', icon: 'place', may: row.units > 0 },
    { to: 'ship', icon: 'upload', may: available },
    { to: 'transform', icon: 'transform', may: available },
    { to: 'scrap', icon: 'erase', may: row.units > 0 },
    { to: 'tags', icon: 'tag', may: row.units > 0 },
  ] as const
  return (
    <nav className="lot-acts">
      {acts
        .filter((act) => act.may)
        .map((act) => (
          <a key={act.to} href={hrefOf(act.to, { lot: row.lot, place: row.place })} data-testid={`lot-${act.to}`}>
            <Icon name={act.icon} size={26} />
            {say(`screen.${act.to}`)}
          </a>
        ))}
    </nav>
  )
}
