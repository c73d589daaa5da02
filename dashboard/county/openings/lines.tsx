import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages } from '../county.ts'
import { LotLink, PlaceCell } from '../parts/cells.tsx'
import { useSay } from '../words.ts'

/** The lots of one opening balance, page by page; those that stand on the books bear a tick. */
export const OpeningLines = ({ act }: { readonly act: string }) => {
  const say = useSay()
  const { language } = useLanguage()
  const pages = useHubPages('openingLines', { act, limit: 100 })
  if (!pages.rows) return pages.trouble ? <TroubleNote trouble={pages.trouble} again={pages.renew} /> : <Waiting rows={4} />
  return (
    <>
      <table className="opening-table">
        <thead>
          <tr>
            <th scope="col">{say('column.item')}</th>
            <th scope="col">{say('column.lot')}</th>
            <th scope="col">{say('column.expiry')}</th>
            <th scope="col">{say('column.place')}</th>
            <th scope="col">{say('openings.supplier')}</th>
            <th scope="col" className="right">
              {say('column.units')}
            </th>
          </tr>
        </thead>
        <tbody>
          {keyed(pages.rows).map(({ key, line }) => (
            <tr key={key} data-testid="opening-line">
              <td>{nameIn(line.itemName, language)}</td>
              <td>{line.taken ? <LotLink lot={line.lot} number={line.lotNumber} /> : <span className="mono">{line.lotNumber}</span>}</td>
              <td>{line.expiry ?? say('openings.not-said')}</td>
              <td>
                <PlaceCell place={line.place} />
              </td>
              <td>{line.supplierName ? nameIn(line.supplierName, language) : say('openings.not-said')}</td>
              <td className="right">
                {line.taken && <Icon name="ok" size={14} />} <b>{numberText(line.units)}</b> <small>{nameIn(line.unit, language)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages.more && (
        <button type="button" className="plain-button" onClick={pages.more} disabled={pages.asking}>
          {say(pages.asking ? 'page.loading' : 'page.more')}
        </button>
      )}
    </>
  )
}

type Line = HubAnswer<'openingLines'>['rows'][number]

/** Two rows of an old system may say the same: their place in the list, which never changes, tells them apart. */
const keyed = (lines: readonly Line[]) => lines.map((line, at) => ({ line, key: `${line.part} ${at}` }))
