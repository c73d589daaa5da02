import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useNodePages } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** Picks an item of the catalogue, found by any word of it. */
export const PickItem = ({ onPick }: { readonly onPick: (item: ItemView) => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const [search, setSearch] = useState('')
  const pages = useNodePages('items', { limit: 100, ...(search.trim() ? { search: search.trim() } : {}) })
  return (
    <div className="pick">
      <SearchField value={search} onChange={setSearch} label={say('pick.search')} />
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={5} />}
      {pages.rows?.length === 0 && <EmptyNote title={say('pick.none')} hint={say('pick.none-hint')} />}
      <ul className="pick-rows">
        {pages.rows?.map((item) => (
          <li key={item.item}>
            <button type="button" onClick={() => onPick(item)} data-testid={`item-${item.item}`}>
              <b>{nameIn(item.name, language)}</b>
              <small>{item.model}</small>
              <Icon name="forward" size={22} />
            </button>
          </li>
        ))}
      </ul>
      {pages.more && (
        <button type="button" className="wide-button quiet" onClick={pages.more}>
          {say('page.more')}
        </button>
      )}
    </div>
  )
}

/** A search field with room for a thumb; Esc empties it. */
export const SearchField = ({
  value,
  onChange,
  label,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label: string
}) => (
  <label className="search-field" data-search>
    <Icon name="search" size={24} />
    <input
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onChange('')
      }}
      placeholder={label}
      aria-label={label}
      maxLength={100}
      autoComplete="off"
      data-testid="search"
    />
  </label>
)
