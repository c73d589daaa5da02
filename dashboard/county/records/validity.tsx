import type { ValidityView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { type CountySay, useSay } from '../words.ts'

/** How a permit stands today: shape, word and colour say the same. Red has ended or has a week, amber a month, pale amber a season. */
export const ValidityMark = ({ validity }: { readonly validity: ValidityView }) => {
  const say = useSay()
  const tone = toneOf(validity)
  return (
    <span className={`mark ${TONES[tone].mark}`} data-testid="validity" data-validity={tone}>
      <Icon name={TONES[tone].icon} size={16} />
      {validityWords(validity, say)}
    </span>
  )
}

/** The one word of a permit's colour: `ended`, or the span it has come under. */
export const toneOf = ({ state, threshold }: ValidityView): keyof typeof TONES => {
  if (state !== 'ending') return state
  if (threshold !== null && threshold <= 7) return 'week'
  return threshold !== null && threshold <= 30 ? 'month' : 'season'
}

const TONES = {
  valid: { mark: 'mark-ok', icon: 'ok' },
  season: { mark: 'mark-watch', icon: 'near' },
  month: { mark: 'mark-near', icon: 'near' },
  week: { mark: 'mark-bad', icon: 'near' },
  ended: { mark: 'mark-bad', icon: 'expired' },
  'not-yet': { mark: 'mark-way', icon: 'clock' },
} as const satisfies Record<string, { readonly mark: string; readonly icon: IconName }>

const validityWords = ({ state, daysLeft }: ValidityView, say: CountySay): string => {
  if (state === 'not-yet') return say('validity.not-yet')
  if (daysLeft === null) return say('validity.endless')
  if (state === 'ended') return say('validity.ended', { n: -daysLeft })
  if (state === 'valid') return say('validity.valid')
  return daysLeft === 0 ? say('expiry.last-day') : say('expiry.left', { n: daysLeft })
}
