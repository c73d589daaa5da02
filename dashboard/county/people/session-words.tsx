import type { SessionView } from '@lotkeeper/protocol/api/hub-people.ts'
import { useSay } from '../words.ts'

/** From which computer somebody is signed in, in words: browser and system where they are known ones, and the address. */
export const SessionFrom = ({ row }: { readonly row: SessionView }) => (
  <span className="two-lines" title={row.agent}>
    <span>{agentWords(row.agent) || row.address}</span>
    {agentWords(row.agent) !== '' && <small className="mono faint">{row.address}</small>}
  </span>
)

/** By what somebody signed in. */
export const SessionBy = ({ row }: { readonly row: SessionView }) => {
  const say = useSay()
  return <span className="mark mark-plain">{say(`session.by-${row.by}`)}</span>
}

/** `Chrome · Windows` of what a browser says of itself; what it does not say is left out. */
export const agentWords = (agent: string): string => {
  const found = [BROWSERS, SYSTEMS].map((known) => known.find(([sign]) => agent.includes(sign))?.[1])
  return found.filter(Boolean).join(' · ')
}

/** Signs in the order they must be looked for: most browsers also call themselves by the names below theirs. */
const BROWSERS: readonly (readonly [sign: string, name: string])[] = [
  ['MicroMessenger/', '微信'],
  ['Edg/', 'Edge'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
]
const SYSTEMS: readonly (readonly [sign: string, name: string])[] = [
  ['HarmonyOS', 'HarmonyOS'],
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
]
