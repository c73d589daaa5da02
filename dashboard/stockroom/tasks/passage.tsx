import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { CROSSING_OUTCOMES, type CrossingOutcome } from '@lotkeeper/protocol/rules/crossing.ts'
import { useState } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNodeState, usePlaceWords, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Answers } from './answers.tsx'
import { BindPaper } from './bind.tsx'
import { DoorPicture } from './door-picture.tsx'
import { standingOf } from './standing.ts'
import { UnitsPaper } from './units.tsx'
import { useUndoable } from './use-undoable.ts'

type Answer = TaskView['answers'][number]

/** One box the door could not decide about: settled by one touch, with what the door saw beside it. */
export const TaskCard = ({ task, isCurrent = false }: { readonly task: TaskView; readonly isCurrent?: boolean }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const undoable = useUndoable()
  const settle = useBooking('settle')
  const [asking, setAsking] = useState<'bind' | 'in' | 'out' | null>(null)
  const send = async (answer: Answer, more: object = {}): Promise<void> => {
    const settled = await settle.send({ task: task.task, answer, ...more })
    if (!settled?.ok) return
    const name = task.tag ? nameIn(task.tag.itemName, language) : task.epc.slice(-6)
    booked({
      words: say('tasks.settled', { item: name, answer: say(`answer.${answer}`) }),
      entries: undoable(task, answer, settled.value.entries),
    })
  }
  const choose = (answer: Answer): void => {
    // An opened pack has no known rest: the count is asked before, not after, a refusal.
    const unknownRest = task.tag !== null && task.tag.units === null && (answer === 'in' || answer === 'out')
    if (answer === 'bind') setAsking('bind')
    else if (unknownRest) setAsking(answer)
    else void send(answer)
  }
  return (
    <section className={`card task ${isCurrent ? 'task-current' : ''}`} data-testid="task" data-outcome={task.outcome}>
      <TaskHead task={task} />
      <TaggedBox task={task} />
      <DoorPicture task={task} />
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      <Answers
        answers={task.answers}
        wordOf={(answer) => answer}
        isSending={settle.state === 'sending'}
        onChoose={choose}
        isCurrent={isCurrent && asking === null}
      />
      {asking === 'bind' && (
        <BindPaper task={task} onClose={() => setAsking(null)} onBind={(bound) => void send('bind', bound).then(() => setAsking(null))} />
      )}
      {(asking === 'in' || asking === 'out') && task.tag && (
        <UnitsPaper
          tag={task.tag}
          onClose={() => setAsking(null)}
          onUnits={(units) => void send(asking, { units }).then(() => setAsking(null))}
        />
      )}
    </section>
  )
}

const TaskHead = ({ task }: { readonly task: TaskView }) => {
  const { language } = useLanguage()
  const say = useSay()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  const door = useNodeState().value?.doors.find((one) => one.door === task.door)
  const known = Object.hasOwn(CROSSING_OUTCOMES, task.outcome)
    ? CROSSING_OUTCOMES[task.outcome as CrossingOutcome]
    : { zh: task.outcome, en: task.outcome }
  return (
    <header className="task-head">
      <Icon name={task.outcome === 'unknown-tag' ? 'tag' : 'unknown'} size={32} />
      <span>
        <b>{nameIn(known, language)}</b>
        <small>
          {door ? nameIn(door.name, language) : task.door} · {moment(task.at, nowMs)}
          {task.outcome !== 'uncertain' && ` · ${say(`direction.${directionOf(task)}`)}`}
        </small>
      </span>
    </header>
  )
}

/** The box as it is registered and where the book has it; an unknown tag shows its code, the end of which stands on the label. */
const TaggedBox = ({ task }: { readonly task: TaskView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const today = useNodeState().value?.today
  const { tag } = task
  if (!tag) {
    return (
      <p className="tagged">
        <b className="mono epc">{task.epc}</b>
        <small>{say('tasks.unknown-hint')}</small>
      </p>
    )
  }
  return (
    <p className="tagged">
      <b>{nameIn(tag.itemName, language)}</b>
      <span>
        {say('lot.number')} <span className="mono">{tag.lotNumber}</span> · {tag.pack}{' '}
        {tag.units === null ? say('tasks.units-unknown') : say('tasks.units', { n: numberText(tag.units) })}
      </span>
      <span>
        {tag.expiry && (
          <>
            {say('lot.expiry')} {tag.expiry} <ExpiryMark row={standingOf(tag.expiry, today)} />
          </>
        )}
      </span>
      <small>{tag.place ? say('tasks.booked-at', { place: words(tag.place).whole }) : say('tasks.not-booked')}</small>
    </p>
  )
}

export const directionOf = (task: TaskView): 'in' | 'out' | 'uncertain' =>
  task.direction === 'in' || task.direction === 'out' ? task.direction : 'uncertain'
