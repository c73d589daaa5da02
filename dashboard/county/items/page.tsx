import type { HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import { Button, Select } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { type RowOf, useHubPages } from '../county.ts'
import { Allowed } from '../may.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { NEW } from '../records/drawer.tsx'
import { RecordName } from '../records/record-name.tsx'
import { RetiredPick, retiredAsked } from '../records/retired-pick.tsx'
import { ValidityMark } from '../records/validity.tsx'
import { type CountySay, useSay } from '../words.ts'
import { ItemDrawer } from './drawer.tsx'
import './items.css'

/** The county's items: what a code stands for, how it is packed, under which papers, and who changed it when. */
export const ItemsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('items', { ...choice, ...next })
  const pages = useHubPages('items', { limit: 200, ...askedBy(choice) })
  return (
    <Sheet
      title={say('items.title')}
      hint={say('items.hint')}
      className="list-sheet"
      aside={
        <Allowed route="createItem">
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => choose({ item: NEW })} data-testid="item-open">
            {say('items.new')}
          </Button>
        </Allowed>
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
            ...CLASSES.map((value) => ({ value, label: value === 'none' ? say('items.no-class') : say('class.of', { class: value }) })),
          ]}
          data-testid="items-class"
        />
        <Select
          value={choice['paper'] ?? ''}
          aria-label={say('column.validity')}
          onChange={(value) => choose({ paper: value })}
          options={[
            { value: '', label: say('items.any-paper') },
            ...PERMITS.map((value) => ({ value, label: say(`items.paper-${value}`) })),
          ]}
          data-testid="items-permit"
        />
        <RetiredPick value={choice['retired']} onPick={(retired) => choose({ retired })} />
      </div>
      <Rows
        name="items"
        label={say('items.title')}
        columns={itemColumns(say, choice)}
        rows={pages.rows}
        keyOf={(row) => row.item}
        pages={pages}
        empty={<EmptyNote title={say('items.none')} hint={say('items.none-hint')} />}
      />
      <ItemDrawer id={choice['item'] ?? null} di={choice['di']} onClose={() => choose({ item: undefined, di: undefined })} />
    </Sheet>
  )
}

/** What the address says, as the hub is asked; what it does not know is left out. */
const askedBy = (choice: Choice): HubQuery<'items'> => {
  const wanted = CLASSES.find((one) => one === choice['class'])
  const permit = PERMITS.find((one) => one === choice['paper'])
  return {
    ...(choice['search'] ? { search: choice['search'] } : {}),
    ...(wanted ? { class: wanted } : {}),
    ...(permit ? { permit } : {}),
    ...retiredAsked(choice),
  }
}

type Choice = Readonly<Record<string, string>>
type Row = RowOf<'items'>
const itemColumns = (say: CountySay, choice: Choice): readonly Column<Row>[] => [
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
  { id: 'state', title: say('items.papers'), width: 'minmax(150px, 1fr)', cell: (row) => <PaperCell item={row} /> },
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

/** The certificate; and how the worst of its permits stands, where one ended or ends soon. */
const PaperCell = ({ item: { certificate, permit, manufacturer } }: { readonly item: Row }) => {
  const say = useSay()
  const mark = permit && <ValidityMark validity={permit} />
  if (certificate === undefined) return mark && manufacturer ? mark : <span className="faint">{say('items.paper-none')}</span>
  return (
    <a className="paper-cell" href={hrefOf('certificates', { id: certificate })}>
      {mark ?? <small className="mono">{certificate}</small>}
    </a>
  )
}

const PacksCell = ({ item }: { readonly item: Row }) => {
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

const CLASSES = ['I', 'II', 'III', 'none'] as const
const PERMITS = ['ended', 'ending', 'valid', 'none'] as const
