import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { CROSSING_OUTCOMES, type CrossingOutcome } from '@lotkeeper/protocol/rules/crossing.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNodeState, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Answers } from './answers.tsx'
import { BindPaper } from './bind.tsx'
import { directionOf, TaskCard } from './passage.tsx'
import { STORIES, storyOf } from './seen.ts'
import { useUndoable } from './use-undoable.ts'
import { answersForAll, goodsOf } from './walks.ts'

type Answer = TaskView['answers'][number]

/** Boxes that came through a door together: one answer settles them all, each in an act of its own; what is left over by a trouble goes on from there. */
export const WalkCard = ({ walk, isCurrent }: { readonly walk: readonly TaskView[]; readonly isCurrent: boolean }) => {
  const say = useSay()
  const [isOpen, setOpen] = useState(false)
  const [isBinding, setBinding] = useState(false)
  const settle = useSettleAll()
  const answers = answersForAll(walk)
  return (
    <section className={`card task walk ${isCurrent ? 'task-current' : ''}`} data-testid="walk">
      <WalkHead walk={walk} />
      <Goods walk={walk} />
      <p className="walk-seen">
        <Icon name="door" size={24} />
        {STORIES.flatMap((story) => {
          const boxes = walk.filter(({ evidence }) => storyOf(evidence) === story).length
          return boxes === 0 ? [] : [say('walk.story', { n: boxes, story: say(`story.${story}`) })]
        }).join(say('walk.between'))}
      </p>
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      {settle.of > 0 && (
        <p className="walk-progress" role="status">
          {say('walk.progress', { n: settle.done, all: settle.of })}
        </p>
      )}
      {!isOpen && (
        <Answers
          answers={answers}
          wordOf={(answer) => answer}
          isSending={settle.of > 0}
          onChoose={(answer) => (answer === 'bind' ? setBinding(true) : void settle.all(walk, answer))}
          isCurrent={isCurrent && !isBinding}
        />
      )}
      <button type="button" className="plain-button" onClick={() => setOpen(!isOpen)} disabled={settle.of > 0} data-testid="walk-open">
        <Icon name={isOpen ? 'close' : 'forward'} size={22} />
        {say(isOpen ? 'walk.together' : 'walk.one-by-one')}
      </button>
      {isBinding && walk[0] && (
        <BindPaper
          task={walk[0]}
          onClose={() => setBinding(false)}
          onBind={(bound) => {
            setBinding(false)
            void settle.all(walk, 'bind', bound)
          }}
        />
      )}
      {isOpen && walk.map((task) => <TaskCard key={task.task} task={task} />)}
    </section>
  )
}

/** Sends the same answer for one box after the other and stops at the first that is refused; the boxes before it are settled and stay so. */
const useSettleAll = () => {
  const say = useSay()
  const { booked } = useStockroom()
  const undoable = useUndoable()
  const settle = useBooking('settle')
  const [progress, setProgress] = useState({ done: 0, of: 0 })
  const all = async (walk: readonly TaskView[], answer: Answer, more: object = {}): Promise<void> => {
    const entries: string[] = []
    let done = 0
    for (const task of walk) {
      setProgress({ done, of: walk.length })
      const settled = await settle.send({ task: task.task, answer, ...more })
      if (!settled?.ok) break
      entries.push(...undoable(task, answer, settled.value.entries))
      done += 1
    }
    setProgress({ done: 0, of: 0 })
    if (done > 0) booked({ words: say('walk.settled', { n: done, answer: say(`answer.${answer}`) }), entries })
  }
  return { all, trouble: settle.trouble, ...progress }
}

const WalkHead = ({ walk }: { readonly walk: readonly TaskView[] }) => {
  const { language } = useLanguage()
  const say = useSay()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  const doors = useNodeState().value?.doors
  const [task] = walk
  if (!task) return null
  const door = doors?.find((one) => one.door === task.door)
  const outcome = Object.hasOwn(CROSSING_OUTCOMES, task.outcome) ? CROSSING_OUTCOMES[task.outcome as CrossingOutcome] : null
  return (
    <header className="task-head">
      <Icon name={task.outcome === 'unknown-tag' ? 'tag' : 'unknown'} size={32} />
      <span>
        <b>
          {say('walk.title', { n: walk.length })} · {outcome ? nameIn(outcome, language) : task.outcome}
        </b>
        <small>
          {door ? nameIn(door.name, language) : task.door} · {moment(task.at, nowMs)}
          {task.outcome !== 'uncertain' && ` · ${say(`direction.${directionOf(task)}`)}`}
        </small>
      </span>
    </header>
  )
}

const Goods = ({ walk }: { readonly walk: readonly TaskView[] }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <ul className="walk-goods">
      {goodsOf(walk).map(({ task: { task, tag }, boxes }) => (
        <li key={task}>
          <b>{tag ? nameIn(tag.itemName, language) : say('walk.strange')}</b>
          {tag && <span className="mono">{tag.lotNumber}</span>}
          <span className="walk-count">{say('walk.boxes', { n: boxes })}</span>
        </li>
      ))}
    </ul>
  )
}
