import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { EvidenceMark, kindWord } from '../../parts/evidence.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { DatedMark, LevelMark, momentOf } from '../../parts/level.tsx'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { wayWords } from '../../parts/places.ts'
import { useMoments, usePlaceWords } from '../stockroom.ts'
import { useSay } from '../words.ts'

interface LineOf {
  readonly row: MovementRow
  /** Without the item's name, where the page is about one lot. */
  readonly brief?: boolean
  readonly onReverse?: (() => void) | undefined
}

/** One movement as a keeper tells it: what was done, how many, from where to where, by whom or by which door. */
export const MovementLine = ({ row, brief = false, onReverse }: LineOf) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  return (
    <li className={`movement ${row.reversedBy ? 'movement-reversed' : ''}`} data-testid="movement" data-entry={row.entry}>
      <span className={`kind kind-${row.kind}`}>{kindWord(row.kind, say)}</span>
      <span className="movement-what">
        {!brief && <b>{nameIn(row.itemName, language)}</b>}
        <span>
          {!brief && <span className="mono">{row.lotNumber}</span>} {wayWords(words(row.from), words(row.to))}
        </span>
        <small className="soft">
          <LevelMark level={row.level} />
          <time dateTime={momentOf(row)}>{moment(momentOf(row), nowMs)}</time>
          <DatedMark row={row} tell={(at) => moment(at, nowMs)} />
          <EvidenceMark row={row} />
        </small>
      </span>
      <span className="movement-units">
        <b>{numberText(row.units)}</b> {nameIn(row.unit, language)}
      </span>
      {onReverse && (
        <button type="button" className="plain-button" onClick={onReverse} data-testid="reverse">
          <Icon name="undo" size={22} />
          {say('movements.reverse')}
        </button>
      )}
    </li>
  )
}
