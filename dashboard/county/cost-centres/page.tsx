import type { CostCentreView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { Button } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHub, useHubPages, useSites } from '../county.ts'
import { Allowed } from '../may.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { NEW, RecordDrawer } from '../records/drawer.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { RecordName } from '../records/record-name.tsx'
import { RetiredPick, retiredAsked } from '../records/retired-pick.tsx'
import { SitePick } from '../stock/page.tsx'
import { type CountySay, useSay } from '../words.ts'
import { CostCentreFields } from './form.tsx'

/** Who pays for what is used. */
export const CostCentresPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('cost-centres', { ...choice, ...next })
  const pages = useHubPages('costCentres', {
    limit: 100,
    ...(choice['search'] ? { search: choice['search'] } : {}),
    ...(choice['site'] ? { site: choice['site'] } : {}),
    ...retiredAsked(choice),
  })
  return (
    <Sheet
      title={say('cost-centres.title')}
      hint={say('cost-centres.hint')}
      className="list-sheet"
      aside={
        <Allowed route="saveCostCentre">
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => choose({ id: NEW })} data-testid="cost-centre-new">
            {say('cost-centres.new')}
          </Button>
        </Allowed>
      }
    >
      <div className="filters">
        <SearchBox value={choice['search'] ?? ''} onSearch={(search) => choose({ search })} placeholder={say('cost-centres.search')} />
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
        <RetiredPick value={choice['retired']} onPick={(retired) => choose({ retired })} />
      </div>
      <Rows
        name="cost-centres"
        label={say('cost-centres.title')}
        columns={costCentreColumns(say, choice)}
        rows={pages.rows}
        keyOf={(row) => row.id}
        pages={pages}
        empty={<EmptyNote title={say('cost-centres.none')} hint={say('cost-centres.none-hint')} />}
      />
      <CostCentreDrawer id={choice['id'] ?? null} onClose={() => choose({ id: undefined })} />
    </Sheet>
  )
}

const CostCentreDrawer = ({ id, onClose }: { readonly id: string | null; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const read = useHub('costCentre', id === null || id === NEW ? null : { id })
  return (
    <RecordDrawer
      id={id}
      writes="saveCostCentre"
      read={read}
      title={(one) => nameIn(one.record.name, language)}
      newTitle={say('cost-centres.new')}
      show={({ record }) => (
        <Facts>
          <Fact name={say('record.id')}>
            <span className="mono">{record.id}</span>
          </Fact>
          <Fact name={say('column.belongs')}>
            <Belongs one={record} />
          </Fact>
          <Fact name={say('record.use')}>{record.retired && <span className="mark mark-plain">{say('record.retired')}</span>}</Fact>
        </Facts>
      )}
      edit={(known, onSaved) => <CostCentreFields known={known} onSaved={onSaved} />}
      onClose={onClose}
    />
  )
}

const Belongs = ({ one }: { readonly one: CostCentreView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const site = useSites().get(one.site ?? '')
  if (one.site === undefined) return <span className="faint">{say('cost-centres.of-none')}</span>
  const room = site?.rooms.find(({ room: id }) => id === one.room)
  return <>{[site ? nameIn(site.name, language) : one.site, room ? nameIn(room.name, language) : one.room].filter(Boolean).join(' · ')}</>
}

const costCentreColumns = (say: CountySay, choice: Readonly<Record<string, string>>): readonly Column<CostCentreView>[] => [
  {
    id: 'item',
    title: say('cost-centres.title'),
    width: 'minmax(220px, 2fr)',
    cell: (row) => (
      <RecordName name={row.name} id={row.id} retired={row.retired} href={hrefOf('cost-centres', { ...choice, id: row.id })} />
    ),
  },
  { id: 'site', title: say('column.belongs'), width: 'minmax(200px, 2fr)', cell: (row) => <Belongs one={row} /> },
]
