import type { NodeState } from '@lotkeeper/protocol/api/node.ts'
import { Icon } from '../../parts/icons.tsx'
import { agoText, numberText, spanText } from '../../parts/moments.ts'
import { useNowMs } from '../../parts/now.ts'
import { useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** The line to the county in a word, on every screen. */
export const LinkPill = () => {
  const say = useSay()
  const link = useNodeState().value?.link
  if (!link) return <span className="link-pill">{say('link.asking')}</span>
  return (
    <span className={`link-pill link-${link.state}`} data-testid="link" data-state={link.state}>
      <Icon name={link.state === 'online' ? 'link' : 'link-off'} size={22} />
      <span>{link.waiting > 0 ? say('link.waiting', { n: link.waiting }) : say(LINK_WORDS[link.state])}</span>
    </span>
  )
}

/** A certificate that ended, or will before anybody is reached: in words, because only a person can mend it. */
export const CertificateNote = () => {
  const say = useSay()
  const state = useNodeState().value
  const certificate = state?.certificate
  if (!certificate || certificate.state === 'valid' || (certificate.state === 'due' && state.link.state === 'online')) return null
  return (
    <div className="lost" role="alert" data-testid="certificate" data-state={certificate.state}>
      <Icon name="key" size={26} />
      {say(`certificate.${certificate.state}`, { day: certificate.until.slice(0, DAY_LETTERS) })}
    </div>
  )
}
/** `2027-12-25` of a whole moment. */
const DAY_LETTERS = 10

/** Where every entry is: on this machine, at the county, not sent yet. Nothing is lost while the line is down, and this says so. */
export const LinkLevels = () => {
  const say = useSay()
  const nowMs = useNowMs()
  const link = useNodeState().value?.link
  if (!link) return null
  return (
    <section className={`levels link-${link.state}`} data-testid="levels">
      <header>
        <Icon name={link.state === 'online' ? 'link' : 'link-off'} size={30} />
        <span>
          <b>{say(LINK_WORDS[link.state])}</b>
          <small>{linkNote(link, say, nowMs)}</small>
        </span>
      </header>
      <dl>
        <Level name={say('levels.recorded')} count={link.booked + link.waiting} id="recorded" />
        <Level name={say('levels.booked')} count={link.booked} id="booked" />
        <Level name={say('levels.waiting')} count={link.waiting} id="waiting" />
      </dl>
      <p>{levelSentence(link, say, nowMs)}</p>
    </section>
  )
}

const Level = ({ name, count, id }: { readonly name: string; readonly count: number; readonly id: string }) => (
  <div className={id === 'waiting' && count > 0 ? 'level-waiting' : ''}>
    <dt>{name}</dt>
    <dd data-testid={`level-${id}`}>{numberText(count)}</dd>
  </div>
)

const linkNote = (link: NodeState['link'], say: ReturnType<typeof useSay>, nowMs: number): string => {
  const span = spanText(say, nowMs - Date.parse(link.since))
  if (link.state === 'online') return say('link.online-for', { span })
  return link.state === 'offline' ? say('link.offline-for', { span }) : say('link.not-enrolled-hint')
}

const levelSentence = (link: NodeState['link'], say: ReturnType<typeof useSay>, nowMs: number): string => {
  const told = link.lastHaveAt === null ? say('levels.never-told') : agoText(say, link.lastHaveAt, nowMs)
  return say('levels.sentence', { all: numberText(link.booked + link.waiting), ago: told, waiting: numberText(link.waiting) })
}

const LINK_WORDS = { online: 'link.online', offline: 'link.offline', 'not-enrolled': 'link.not-enrolled' } as const
