import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { useEffect, useRef } from 'react'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { agoText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { useSay } from '../words.ts'
import { calledIn } from './met.ts'

/** One thing a node met, in the list: what it calls it, where, since when, and the best of what it may be. */
export const DeskLine = ({ one, chosen, onChoose }: LineOf) => {
  const say = useSay()
  const { language } = useLanguage()
  const nowMs = useMinuteMs()
  const line = useRef<HTMLButtonElement>(null)
  const { met } = one
  const [best] = one.suggestions
  useEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <li>
      <button
        ref={line}
        type="button"
        className={`desk-line ${chosen ? 'desk-chosen' : ''}`}
        aria-current={chosen}
        onClick={onChoose}
        data-testid="desk-line"
        data-state={one.state}
      >
        <span className={`desk-sign desk-sign-${one.state}`}>
          <Icon name={STATE_ICONS[one.state]} size={20} />
        </span>
        <span className="desk-line-words">
          <b>{calledIn(one, language)}</b>
          <small className="soft">
            {met.is === 'item' && (met.model || say('desk.item'))}
            {met.is === 'tag' && `${say('desk.tag')} …${met.epc.slice(-EPC_END)} · ${met.lotNumber}`}
            {met.is === 'lot' && say('desk.lot-typed')}
          </small>
          <small className="faint">
            {nameIn(one.siteName, language)} · {agoText(say, one.occurredAt, nowMs)}
          </small>
        </span>
        {best && (
          <span className={`desk-score ${best.why === 'code' ? 'desk-sure' : ''}`} title={nameIn(best.name, language)}>
            {best.why === 'code' ? say('desk.by-code') : best.score}
          </span>
        )}
      </button>
    </li>
  )
}

interface LineOf {
  readonly one: ProvisionalView
  readonly chosen: boolean
  readonly onChoose: () => void
}

export const STATE_ICONS = {
  open: 'unknown',
  confirmed: 'ok',
  redirected: 'forward',
  conflict: 'warn',
} as const satisfies Record<ProvisionalView['state'], IconName>
const EPC_END = 6
