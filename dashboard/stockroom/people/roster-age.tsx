import type { PeopleView } from '@lotkeeper/protocol/api/node-people.ts'
import { Icon } from '../../parts/icons.tsx'
import { agoText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { type StockroomSay, useSay } from '../words.ts'

/** Whose list of people this is and how old; told loudly when it is old, or when a newer one is on its way. */
export const RosterAge = ({ roster }: { readonly roster: PeopleView['roster'] }) => {
  const say = useSay()
  const nowMs = useMinuteMs()
  const worry = worryOf(roster, nowMs)
  return (
    <p className={worry ? 'roster-age roster-worry' : 'roster-age'} data-testid="roster-age" data-worry={worry ?? 'none'}>
      {worry && <Icon name="alarm" size={22} />}
      <span>
        {wordsOf(say, roster, nowMs)}
        {worry && <small>{say(`people.list-${worry}`)}</small>}
      </span>
    </p>
  )
}

const wordsOf = (say: StockroomSay, { from, checkedAt }: PeopleView['roster'], nowMs: number): string => {
  if (from === 'settings') return say('people.list-settings')
  return checkedAt === null ? say('people.list-never') : say('people.list-county', { ago: agoText(say, checkedAt, nowMs) })
}

const worryOf = ({ from, checkedAt, complete }: PeopleView['roster'], nowMs: number): 'coming' | 'old' | null => {
  if (from === 'settings') return null
  if (!complete) return 'coming'
  return checkedAt !== null && nowMs - Date.parse(checkedAt) > OLD_MS ? 'old' : null
}

/** Whoever was taken out at the county a week ago should not sign in still without somebody noticing. */
const OLD_MS = 7 * 86_400_000
