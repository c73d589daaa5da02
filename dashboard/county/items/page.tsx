import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { Button } from 'antd'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages } from '../county.ts'
import { ItemCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { type CountySay, useSay } from '../words.ts'
import { NewItemDrawer } from './new-item.tsx'

/** The county's items: what a code stands for, how many base units a pack holds, when its alarms ring. */
export const ItemsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const [creating, setCreating] = useState(false)
  const pages = useHubPages('items', { limit: 100, ...(choice['search'] ? { search: choice['search'] } : {}) })
  return (
    <Sheet
      title={say('items.title')}
      hint={say('items.hint')}
      className="list-sheet"
      aside={
        <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setCreating(true)} data-testid="item-open">
          {say('items.new')}
        </Button>
      }
    >
      <div className="filters">
        <SearchBox
          value={choice['search'] ?? ''}
          onSearch={(search) => replaceChoice('items', { search })}
          placeholder={say('items.search')}
        />
      </div>
      <Rows
        name="items"
        label={say('items.title')}
        columns={itemColumns(say)}
        rows={pages.rows}
        keyOf={(row) => row.item}
        pages={pages}
        empty={<EmptyNote title={say('items.none')} hint={say('items.none-hint')} />}
      />
      <NewItemDrawer open={creating} onClose={() => setCreating(false)} onCreated={pages.renew} />
    </Sheet>
  )
}

const itemColumns = (say: CountySay): readonly Column<ItemView>[] => [
  { id: 'item', title: say('column.item'), width: 'minmax(200px, 2fr)', cell: (row) => <ItemCell name={row.name} code={row.item} /> },
  { id: 'model', title: say('column.model'), width: 'minmax(100px, 1fr)', cell: (row) => row.model || say('page.nothing') },
  { id: 'packs', title: say('column.packs'), width: 'minmax(240px, 2.4fr)', cell: (row) => <PacksCell item={row} /> },
  {
    id: 'near',
    title: say('column.near-days'),
    width: '140px',
    cell: (row) => (row.nearDays.length === 0 ? say('page.nothing') : row.nearDays.join(' / ')),
  },
  {
    id: 'open',
    title: '',
    width: '92px',
    right: true,
    cell: (row) => (
      <a className="sheet-link" href={hrefOf('stock', { item: row.item })}>
        {say('items.to-stock')}
      </a>
    ),
  },
]

const PacksCell = ({ item }: { readonly item: ItemView }) => {
  const { language } = useLanguage()
  return (
    <span className="packs-cell">
      {item.packs.map((pack) => (
        <span key={pack.pack}>
          <b>{pack.pack}</b> = {numberText(pack.units)} {nameIn(item.unit, language)}
          {pack.gtin && <small className="mono faint"> {pack.gtin}</small>}
        </span>
      ))}
    </span>
  )
}
