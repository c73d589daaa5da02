import type { HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { Segmented, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import type { Pages } from '../../parts/pages.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useHubPages } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import { Answering, type Asking } from './answering.tsx'
import { DeskDetail } from './detail.tsx'
import { type DeskAct, deskActOf } from './keys.ts'
import { DeskLine } from './line.tsx'
import { type Narrowed, useDeskCounts } from './use-desk.ts'
import './desk.css'

/** The desk of what nodes met while nobody could be asked: a list, one of it opened beside, and its answer by mouse or by keys. */
export const DeskPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose: Choose = (next) => replaceChoice('desk', { ...choice, ...next })
  const narrowed = narrowedBy(choice)
  const state = STATES.find((one) => one === choice['state']) ?? 'open'
  const pages = useHubPages('provisionals', { limit: 20, state, ...narrowed })
  const counts = useDeskCounts(narrowed).value?.counts
  const rows = pages.rows ?? []
  const opened = useOpened(rows, choice['entry'])
  const [asking, setAsking] = useState<Asking | null>(null)
  const beside = (by: 1 | -1) => rows[rows.findIndex(({ entry }) => entry === opened.one?.entry) + by]
  const isHere = useIsHere()
  const onDecided = (): void => {
    // Whoever went elsewhere while it was sent stays there.
    if (!isHere.current) return
    setAsking(null)
    pages.renew()
    choose({ entry: (beside(1) ?? beside(-1))?.entry })
  }
  const act = (told: DeskAct): void => {
    if (told.act === 'go') choose({ entry: beside(told.by)?.entry ?? opened.one?.entry })
    else setAsking(told.act === 'candidate' ? askingBy(opened.one?.suggestions[told.at]) : { answer: told.act })
  }
  useDeskKeys(asking === null, opened.one, act)
  return (
    <Sheet title={say('desk.title')} hint={say('desk.hint')} className={`list-sheet desk ${choice['entry'] ? 'desk-one' : ''}`}>
      <DeskFilters choice={choice} state={state} counts={counts} onChoose={choose} />
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {opened.trouble && <TroubleNote trouble={opened.trouble} />}
      {!pages.rows && !pages.trouble && <Waiting rows={8} />}
      {pages.rows && rows.length === 0 && !opened.one && (
        <EmptyNote title={say(`desk.none-${state}`)} hint={say(state === 'open' ? 'desk.none-hint' : 'desk.none-other')} />
      )}
      <div className="desk-both">
        {rows.length > 0 && (
          <DeskList pages={pages} chosen={opened.one?.entry} hasNews={state === 'open' && hasNews(pages, counts)} onChoose={choose} />
        )}
        {opened.one && (
          <article className="desk-open">
            <button type="button" className="quiet-button desk-back" onClick={() => choose({ entry: undefined })} data-testid="desk-back">
              <Icon name="back" size={18} />
              {say('desk.back')}
            </button>
            <DeskDetail
              key={opened.one.entry}
              one={opened.one}
              onAnswer={(answer) => setAsking({ answer })}
              onTake={(suggestion) => setAsking(askingBy(suggestion))}
              onDecided={onDecided}
            />
          </article>
        )}
      </div>
      {opened.one && asking && <Answering one={opened.one} asking={asking} onClose={() => setAsking(null)} onDecided={onDecided} />}
    </Sheet>
  )
}

type Choice = Readonly<Record<string, string>>
type Choose = (next: Readonly<Record<string, string | undefined>>) => void
type Counts = Readonly<Record<ProvisionalView['state'], number>>

const DeskFilters = ({ choice, state, counts, onChoose }: FiltersLine) => {
  const say = useSay()
  return (
    <div className="filters">
      <Segmented
        value={state}
        onChange={(value) => onChoose({ state: value === 'open' ? undefined : value, entry: undefined })}
        options={STATES.map((value) => ({
          value,
          label: `${say(`desk.state-${value}`)}${counts ? ` ${numberText(counts[value])}` : ''}`,
        }))}
        data-testid="desk-states"
      />
      <SitePick value={choice['site']} onPick={(site) => onChoose({ site, entry: undefined })} />
      <Select
        value={choice['kind'] ?? ''}
        aria-label={say('desk.kind')}
        onChange={(kind) => onChoose({ kind, entry: undefined })}
        options={(['', 'item', 'lot', 'tag'] as const).map((value) => ({
          value,
          label: say(value === '' ? 'desk.any-kind' : `desk.${value}`),
        }))}
        data-testid="desk-kind"
      />
    </div>
  )
}

interface FiltersLine {
  readonly choice: Choice
  readonly state: (typeof STATES)[number]
  readonly counts: Counts | undefined
  readonly onChoose: Choose
}

const DeskList = ({ pages, chosen, hasNews: news, onChoose }: ListLine) => {
  const say = useSay()
  return (
    <nav className="desk-list" aria-label={say('desk.title')}>
      {news && (
        <button type="button" className="new-rows" onClick={pages.renew} data-testid="desk-news">
          {say('desk.news')}
        </button>
      )}
      <ul>
        {pages.rows?.map((one) => (
          <DeskLine key={one.entry} one={one} chosen={one.entry === chosen} onChoose={() => onChoose({ entry: one.entry })} />
        ))}
      </ul>
      {pages.more && (
        <button type="button" className="plain-button desk-more" onClick={pages.more} disabled={pages.asking} data-testid="desk-more">
          {say(pages.asking ? 'page.loading' : 'page.more')}
        </button>
      )}
      <small className="faint desk-keys">{say('desk.keys')}</small>
    </nav>
  )
}

interface ListLine {
  readonly pages: Pages<ProvisionalView>
  readonly chosen: string | undefined
  /** More or fewer wait by now than are listed. */
  readonly hasNews: boolean
  readonly onChoose: Choose
}

const STATES = ['open', 'conflict', 'redirected', 'confirmed'] as const

/** A record of the county is what it is; one of the public database is what a new record is begun from. */
const askingBy = (suggestion: ProvisionalView['suggestions'][number] | undefined): Asking | null => {
  if (!suggestion) return null
  return suggestion.is === 'device' ? { answer: 'confirm', di: suggestion.id } : { answer: 'redirect', to: suggestion }
}

const narrowedBy = (choice: Choice): Narrowed => {
  const kind = (['item', 'tag', 'lot'] as const).find((one) => one === choice['kind'])
  return {
    ...(choice['site'] ? { site: choice['site'] } : {}),
    ...(kind ? { kind } : {}),
  }
}

/** What stands opened: the one of the address, though it be on no page of this list; else the first. */
const useOpened = (rows: readonly ProvisionalView[], entry: string | undefined) => {
  const listed = entry === undefined ? rows[0] : rows.find((one) => one.entry === entry)
  const query: HubQuery<'provisionals'> | null = listed || entry === undefined ? null : { entry, limit: 1 }
  const asked = useHub('provisionals', query)
  return { one: listed ?? asked.value?.rows[0], trouble: asked.trouble }
}

const hasNews = ({ rows, more, asking }: Pages<ProvisionalView>, counts: Counts | undefined): boolean =>
  !asking && more === null && counts !== undefined && rows !== undefined && rows.length !== counts.open

const useIsHere = (): { readonly current: boolean } => {
  const isHere = useRef(true)
  useEffect(() => {
    isHere.current = true
    return () => {
      isHere.current = false
    }
  }, [])
  return isHere
}

/** Keys of the desk, where nobody is typing and nothing lies over it. */
const useDeskKeys = (isOn: boolean, one: ProvisionalView | undefined, act: (told: DeskAct) => void): void => {
  const latest = useRef({ one, act })
  latest.current = { one, act }
  useEffect(() => {
    if (!isOn) return
    const listen = (event: KeyboardEvent): void => {
      const { target } = event
      if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof Element && target.closest(TYPED))) return
      const told = deskActOf(event.key, latest.current.one)
      if (!told) return
      event.preventDefault()
      latest.current.act(told)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [isOn])
}
const TYPED = 'input, textarea, select, [contenteditable], [role="combobox"], [role="dialog"], .ant-modal, .ant-select-dropdown'
