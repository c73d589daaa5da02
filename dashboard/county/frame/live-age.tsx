import { Icon } from '../../parts/icons.tsx'
import { spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { useCounty, useLive, useMoments } from '../county.ts'
import type { LiveState } from '../live/store.ts'
import { useSay } from '../words.ts'

/** How old the picture is: green while it is fresh, grey after 10 s, red after 30 s. Stale is never drawn as live. */
export const LiveAge = () => {
  const say = useSay()
  const link = useLive((state) => state.link)
  const age = useAge()
  if (age === null) {
    return (
      <span className="age age-grey" data-testid="live-age" data-link={link} role="status">
        <i />
        {say(link === 'lost' ? 'live.lost' : 'live.connecting')}
      </span>
    )
  }
  const colour = age.ms < FRESH_MS ? 'green' : age.ms < LOST_MS ? 'grey' : 'red'
  return (
    <span className={`age age-${colour}`} data-testid="live-age" data-link={link} title={say('live.heard', { at: age.at })}>
      <i />
      <span>{say(LINK_WORDS[link])}</span>
      <span className="age-span">{age.ms < 2_000 ? say('age.now') : say('age.ago', { age: spanText(say, age.ms) })}</span>
    </span>
  )
}

/** Across the page when the picture is too old to act on. */
export const LostBand = () => {
  const say = useSay()
  const { live } = useCounty()
  const age = useAge()
  const link = useLive((state) => state.link)
  const tooOld = age !== null && age.ms >= LOST_MS
  if (!tooOld && !(age === null && link === 'lost')) return null
  return (
    <div className="lost-band" role="alert" data-testid="lost-band">
      <Icon name="link-off" />
      <span>{age ? say('live.band', { at: age.at }) : say('live.band-never')}</span>
      <button type="button" className="plain-button" onClick={live.hurry}>
        <Icon name="renew" size={16} />
        {say('page.again')}
      </button>
    </div>
  )
}

const useAge = (): { readonly ms: number; readonly at: string } | null => {
  const nowMs = useNowMs()
  const moments = useMoments()
  const heardMs = useLive((state) => state.heardMs)
  if (heardMs === null) return null
  return { ms: Math.max(0, nowMs - heardMs), at: moments.exact(new Date(heardMs).toISOString(), nowMs) }
}

const LINK_WORDS = {
  connecting: 'live.connecting',
  live: 'live.live',
  polling: 'live.polling',
  lost: 'live.lost',
} as const satisfies Record<LiveState['link'], string>
const FRESH_MS = 10_000
const LOST_MS = 30_000
