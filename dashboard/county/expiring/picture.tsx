import { useLanguage } from '../../parts/language.ts'
import { monthText, numberText } from '../../parts/moments.ts'
import { useSay } from '../words.ts'
import type { ExpiryBar } from './months.ts'

/** What expires when: one bar a month, the past in front. A bar is a button that narrows the list to its month. */
export const Picture = ({ bars, by, chosen, onChoose }: PictureLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const most = Math.max(1, ...bars.map((bar) => bar[by]))
  return (
    <fieldset className="months" aria-label={say('expiring.picture')} data-testid="expiring-picture">
      {bars.map((bar) => {
        const name = bar.bar === 'expired' ? say('expiry.expired') : monthText(language, bar.bar)
        const height = bar[by] === 0 ? 0 : Math.max(3, (bar[by] / most) * 100)
        return (
          <button
            type="button"
            key={bar.bar}
            className={`month month-${bar.state}`}
            aria-pressed={chosen === bar.bar}
            aria-label={`${name}: ${say('expiring.bar', { lots: bar.lots, units: numberText(bar.units) })}`}
            title={say('expiring.bar', { lots: bar.lots, units: numberText(bar.units) })}
            disabled={bar.lots === 0}
            onClick={() => onChoose(chosen === bar.bar ? null : bar.bar)}
          >
            <span className="month-value">{bar[by] === 0 ? '' : numberText(bar[by])}</span>
            <span className="month-bar" style={{ height: `${height}%` }} />
            <span className="month-name">{name}</span>
          </button>
        )
      })}
    </fieldset>
  )
}

interface PictureLine {
  readonly bars: readonly ExpiryBar[]
  readonly by: 'lots' | 'units'
  readonly chosen: string | null
  readonly onChoose: (bar: string | null) => void
}
