import type { DiscrepancyView } from '@lotkeeper/protocol/api/views.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { useMoments, usePlaceWords, useSites } from '../county.ts'
import { AskButton, type AskSubject } from '../parts/ask.tsx'
import { useSay } from '../words.ts'
import { aboutOf } from './about.ts'
import './discrepancies.css'

/** One disagreement: how grave, what, where, since when. It leads to the lot it is about. */
export const DiscrepancyLine = ({ one, onAsk }: DiscrepancyOf) => {
  const say = useSay()
  const { language } = useLanguage()
  const nowMs = useNowMs()
  const moments = useMoments()
  const sites = useSites()
  const words = usePlaceWords()
  const about = aboutOf(one.subject)
  const lot = about?.lot ?? null
  const site = one.site === null ? null : (sites.get(one.site)?.name ?? { zh: one.site, en: one.site })
  const place = about?.place ? words(about.place) : null
  const where = [
    place ? `${place.whole} ${place.stateWord}` : (site && nameIn(site, language)) || null,
    about ? about.lot : one.subject,
  ].filter((part) => part !== null)
  const grave = graveOf(one.severity)
  return (
    <li className={`discrepancy ${one.closedAt ? 'discrepancy-closed' : ''}`} data-testid="discrepancy" data-kind={one.kind}>
      <span className={`discrepancy-grave grave-${one.closedAt ? 'closed' : grave}`}>
        <Icon name={one.closedAt ? 'ok' : GRAVE_ICONS[grave]} size={22} />
        <small>{say(one.closedAt ? 'discrepancies.closed' : `grave.${grave}`)}</small>
      </span>
      <span className="discrepancy-words">
        <b>{nameIn(one.title, language)}</b>
        <small className="soft">{where.join(' · ')}</small>
        <small className="faint" title={moments.full(one.openedAt)}>
          {say('discrepancies.opened', { ago: agoText(say, one.openedAt, nowMs) })}
        </small>
      </span>
      {!lot && one.closedAt === null && SET_ASIDE.has(one.kind) && (
        <span className="discrepancy-ways">
          <a
            className="sheet-link"
            href={hrefOf('asides', { site: one.site ?? undefined, all: EVIDENCE.has(one.kind) ? 'yes' : undefined })}
          >
            {say('asides.from-discrepancy')}
          </a>
        </span>
      )}
      {one.kind === 'provisional-conflict' && (
        <span className="discrepancy-ways">
          <a className="sheet-link" href={hrefOf('desk', { state: 'conflict', entry: one.subject })}>
            {say('desk.from-discrepancy')}
          </a>
        </span>
      )}
      {lot && (
        <span className="discrepancy-ways">
          <a className="sheet-link" href={hrefOf('lot', { lot })}>
            {say('discrepancies.to-lot')}
          </a>
          {onAsk && one.closedAt === null && <AskButton onAsk={() => onAsk({ lot, place: about?.place ?? null, site: one.site })} />}
        </span>
      )}
    </li>
  )
}

interface DiscrepancyOf {
  readonly one: DiscrepancyView
  /** Where a person may act on it: asks the owner of the place to count there or to correct. */
  readonly onAsk?: (subject: AskSubject) => void
}

/** Gravest first, then the oldest: age makes nothing better. Severity 1 is the gravest. */
export const gravest = (one: DiscrepancyView, other: DiscrepancyView): number =>
  one.severity - other.severity || (one.openedAt < other.openedAt ? -1 : 1)

/** Kinds that tell of something the hub keeps aside: there it can be read, and decided on. */
const SET_ASIDE: ReadonlySet<string> = new Set([
  ...['key-revoked', 'key-unknown', 'tamper', 'fork', 'stream-foreign', 'message-unreadable'],
  ...['entry-refused', 'entry-parked', 'entry-not-applied'],
])
/** Those of them that wait for nothing: they stand in the list of all. */
const EVIDENCE: ReadonlySet<string> = new Set(['fork', 'stream-foreign', 'message-unreadable'])

type Grave = 'high' | 'middle' | 'low'
const graveOf = (severity: number): Grave => (severity <= 1 ? 'high' : severity === 2 ? 'middle' : 'low')
const GRAVE_ICONS: Readonly<Record<Grave, IconName>> = { high: 'expired', middle: 'warn', low: 'unknown' }
