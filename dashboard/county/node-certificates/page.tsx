import type { NodeCertificateRow } from '@lotkeeper/protocol/api/hub-node-certificates.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText, spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useHubPages, useMoments } from '../county.ts'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { type CountySay, useSay } from '../words.ts'
import { CertificateActs } from './acts.tsx'
import './node-certificates.css'

/** How the county vouches for each node: until when, by which keys, and the three things a person may do about it. */
export const NodeCertificatesPage = () => {
  const say = useSay()
  const pages = useHubPages('nodeCertificates', { limit: 100 })
  return (
    <Sheet title={say('node-cert.title')} hint={say('node-cert.hint')} className="list-sheet">
      <Rows
        name="node-certificates"
        label={say('node-cert.title')}
        columns={columnsOf(say, pages.renew)}
        rows={pages.rows}
        keyOf={({ node }) => node}
        pages={pages}
        empty={<EmptyNote title={say('node-cert.none')} hint={say('node-cert.none-hint')} />}
      />
    </Sheet>
  )
}

const columnsOf = (say: CountySay, renew: () => void): readonly Column<NodeCertificateRow>[] => [
  { id: 'item', title: say('node-cert.site'), width: 'minmax(150px, 1.3fr)', cell: (row) => <SiteCell row={row} /> },
  { id: 'state', title: say('node-cert.state'), width: '120px', cell: (row) => <StateCell row={row} /> },
  { id: 'span', title: say('node-cert.span'), width: 'minmax(150px, 1.1fr)', cell: (row) => <SpanCell row={row} /> },
  { id: 'at', title: say('node-cert.heard'), width: '120px', cell: (row) => <HeardCell row={row} /> },
  { id: 'keys', title: say('node-cert.keys'), width: 'minmax(150px, 1fr)', cell: (row) => <KeysCell row={row} /> },
  { id: 'acts', title: say('node-cert.acts'), width: '270px', cell: (row) => <CertificateActs row={row} onDone={renew} /> },
]

interface RowCell {
  readonly row: NodeCertificateRow
}

const SiteCell = ({ row }: RowCell) => {
  const { language } = useLanguage()
  return (
    <span className="cert-pair" data-testid={`cert-${row.node}`} data-state={row.state}>
      <b>{nameIn(row.name, language)}</b>
      <small className="mono faint">{row.node}</small>
    </span>
  )
}

const StateCell = ({ row }: RowCell) => {
  const say = useSay()
  return <span className={`mark ${MARKS[row.state]}`}>{say(`node-cert.${row.state}`)}</span>
}
/** `2027-12-25` of a whole moment. */
const DAY_LETTERS = 10

const MARKS: Readonly<Record<NodeCertificateRow['state'], string>> = {
  valid: 'mark-ok',
  due: 'mark-near',
  ended: 'mark-bad',
  revoked: 'mark-bad',
  never: '',
}

/** From when to when, and what that means today. */
const SpanCell = ({ row: { certificate, state, wishedAt, online } }: RowCell) => {
  const say = useSay()
  const nowMs = useNowMs()
  const moments = useMoments()
  if (certificate === null) return <span className="faint">{say('node-cert.no-key')}</span>
  const day = (at: string) => moments.full(at).slice(0, DAY_LETTERS)
  const leftMs = Date.parse(certificate.until) - nowMs
  return (
    <span className="cert-pair">
      <span>{say('node-cert.from-until', { from: day(certificate.from), until: day(certificate.until) })}</span>
      {state === 'ended' && <small className="fact-bad">{say('node-cert.over')}</small>}
      {(state === 'valid' || state === 'due') && (
        <small className={state === 'due' ? 'fact-near' : 'faint'}>{say('node-cert.left', { span: spanText(say, leftMs) })}</small>
      )}
      {wishedAt !== null && <small className="fact-near">{say(online ? 'node-cert.wished' : 'node-cert.wished-away')}</small>}
    </span>
  )
}

const HeardCell = ({ row: { online, lastHeardAt } }: RowCell) => {
  const say = useSay()
  const nowMs = useNowMs()
  const moments = useMoments()
  return (
    <span className="cert-pair">
      <span className={`cert-line ${online ? 'cert-online' : 'faint'}`}>
        <Icon name={online ? 'link' : 'link-off'} size={16} /> {say(online ? 'node-cert.online' : 'node-cert.away')}
      </span>
      <small className="faint" {...(lastHeardAt === null ? {} : { title: moments.full(lastHeardAt) })}>
        {lastHeardAt === null ? say('nodes.never-heard') : agoText(say, lastHeardAt, nowMs)}
      </small>
    </span>
  )
}

const KeysCell = ({ row: { keys } }: RowCell) => {
  const say = useSay()
  const [newest, ...older] = keys
  if (!newest) return <span className="faint">{say('page.nothing')}</span>
  return (
    <span className="cert-pair">
      <span className={`mono${newest.revoked ? ' cert-gone' : ''}`} title={newest.revoked ? say('node-cert.key-revoked') : undefined}>
        {newest.key}
      </span>
      {older.length > 0 && <small className="faint">{say('node-cert.more-keys', { n: older.length })}</small>}
    </span>
  )
}
