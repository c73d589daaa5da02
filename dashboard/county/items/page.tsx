import type { ValidityView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { Button, Select } from 'antd'
import { useMemo } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useHubPages } from '../county.ts'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { NEW } from '../records/drawer.tsx'
import { RecordName } from '../records/record-name.tsx'
import { RetiredPick } from '../records/retired-pick.tsx'
import { ValidityMark } from '../records/validity.tsx'
import { type CountySay, useSay } from '../words.ts'
import { ItemDrawer } from './drawer.tsx'
import { belongs, type PaperState } from './filter.ts'
import './items.css'

/** The county's items: what a code stands for, how it is packed, under which papers, and who changed it when. */
export const ItemsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('items', { ...choice, ...next })
  const pages = useHubPages('items', { limit: 200, ...(choice['search'] ? { search: choice['search'] } : {}) })
  const states = useCertificateStates()
  const rows = pages.rows?.filter((row) => belongs(row, choice, states))
  return (
    <Sheet
      title={say('items.title')}
      hint={say('items.hint')}
      className="list-sheet"
      aside={
        <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => choose({ item: NEW })} data-testid="item-open">
          {say('items.new')}
        </Button>
      }
    >
      <div className="filters">
        <SearchBox value={choice['search'] ?? ''} onSearch={(search) => choose({ search })} placeholder={say('items.search')} />
        <Select
          value={choice['class'] ?? ''}
          aria-label={say('field.class')}
          onChange={(value) => choose({ class: value })}
          options={[
            { value: '', label: say('items.any-class') },
            ...(['I', 'II', 'III'] as const).map((value) => ({ value, label: say('class.of', { class: value }) })),
            { value: 'none', label: say('items.no-class') },
          ]}
        />
        <Select
          value={choice['paper'] ?? ''}
          aria-label={say('column.validity')}
          onChange={(value) => choose({ paper: value })}
          options={[
            { value: '', label: say('items.any-paper') },
            ...PAPER_STATES.map((value) => ({ value, label: say(`items.paper-${value}`) })),
          ]}
        />
        <RetiredPick value={choice['retired']} onPick={(retired) => choose({ retired })} />
      </div>
      <Rows
        name="items"
        label={say('items.title')}
        columns={itemColumns(say, choice, states)}
        rows={rows}
        keyOf={(row) => row.item}
        pages={pages}
        empty={pages.more || pages.asking ? <Waiting rows={4} /> : <EmptyNote title={say('items.none')} hint={say('items.none-hint')} />}
      />
      <ItemDrawer id={choice['item'] ?? null} di={choice['di']} onClose={() => choose({ item: undefined, di: undefined })} />
    </Sheet>
  )
}

/** Certificates that ended or end within a season, by their ids: whatever is not among them holds. */
const useCertificateStates = (): ReadonlyMap<string, ValidityView> => {
  const { value } = useHub('permits', { within: 90, limit: 500 })
  return useMemo(
    () => new Map((value?.rows ?? []).flatMap((row) => (row.is === 'certificate' ? [[row.id, row.validity] as const] : []))),
    [value],
  )
}

type Choice = Readonly<Record<string, string>>
const itemColumns = (say: CountySay, choice: Choice, states: ReadonlyMap<string, ValidityView>): readonly Column<ItemView>[] => [
  {
    id: 'item',
    title: say('column.item'),
    width: 'minmax(200px, 2fr)',
    cell: (row) => <RecordName name={row.name} id={row.item} retired={row.retired} href={hrefOf('items', { ...choice, item: row.item })} />,
  },
  { id: 'model', title: say('column.model'), width: 'minmax(100px, 1fr)', cell: (row) => row.model || say('page.nothing') },
  {
    id: 'kind',
    title: say('field.class'),
    width: '76px',
    cell: (row) => (row.class ? say('class.of', { class: row.class }) : <span className="faint">{say('page.nothing')}</span>),
  },
  { id: 'packs', title: say('column.packs'), width: 'minmax(200px, 2fr)', cell: (row) => <PacksCell item={row} /> },
  { id: 'state', title: say('field.certificate'), width: 'minmax(150px, 1fr)', cell: (row) => <PaperCell item={row} states={states} /> },
  {
    id: 'open',
    title: '',
    width: '76px',
    right: true,
    cell: (row) => (
      <a className="sheet-link" href={hrefOf('stock', { item: row.item })}>
        {say('items.to-stock')}
      </a>
    ),
  },
]

const PaperCell = ({ item, states }: { readonly item: ItemView; readonly states: ReadonlyMap<string, ValidityView> }) => {
  const say = useSay()
  if (item.certificate === undefined) return <span className="faint">{say('items.paper-none')}</span>
  const validity = states.get(item.certificate)
  return (
    <a className="paper-cell" href={hrefOf('certificates', { id: item.certificate })}>
      {validity ? <ValidityMark validity={validity} /> : <small className="mono">{item.certificate}</small>}
    </a>
  )
}

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

const PAPER_STATES: readonly PaperState[] = ['ended', 'ending', 'holds', 'none']
