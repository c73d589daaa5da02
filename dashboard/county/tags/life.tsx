import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { TagEvent } from '@lotkeeper/protocol/api/hub-labels.ts'
import { Drawer } from 'antd'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, usePlaceWords, useSites } from '../county.ts'
import { LotLink, MomentCell } from '../parts/cells.tsx'
import { Who } from '../parts/who.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { type CountySay, useSay } from '../words.ts'
import { StateMark } from './state.tsx'

type Life = HubAnswer<'tagLife'>

/** One tag from its registration on: what it stands for, where that is, and what became of the label. */
export const TagLifeDrawer = ({ epc, onClose }: { readonly epc: string | null; readonly onClose: () => void }) => {
  const say = useSay()
  const read = useHub('tagLife', epc === null ? null : { epc })
  return (
    <Drawer open={epc !== null} onClose={onClose} title={say('tag.title')} size={480} destroyOnHidden>
      {read.trouble && <TroubleNote trouble={read.trouble} />}
      {!read.value && !read.trouble && <Waiting rows={5} />}
      {read.value && <LifeShown life={read.value} />}
    </Drawer>
  )
}

const LifeShown = ({ life }: { readonly life: Life }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const { tag } = life
  const place = life.place === null ? null : words(life.place)
  return (
    <div data-testid="tag-life">
      <Facts>
        <Fact name={say('tag.number')} wide>
          <span className="mono tag-number">{tag.epc}</span> <StateMark state={tag.state} />
        </Fact>
        <Fact name={say('tag.goods')} wide>
          {nameIn(life.itemName, language)} <LotLink lot={tag.lot} number={tag.lotNumber} /> {tag.pack} · {numberText(tag.units)}
        </Fact>
        <Fact name={say('tag.where')}>
          {place === null ? say('tag.nowhere') : [place.whole, place.stateWord].filter(Boolean).join(' ')}
        </Fact>
        <Fact name={say('tag.left')}>
          {place === null ? say('page.nothing') : life.left === null ? say('tag.left-unknown') : numberText(life.left)}
        </Fact>
      </Facts>
      <ol className="tag-life">
        {life.life.map((event) => (
          <EventLine key={`${event.entry} ${event.what}`} event={event} />
        ))}
      </ol>
    </div>
  )
}

const EventLine = ({ event }: { readonly event: TagEvent }) => {
  const say = useSay()
  const { language } = useLanguage()
  const site = useSites().get(event.site)
  const { icon, bad } = EVENTS[event.what]
  return (
    <li className={bad ? 'tag-event bad' : 'tag-event'} data-testid="tag-event" data-what={event.what}>
      <Icon name={icon} size={18} />
      <span>
        <b>{wordsOf(event, say)}</b>
        {event.what !== 'seen' && event.why && <span>{event.why}</span>}
        <small className="soft">
          <MomentCell at={event.at} /> · {site ? nameIn(site.name, language) : event.site}
          {event.actor && (
            <>
              {' '}
              · <Who id={event.actor} />
            </>
          )}
        </small>
        {event.other && (
          <a className="mono tag-number" href={hrefOf('tags', { epc: event.other })}>
            {event.other}
          </a>
        )}
      </span>
    </li>
  )
}

/** The other tag stands under the words as a link, so that what is long does not stand in a sentence. */
const wordsOf = ({ what, why, other }: TagEvent, say: CountySay): string => {
  if (what === 'seen') return say('tag.seen', { other: why ?? '' })
  if (what === 'replaces' || what === 'replaced') return say(`tag.${what}`, { other: (other ?? '').slice(-6) })
  return say(`tag.${what}`)
}

const EVENTS = {
  registered: { icon: 'tag', bad: false },
  put: { icon: 'tag', bad: false },
  replaces: { icon: 'renew', bad: false },
  replaced: { icon: 'forward', bad: false },
  retired: { icon: 'erase', bad: false },
  undone: { icon: 'undo', bad: false },
  seen: { icon: 'warn', bad: true },
} as const satisfies Record<TagEvent['what'], { readonly icon: IconName; readonly bad: boolean }>
