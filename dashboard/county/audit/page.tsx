import type { AuditRow } from '@lotkeeper/protocol/api/hub-audit.ts'
import { useLanguage } from '../../parts/language.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages, useMoments } from '../county.ts'
import { MomentCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useWho } from '../parts/who.tsx'
import { type CountySay, useSay } from '../words.ts'
import { actText } from './acts.ts'
import { dayAfter, dayStart } from './compare.ts'
import { AuditDrawer } from './detail.tsx'
import { AuditFilters, type Sought } from './filters.tsx'
import { Outcome } from './outcome.tsx'
import './audit.css'

/** Who did what, when and from where: looked for, opened, taken away as a table. */
export const AuditPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const { zone } = useMoments()
  const sought = soughtBy(choice, zone)
  const pages = useHubPages('audit', { limit: 100, ...sought })
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('audit', { ...choice, ...next })
  return (
    <Sheet title={say('audit.title')} hint={say('audit.hint')} className="list-sheet">
      <AuditFilters choice={choice} sought={sought} onChoose={choose} />
      <Rows
        name="audit"
        label={say('audit.title')}
        columns={columnsOf(say, choice)}
        rows={pages.rows}
        keyOf={(row) => String(row.seq)}
        pages={pages}
        empty={
          pages.more ? <EmptyNote title={say('audit.farther')} /> : <EmptyNote title={say('audit.none')} hint={say('audit.none-hint')} />
        }
        toneOf={(row) => (row.outcome === 'ok' ? '' : 'audit-refused')}
      />
      <AuditDrawer seq={seqIn(choice['seq'])} onClose={() => choose({ seq: undefined })} />
    </Sheet>
  )
}

type Choice = Readonly<Record<string, string>>

/** What the page asks for, by its address; days are those of the county. */
const soughtBy = (choice: Choice, zone: string): Sought => {
  const since = choice['from'] ? dayStart(choice['from'], zone) : undefined
  const until = choice['to'] ? dayStart(dayAfter(choice['to']), zone) : undefined
  const plain = Object.fromEntries(PLAIN.flatMap((name) => (choice[name] ? [[name, choice[name]]] : [])))
  return { ...plain, ...(since ? { since } : {}), ...(until ? { until } : {}) }
}
const PLAIN = ['who', 'act', 'subject', 'site', 'outcome', 'search'] as const

const seqIn = (text: string | undefined): number | null => (text !== undefined && /^[1-9]\d{0,11}$/.test(text) ? Number(text) : null)

const columnsOf = (say: CountySay, choice: Choice): readonly Column<AuditRow>[] => [
  { id: 'at', title: say('audit.when'), width: '150px', cell: (row) => <MomentCell at={row.at} /> },
  { id: 'who', title: say('audit.who'), width: 'minmax(150px, 1.2fr)', cell: (row) => <Who row={row} /> },
  { id: 'act', title: say('audit.what'), width: 'minmax(150px, 1.3fr)', cell: (row) => <ActLink row={row} choice={choice} /> },
  {
    id: 'subject',
    title: say('audit.subject'),
    width: 'minmax(130px, 1.2fr)',
    cell: (row) => <span className="mono soft">{row.subject}</span>,
  },
  {
    id: 'sites',
    title: say('audit.sites'),
    width: 'minmax(90px, .8fr)',
    cell: (row) => <span className="mono soft">{row.sites.join(' ')}</span>,
  },
  { id: 'outcome', title: say('audit.outcome'), width: 'minmax(150px, 1.2fr)', cell: (row) => <Outcome row={row} /> },
]

const Who = ({ row }: { readonly row: AuditRow }) => {
  const say = useSay()
  const name = useWho()
  const { who } = row
  return (
    <span className="two-lines">
      <span className={who === null || name(who) === who ? 'mono' : ''}>{who === null ? say('page.nothing') : name(who)}</span>
      <small className="faint">{who !== null && name(who) !== who ? who : say(`audit.${row.kind}`)}</small>
    </span>
  )
}

const ActLink = ({ row, choice }: { readonly row: AuditRow; readonly choice: Choice }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <a className="record-link" href={hrefOf('audit', { ...choice, seq: String(row.seq) })} data-testid="audit-open">
      {actText(row.act, language)}
      {row.count > 1 && <small className="faint"> {say('audit.times', { n: row.count })}</small>}
    </a>
  )
}
