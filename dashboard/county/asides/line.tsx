import type { AsideRow } from '@lotkeeper/protocol/api/asides.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText, numberText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { useMoments } from '../county.ts'
import { type CountySay, useSay } from '../words.ts'
import { standingOf } from './standing.ts'

/** One thing set aside: whose, what, why, since when, and what it waits for. */
export const AsideLine = ({ row, href }: { readonly row: AsideRow; readonly href: string }) => {
  const say = useSay()
  const { language } = useLanguage()
  const nowMs = useNowMs()
  const moments = useMoments()
  const standing = standingOf(row)
  return (
    <li className="aside-line" data-testid="aside" data-code={row.code} data-stands={row.stands}>
      <span className={`aside-sign aside-${standing.tone}`}>
        <Icon name={standing.icon} size={22} />
        <small>{say(standing.word)}</small>
      </span>
      <span className="aside-words">
        <b>
          {nameIn(row.nodeName, language)} · {nameIn(row.why, language)}
        </b>
        <small className="soft">
          {spanWords(row, say)}
          <span className="faint" title={moments.full(row.since)}>
            {' · '}
            {say('asides.since', { ago: agoText(say, row.since, nowMs) })}
          </span>
        </small>
        <small className={standing.tone === 'person' ? 'aside-asked' : 'faint'}>{nameIn(row.againWhen, language)}</small>
      </span>
      <a className={`aside-open ${standing.tone === 'person' ? 'plain-button' : 'sheet-link'}`} href={href} data-testid="aside-open">
        {say(standing.tone === 'person' ? 'asides.decide' : 'asides.look')}
      </a>
    </li>
  )
}

/** Which entries of a stream it is, as far as anybody can say. */
const spanWords = ({ from, upto, bytes }: AsideRow, say: CountySay): string => {
  if (from === null || upto === null) return say('asides.bytes', { n: numberText(bytes ?? 0) })
  return from === upto ? say('asides.range-one', { from }) : say('asides.range', { from, upto })
}
