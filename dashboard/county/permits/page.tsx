import { Segmented } from 'antd'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { type RowOf, useHubPages } from '../county.ts'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { toneOf, ValidityMark } from '../records/validity.tsx'
import { useSay } from '../words.ts'
import './permits.css'

/** Licences and certificates that ended or end soon, worst first, with whom and what they concern. */
export const PermitsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const within = SPANS.find((days) => String(days) === choice['within']) ?? SEASON
  const pages = useHubPages('permits', { within, limit: 100 })
  return (
    <Sheet title={say('permits.title')} hint={say('permits.hint')} className="list-sheet">
      <div className="filters">
        <Segmented
          value={within}
          onChange={(days) => replaceChoice('permits', { within: String(days) })}
          options={SPANS.map((value) => ({ value, label: value === 0 ? say('permits.ended') : say('permits.within', { n: value }) }))}
        />
        <ul className="permit-legend">
          {LEGEND.map(([tone, icon]) => (
            <li key={tone} className={`permit-${tone}`}>
              <Icon name={icon} size={16} />
              {say(`permits.${tone}`)}
            </li>
          ))}
        </ul>
      </div>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={8} />}
      {pages.rows?.length === 0 && !pages.more && <EmptyNote title={say('permits.none')} hint={say('permits.none-hint')} />}
      <ul className="permit-lines">
        {pages.rows?.map((row) => (
          <PermitLine key={`${row.is} ${row.id} ${row.kind} ${row.number}`} row={row} />
        ))}
      </ul>
      <MoreRows pages={pages} />
    </Sheet>
  )
}

const PermitLine = ({ row }: { readonly row: RowOf<'permits'> }) => {
  const say = useSay()
  const { language } = useLanguage()
  const tone = toneOf(row.validity)
  return (
    <li className={`permit-line permit-edge-${tone}`} data-testid="permit" data-validity={tone}>
      <ValidityMark validity={row.validity} />
      <span className="permit-words">
        <span>
          <b>{row.kind === null ? say('permits.certificate') : say(`licence.${row.kind}`)}</b>{' '}
          <a
            className="record-link"
            href={hrefOf(row.is === 'licence' ? 'parties' : 'certificates', { id: row.id })}
            data-testid="permit-open"
          >
            {row.number}
          </a>
        </span>
        <small className="soft">
          {row.party && <a href={hrefOf('parties', { id: row.party.id })}>{nameIn(row.party.name, language)}</a>}
          {row.party && ' · '}
          {say('permits.until', { day: row.until })}
        </small>
        {row.itemsInAll > 0 && (
          <small className="permit-items">
            <span className="faint">{say('permits.items', { n: row.itemsInAll })}</span>
            {row.items.map((item) => (
              <a key={item.id} href={hrefOf('items', { item: item.id })}>
                {nameIn(item.name, language)}
              </a>
            ))}
            {row.itemsInAll > row.items.length && <span className="faint">…</span>}
          </small>
        )}
      </span>
    </li>
  )
}

/** Spans one may look at; 0 is what ended, or ends today. */
const SPANS: readonly number[] = [0, 7, 30, 90, 365]
const SEASON = 90
const LEGEND = [
  ['ended', 'expired'],
  ['week', 'near'],
  ['month', 'near'],
  ['season', 'near'],
] as const satisfies readonly (readonly [string, IconName])[]
