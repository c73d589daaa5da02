import type { TagView } from '@lotkeeper/protocol/api/views.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages, useMoments, useSites } from '../county.ts'
import { Allowed } from '../may.tsx'
import { LotLink } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { type CountySay, useSay } from '../words.ts'
import { TagLifeDrawer } from './life.tsx'
import { Register } from './register.tsx'
import { StateMark } from './state.tsx'
import './tags.css'
import '../parts/forms.css'

/** Announces tagged boxes to a site, so that its door knows them; and shows what has been announced. */
export const TagsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const pages = useHubPages('tags', { limit: 100, ...(choice['site'] ? { site: choice['site'] } : {}) })
  return (
    <div className="two-sheets">
      <Allowed route="registerTags">
        <Register onRegistered={pages.renew} />
      </Allowed>
      <Sheet title={say('tags.title')} hint={say('tags.hint')} className="list-sheet">
        <div className="filters">
          <SitePick value={choice['site']} onPick={(site) => replaceChoice('tags', { site })} />
        </div>
        <Rows
          name="tags"
          label={say('tags.title')}
          columns={tagColumns(say)}
          rows={pages.rows}
          keyOf={(row) => row.epc}
          pages={pages}
          empty={<EmptyNote title={say('tags.none')} hint={say('tags.none-hint')} />}
        />
        <TagLifeDrawer epc={choice['epc'] ?? null} onClose={() => replaceChoice('tags', { site: choice['site'] })} />
      </Sheet>
    </div>
  )
}

const tagColumns = (say: CountySay): readonly Column<TagView>[] => [
  { id: 'epc', title: say('column.epc'), width: 'minmax(150px, 1.6fr)', cell: (row) => <EpcCell row={row} /> },
  { id: 'lot', title: say('column.lot'), width: 'minmax(96px, 1fr)', cell: (row) => <LotCell row={row} /> },
  { id: 'pack', title: say('column.pack'), width: '86px', cell: (row) => `${row.pack} · ${row.units}` },
  { id: 'site', title: say('column.site'), width: 'minmax(96px, 1fr)', cell: (row) => <SiteCell site={row.site} /> },
  { id: 'at', title: say('column.at'), width: '104px', cell: (row) => <RegisteredAt row={row} /> },
]

const EpcCell = ({ row }: { readonly row: TagView }) => (
  <span className="two-lines">
    <a className="mono epc epc-link" href={hrefOf('tags', { epc: row.epc })}>
      {row.epc}
    </a>
    <StateMark state={row.state} />
  </span>
)

const LotCell = ({ row }: { readonly row: TagView }) => (
  <span className="two-lines">
    <span>
      <LotLink lot={row.lot} number={row.lotNumber} />
    </span>
    <small className="mono faint">{row.item}</small>
  </span>
)

const SiteCell = ({ site }: { readonly site: string }) => {
  const { language } = useLanguage()
  const known = useSites().get(site)
  return known ? nameIn(known.name, language) : site
}

const RegisteredAt = ({ row }: { readonly row: TagView }) => {
  const moments = useMoments()
  const nowMs = useMinuteMs()
  return (
    <span className="two-lines">
      <time dateTime={row.registeredAt} title={moments.full(row.registeredAt)}>
        {moments.short(row.registeredAt, nowMs)}
      </time>
      {row.doc && <small className="faint">{row.doc}</small>}
    </span>
  )
}
