import type { DocumentRow } from '@lotkeeper/protocol/api/views.ts'
import { HUB } from '@lotkeeper/protocol/names.ts'
import { Checkbox } from 'antd'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages, useSites } from '../county.ts'
import { LotLink, MomentCell } from '../parts/cells.tsx'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import './despatches.css'

/** What was sent to whom, and what came of it: the status follows from what both sides booked. */
export const DespatchesPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const open = choice['open'] === 'yes'
  const pages = useHubPages('documents', { limit: 50, ...(choice['site'] ? { site: choice['site'] } : {}), ...(open ? { open } : {}) })
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('despatches', { ...choice, ...next })
  return (
    <Sheet title={say('despatches.title')} hint={say('despatches.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
        <Checkbox checked={open} onChange={(event) => choose({ open: event.target.checked ? 'yes' : undefined })} data-testid="open-only">
          {say('despatches.open-only')}
        </Checkbox>
      </div>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={8} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('despatches.none')} hint={say('despatches.none-hint')} />}
      <ul className="despatches">
        {pages.rows?.map((row) => (
          <Despatch key={`${row.from} ${row.doc} ${row.to}`} row={row} />
        ))}
      </ul>
      <MoreRows pages={pages} />
    </Sheet>
  )
}

const Despatch = ({ row }: { readonly row: DocumentRow }) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const nameOf = (site: string): string => {
    const known = sites.get(site)
    if (site === HUB) return say('place.hub')
    return known ? nameIn(known.name, language) : site
  }
  return (
    <li className="despatch" data-testid="despatch" data-status={row.status}>
      <header>
        <b className="mono">{row.doc}</b>
        <span className="despatch-way">{say('despatches.way', { from: nameOf(row.from), to: nameOf(row.to) })}</span>
        <span className={`mark ${STATUS[row.status].mark}`}>
          <Icon name={STATUS[row.status].icon} size={16} />
          {say(`status.${row.status}`)}
        </span>
        <span className="despatch-at faint">
          <MomentCell at={row.at} />
        </span>
        <a className="sheet-link" href={hrefOf('labels', { doc: row.doc, to: row.to })} data-testid="to-labels">
          {say('labels.to-labels')}
        </a>
      </header>
      <DespatchLines row={row} />
    </li>
  )
}

const DespatchLines = ({ row }: { readonly row: DocumentRow }) => {
  const say = useSay()
  const { language } = useLanguage()
  // What the county announced was shipped by nobody it keeps books for.
  const shipped = row.lines.some((line) => line.shipped > 0)
  const sent = shipped ? 'shipped' : 'announced'
  return (
    <table className="despatch-lines">
      <thead>
        <tr>
          <th scope="col">{say('column.item')}</th>
          <th scope="col">{say('column.lot')}</th>
          <th scope="col" className="right">
            {say(`despatches.${sent}`)}
          </th>
          <th scope="col" className="right">
            {say('despatches.received')}
          </th>
        </tr>
      </thead>
      <tbody>
        {row.lines.map((line) => (
          <tr key={line.lot}>
            <td>{nameIn(line.itemName, language)}</td>
            <td>
              <LotLink lot={line.lot} number={line.lotNumber} />
            </td>
            <td className="right">
              {numberText(line[sent])} <small>{nameIn(line.unit, language)}</small>
            </td>
            <td className={`right ${line.received === line[sent] ? '' : 'despatch-differs'}`}>
              <b>{numberText(line.received)}</b> <small>{nameIn(line.unit, language)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const STATUS: Readonly<Record<DocumentRow['status'], { readonly icon: IconName; readonly mark: string }>> = {
  open: { icon: 'truck', mark: 'mark-way' },
  partly: { icon: 'near', mark: 'mark-near' },
  complete: { icon: 'ok', mark: 'mark-good' },
  over: { icon: 'warn', mark: 'mark-bad' },
  withdrawn: { icon: 'back', mark: 'mark-way' },
}
