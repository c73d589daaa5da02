import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useSay } from '../words.ts'

/** A lot as a keeper reads it off a box: number, last day, how long still, how many. */
export const LotLine = ({ row, first = false }: { readonly row: StockRow; readonly first?: boolean }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <span className="lot-line">
      <span className="lot-number">
        {row.lotNumber}
        {first && <span className="mark mark-brand first-mark">{say('stock.first-out')}</span>}
      </span>
      <span className="lot-date">
        {row.expiry ?? say('stock.no-expiry')} <ExpiryMark row={row} />
      </span>
      <span className="lot-units">
        <b>{numberText(row.units)}</b> {nameIn(row.unit, language)}
      </span>
    </span>
  )
}
