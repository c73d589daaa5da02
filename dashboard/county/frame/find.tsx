import type { FindHit } from '@lotkeeper/protocol/api/hub-find.ts'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf } from '../../parts/route.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useHub } from '../county.ts'
import { useSay } from '../words.ts'
import './find.css'

/** Find anything from anywhere: `/` leads here, arrows choose, Enter opens, Esc leaves; each hit says why it is one. */
export const FindBox = () => {
  const say = useSay()
  const input = useRef<HTMLInputElement>(null)
  const list = useId()
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(0)
  const [entered, setEntered] = useState(false)
  const wish = usePaused(typed.trim(), entered)
  const found = useHub('find', wish === '' ? null : { text: wish, limit: HITS })
  const rows = wish === '' ? [] : (found.value?.rows ?? [])
  const goTo = useOpenHit()
  useSlash(input, setOpen)
  const leave = (): void => {
    setOpen(false)
    setEntered(false)
    setTyped('')
    input.current?.blur()
  }
  const choose = (hit: FindHit | undefined): void => {
    if (!hit) return
    leave()
    void goTo(hit)
  }
  // Who types fast, or scans, is done before there is an answer: Enter waits for it, and opens no hit of what stood there before.
  const isAnswered = wish === typed.trim() && (found.value !== undefined || found.trouble !== null)
  useEffect(() => {
    if (!entered || !isAnswered) return
    setEntered(false)
    choose(rows[at])
  })
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') leave()
    else if (event.key === 'Enter') setEntered(typed.trim() !== '')
    else if (event.key === 'ArrowDown') setAt(Math.min(rows.length - 1, at + 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1))
    else return
    event.preventDefault()
  }
  return (
    <div className={open ? 'find find-open' : 'find'}>
      <button type="button" className="quiet-button find-button" aria-label={say('find.open')} onClick={() => focusOn(input, setOpen)}>
        <Icon name="search" />
      </button>
      <div className="find-field">
        <Icon name="search" size={16} />
        <input
          ref={input}
          value={typed}
          maxLength={300}
          placeholder={say('find.hint')}
          aria-label={say('find.open')}
          role="combobox"
          aria-expanded={open && wish !== ''}
          aria-controls={list}
          aria-activedescendant={rows[at] ? `${list}-${at}` : undefined}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.target.value)
            setAt(0)
            setEntered(false)
            setOpen(true)
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false)
            setEntered(false)
          }}
          onKeyDown={onKey}
          data-testid="find"
        />
        {typed === '' && <kbd>/</kbd>}
      </div>
      {open && wish !== '' && (
        <div className="find-list" id={list} role="listbox" tabIndex={-1} aria-label={say('find.open')}>
          {found.trouble && <TroubleNote trouble={found.trouble} />}
          {rows.map((hit, row) => (
            <Hit key={`${hit.is} ${hit.id}`} id={`${list}-${row}`} hit={hit} chosen={row === at} onChoose={() => choose(hit)} />
          ))}
          {!found.trouble && rows.length === 0 && <p className="find-none">{say(found.asking ? 'page.loading' : 'find.none')}</p>}
          {rows.length > 0 && <small className="find-keys">{say('find.keys')}</small>}
        </div>
      )}
    </div>
  )
}

const Hit = ({ id, hit, chosen, onChoose }: HitLine) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={chosen ? 'hit hit-chosen' : 'hit'}
      // Before the field loses its focus, which would take the list away under the pointer.
      onMouseDown={(event) => {
        event.preventDefault()
        onChoose()
      }}
      data-testid="hit"
      data-is={hit.is}
      ref={(element) => {
        if (chosen) element?.scrollIntoView({ block: 'nearest' })
      }}
    >
      <Icon name={HIT_ICONS[hit.is]} size={18} />
      <span className="hit-words">
        <b>{nameIn(hit.title, language)}</b>
        <small className="soft">{hit.detail}</small>
      </span>
      <small className="hit-why">
        {say(`find.is-${hit.is}`)} · {say('find.why', { in: say(`find.in-${hit.in}`), why: say(`find.why-${hit.why}`) })}
      </small>
    </div>
  )
}

interface HitLine {
  readonly id: string
  readonly hit: FindHit
  readonly chosen: boolean
  readonly onChoose: () => void
}

/** Where a hit leads. A tag leads to the lot it stands on. */
const useOpenHit = () => {
  const { hub } = useCounty()
  return async ({ is, id }: FindHit): Promise<void> => {
    const tag = is === 'tag' ? await hub.ask('tag', { query: { epc: id } }) : null
    window.location.hash = tag?.ok ? hrefOf('lot', { lot: tag.value.lot }) : HIT_PAGES[is](id)
  }
}

const HIT_PAGES: Readonly<Record<FindHit['is'], (id: string) => string>> = {
  item: (item) => hrefOf('items', { item }),
  lot: (lot) => hrefOf('lot', { lot }),
  tag: () => hrefOf('tags'),
  party: (id) => hrefOf('parties', { id }),
  certificate: (id) => hrefOf('certificates', { id }),
  device: (di) => hrefOf('reference', { di }),
}
const HIT_ICONS: Readonly<Record<FindHit['is'], IconName>> = {
  ...{ item: 'item', lot: 'journey', tag: 'tag', party: 'partner', certificate: 'permit', device: 'book' },
}

type Input = { readonly current: HTMLInputElement | null }
const focusOn = (input: Input, setOpen: (open: boolean) => void): void => {
  setOpen(true)
  // At once: whoever types on must not lose letters. On a telephone the field is drawn only once it is open.
  input.current?.focus()
  requestAnimationFrame(() => input.current?.focus())
}

const useSlash = (input: Input, setOpen: (open: boolean) => void): void => {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const target = event.target as HTMLElement
      if (event.key !== '/' || event.ctrlKey || event.metaKey || target.matches('input, textarea, select, [contenteditable]')) return
      event.preventDefault()
      focusOn(input, setOpen)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [input, setOpen])
}

/** The text once it has stood for a moment, or at once. */
const usePaused = (text: string, atOnce: boolean): string => {
  const [paused, setPaused] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), text === '' || atOnce ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, atOnce])
  return paused
}

const HITS = 12
const PAUSE_MS = 120
