import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { useSay } from '../words.ts'
import { type SideSeen, seenBy, storyOf } from './seen.ts'

/** What the door heard, side by side over time: the side heard last is where the box went. */
export const DoorPicture = ({ task }: { readonly task: TaskView }) => {
  const say = useSay()
  const { inside, outside, lastMs } = seenBy(task.evidence)
  if (!inside && !outside) return null
  return (
    <figure className="door-picture">
      <figcaption>
        <b>{say(`story.${storyOf(task.evidence)}`)}</b>
        <small>{say('tasks.door-saw', { seconds: (lastMs / 1_000).toFixed(1), n: Math.round(task.certainty * 100) })}</small>
      </figcaption>
      <Lane name={say('side.outside')} seen={outside} lastMs={lastMs} />
      <Lane name={say('side.inside')} seen={inside} lastMs={lastMs} />
    </figure>
  )
}

const Lane = ({ name, seen, lastMs }: { readonly name: string; readonly seen: SideSeen | null; readonly lastMs: number }) => {
  const say = useSay()
  const share = (ms: number): number => (ms / lastMs) * 100
  return (
    <div className="lane">
      <span>{name}</span>
      <span className="lane-track">
        {seen && <i style={{ left: `${share(seen.first)}%`, width: `${Math.max(2, share(seen.last - seen.first))}%` }} />}
        {seen && <b style={{ left: `${share(seen.centroid)}%` }} />}
      </span>
      <small>{seen ? say('tasks.reads', { n: seen.reads }) : say('tasks.no-reads')}</small>
    </div>
  )
}
