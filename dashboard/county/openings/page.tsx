import type { OpeningRow } from '@lotkeeper/protocol/api/hub-openings.ts'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages } from '../county.ts'
import { Allowed } from '../may.tsx'
import { MomentCell } from '../parts/cells.tsx'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import { OpeningLines } from './lines.tsx'
import { WithdrawModal } from './withdraw.tsx'
import './openings.css'
import { Who } from '../parts/who.tsx'

/** What sites were told to take over of an old system, and what became of it. */
export const OpeningsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  // A keeper answers when he has looked at his shelves: a new minute is soon enough.
  useMinuteMs()
  const state = STATES.find((one) => one === choice['state'])
  const pages = useHubPages('openings', { limit: 50, ...(choice['site'] ? { site: choice['site'] } : {}), ...(state ? { state } : {}) })
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('openings', { ...choice, ...next })
  const states = STATES.map((value) => ({ value, label: say(`opening.${value}`) }))
  return (
    <Sheet title={say('openings.title')} hint={say('openings.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
        <Select
          value={state ?? ''}
          options={[{ value: '', label: say('openings.every') }, ...states]}
          onChange={(value) => choose({ state: value || undefined })}
          aria-label={say('openings.state')}
          data-testid="opening-state"
        />
        <a className="record-link openings-import" href={hrefOf('imports', { kind: 'openings' })}>
          <Icon name="upload" size={18} /> {say('openings.import')}
        </a>
      </div>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={8} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('openings.none')} hint={say('openings.none-hint')} />}
      <ul className="openings">
        {pages.rows?.map((row) => (
          <Opening key={row.act} row={row} />
        ))}
      </ul>
      <MoreRows pages={pages} />
    </Sheet>
  )
}

const Opening = ({ row }: { readonly row: OpeningRow }) => {
  const say = useSay()
  const { language } = useLanguage()
  const [shown, setShown] = useState(false)
  const [withdraws, setWithdraws] = useState(false)
  const { mark, icon } = LOOKS[row.state]
  return (
    <li className="opening" data-testid="opening" data-state={row.state} data-doc={row.doc}>
      <header>
        <b className="mono">{row.doc}</b>
        <span className="opening-site">{nameIn(row.siteName, language)}</span>
        <span className={`mark ${mark}`}>
          <Icon name={icon} size={16} />
          {say(`opening.${row.state}`)}
        </span>
        <span className="opening-facts faint">
          {say('openings.lines-n', { n: row.lines })}
          {row.counted && ` · ${say('openings.counted', { day: row.counted })}`} · {say('openings.told')} <MomentCell at={row.told.at} />
        </span>
      </header>
      <Said row={row} />
      <div className="opening-acts">
        <Button size="small" onClick={() => setShown(!shown)} aria-expanded={shown} data-testid="opening-show">
          {say(shown ? 'openings.hide' : 'openings.show')}
        </Button>
        {row.state === 'open' && (
          <Allowed route="withdrawOpening">
            <Button size="small" onClick={() => setWithdraws(true)} data-testid="opening-withdraw">
              {say('openings.withdraw')}
            </Button>
          </Allowed>
        )}
        {row.taken > 0 && <small className="faint">{say('openings.undo-hint')}</small>}
      </div>
      {shown && <OpeningLines act={row.act} />}
      {withdraws && <WithdrawModal row={row} onClose={() => setWithdraws(false)} />}
    </li>
  )
}

/** Who answered or withdrew it, when and why. */
const Said = ({ row }: { readonly row: OpeningRow }) => {
  const say = useSay()
  const { state, answered, withdrawn, taken, parts } = row
  const said = state === 'withdrawn' ? withdrawn : answered
  if (!said && state !== 'partly') return null
  return (
    <p className="opening-said">
      {said && (
        <>
          {said.reason && <span>{said.reason}</span>}
          <span className="faint">
            <Who id={said.actor ?? ''} /> <MomentCell at={said.at} />
          </span>
        </>
      )}
      {state === 'partly' && <span className="mark mark-near mark-plain">{say('openings.part-taken', { taken, parts })}</span>}
      {taken > 0 && withdrawn && <span className="mark mark-bad mark-plain">{say('openings.late')}</span>}
    </p>
  )
}

const STATES = ['open', 'taken', 'partly', 'refused', 'withdrawn'] as const satisfies readonly OpeningRow['state'][]
const LOOKS: Readonly<Record<OpeningRow['state'], { readonly icon: IconName; readonly mark: string }>> = {
  open: { icon: 'clock', mark: 'mark-way' },
  taken: { icon: 'ok', mark: 'mark-good' },
  partly: { icon: 'near', mark: 'mark-near' },
  refused: { icon: 'close', mark: 'mark-bad' },
  withdrawn: { icon: 'back', mark: 'mark-plain' },
}
