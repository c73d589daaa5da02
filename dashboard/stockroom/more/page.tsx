import { Icon, type IconName } from '../../parts/icons.tsx'
import { hrefOf } from '../../parts/route.ts'
import { leftOf } from '../expected/arrivals.ts'
import { RosterAge } from '../people/roster-age.tsx'
import { useNode, useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** The rarer acts behind one door; on a telephone also what the bar at its foot has no room for. */
export const MorePage = () => {
  const say = useSay()
  const state = useNodeState().value
  const people = useNode('people').value
  const coming = useNode('expected').value?.rows.filter((row) => leftOf(row) > 0).length ?? 0
  return (
    <div className="work">
      <h1>{say('screen.more')}</h1>
      <nav className="more-acts" aria-label={say('screen.more')}>
        <MoreAct
          to="expected"
          icon="truck"
          words={coming > 0 ? say('more.expected-n', { n: coming }) : say('more.expected')}
          count={coming}
        />
        <MoreAct to="count" icon="count" words={say('more.count')} />
        <MoreAct to="ship" icon="upload" words={say('more.ship')} />
        <MoreAct to="move" icon="place" words={say('more.move')} />
        <MoreAct to="transform" icon="transform" words={say('more.transform')} />
        <MoreAct to="scrap" icon="erase" words={say('more.scrap')} />
        <MoreAct to="tags" icon="tag" words={say('more.tags')} />
        <MoreAct to="look" icon="scan" words={say('more.look')} />
      </nav>
      <nav className="more-acts more-looks" aria-label={say('frame.menu')}>
        <MoreAct to="movements" icon="movements" words={say('more.movements')} />
        <MoreAct to="alarms" icon="alarm" words={say('more.alarms')} count={state?.alarms ?? 0} />
        <MoreAct to="devices" icon="node" words={say('more.devices')} />
      </nav>
      {people && <RosterAge roster={people.roster} />}
    </div>
  )
}

interface MoreActLine {
  readonly to: 'expected' | 'count' | 'ship' | 'move' | 'transform' | 'scrap' | 'tags' | 'look' | 'movements' | 'alarms' | 'devices'
  readonly icon: IconName
  readonly words: string
  readonly count?: number
}

const MoreAct = ({ to, icon, words, count = 0 }: MoreActLine) => {
  const say = useSay()
  return (
    <a href={hrefOf(to)} data-testid={`more-${to}`}>
      <Icon name={icon} size={36} />
      <span>
        <b>{say(`screen.${to}`)}</b>
        <small>{words}</small>
      </span>
      {count > 0 && <span className="more-count">{count}</span>}
      <Icon name="forward" size={24} />
    </a>
  )
}
