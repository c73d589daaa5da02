import { Segmented } from 'antd'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHubPages } from '../county.ts'
import { MoreRows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { SitePick } from '../stock/page.tsx'
import { useSay } from '../words.ts'
import { AsideDrawer } from './detail.tsx'
import { AsideLine } from './line.tsx'
import './asides.css'

/** What the hub keeps aside: what it is, why, whether it comes in by itself; and where a person decides. */
export const AsidesPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const all = choice['all'] === 'yes'
  const pages = useHubPages('asides', {
    limit: 50,
    ...(choice['site'] ? { node: choice['site'] } : {}),
    ...(all ? {} : { waiting: true }),
  })
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('asides', { ...choice, ...next })
  return (
    <Sheet title={say('asides.title')} hint={say('asides.hint')} className="list-sheet">
      <div className="filters">
        <SitePick value={choice['site']} onPick={(site) => choose({ site })} />
        <Segmented
          value={all ? 'all' : 'waiting'}
          onChange={(value) => choose({ all: value === 'all' ? 'yes' : undefined })}
          options={(['waiting', 'all'] as const).map((value) => ({ value, label: say(`asides.${value}`) }))}
        />
      </div>
      {pages.trouble && <TroubleNote trouble={pages.trouble} again={pages.renew} />}
      {!pages.rows && !pages.trouble && <Waiting rows={6} />}
      {pages.rows?.length === 0 && !pages.more && <EmptyNote title={say('asides.none')} hint={say('asides.none-hint')} />}
      <ul className="aside-lines">
        {pages.rows?.map((row) => (
          <AsideLine key={row.aside} row={row} href={hrefOf('asides', { ...choice, aside: row.aside })} />
        ))}
      </ul>
      <MoreRows pages={pages} />
      <AsideDrawer aside={choice['aside'] ?? null} onClose={() => choose({ aside: undefined })} onDecided={pages.renew} />
    </Sheet>
  )
}
