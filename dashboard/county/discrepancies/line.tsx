import type { DiscrepancyView } from '@lotkeeper/protocol/api/views.ts'
import { lotOf } from '@lotkeeper/protocol/names.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { useMoments, useSites } from '../county.ts'
import { useSay } from '../words.ts'
import './discrepancies.css'

/** One disagreement: how grave, what, where, since when. It leads to the lot it is about. */
export const DiscrepancyLine = ({ one }: { readonly one: DiscrepancyView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const nowMs = useNowMs()
  const moments = useMoments()
  const sites = useSites()
  const lot = lotOf(one.subject) ? one.subject : null
  const site = one.site === null ? null : (sites.get(one.site)?.name ?? { zh: one.site, en: one.site })
  const grave = graveOf(one.severity)
  return (
    <li className={`discrepancy ${one.closedAt ? 'discrepancy-closed' : ''}`} data-testid="discrepancy" data-kind={one.kind}>
      <span className={`discrepancy-grave grave-${one.closedAt ? 'closed' : grave}`}>
        <Icon name={one.closedAt ? 'ok' : GRAVE_ICONS[grave]} size={22} />
        <small>{say(one.closedAt ? 'discrepancies.closed' : `grave.${grave}`)}</small>
      </span>
      <span className="discrepancy-words">
        <b>{nameIn(one.title, language)}</b>
        <small className="soft">{[site && nameIn(site, language), one.subject].filter(Boolean).join(' · ')}</small>
        <small className="faint" title={moments.full(one.openedAt)}>
          {say('discrepancies.opened', { ago: agoText(say, one.openedAt, nowMs) })}
        </small>
      </span>
      {lot && (
        <a className="sheet-link" href={hrefOf('lot', { lot })}>
          {say('discrepancies.to-lot')}
        </a>
      )}
    </li>
  )
}

/** Gravest first, then the oldest: age makes nothing better. Severity 1 is the gravest. */
export const gravest = (one: DiscrepancyView, other: DiscrepancyView): number =>
  one.severity - other.severity || (one.openedAt < other.openedAt ? -1 : 1)

type Grave = 'high' | 'middle' | 'low'
const graveOf = (severity: number): Grave => (severity <= 1 ? 'high' : severity === 2 ? 'middle' : 'low')
const GRAVE_ICONS: Readonly<Record<Grave, IconName>> = { high: 'expired', middle: 'warn', low: 'unknown' }
