import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { Icon } from './icons.tsx'
import { useSayIn } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

type Level = MovementRow['level']

/** How safely a movement is kept: one quiet sign, its word in the legend and for who points at it or does not see it. */
export const LevelMark = ({ level }: { readonly level: Level }) => {
  const say = useSayIn(SHARED_TEXTS)
  const words = `${say(`level.${level}`)}：${say(`level.${level}-hint`)}`
  return (
    <span className="level-mark" role="img" aria-label={words} title={words} data-testid="level" data-level={level}>
      <Icon name={`level-${level}`} size={18} />
    </span>
  )
}

/** The three signs with their words, once for the list below. */
export const LevelLegend = () => {
  const say = useSayIn(SHARED_TEXTS)
  return (
    <ul className="level-legend-line" aria-label={say('level.legend')}>
      {LEVELS.map((level) => (
        <li key={level} title={say(`level.${level}-hint`)}>
          <Icon name={`level-${level}`} size={18} />
          {say(`level.${level}`)}
        </li>
      ))}
    </ul>
  )
}

/** The moment a row is shown by: put right where the clock is known to have been wrong. */
export const momentOf = (row: Pick<MovementRow, 'occurredAt' | 'datedAt'>): string => row.datedAt ?? row.occurredAt

/** Says that the moment beside it was put right, and what the clock had said. */
export const DatedMark = ({
  row,
  tell,
}: {
  readonly row: Pick<MovementRow, 'occurredAt' | 'datedAt'>
  readonly tell: (at: string) => string
}) => {
  const say = useSayIn(SHARED_TEXTS)
  if (row.datedAt === null) return null
  return (
    <span className="mark mark-near" title={say('dated.hint', { claimed: tell(row.occurredAt) })} data-testid="dated">
      <Icon name="clock" size={16} />
      {say('dated.mark')}
    </span>
  )
}

const LEVELS: readonly Level[] = ['recorded', 'booked', 'safe']
