import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useNode } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { AskCard } from './ask.tsx'
import { CodeCard } from './code-met.tsx'
import { LotDaysCard } from './lot-days.tsx'
import { OpeningCard } from './opening.tsx'
import { TaskCard } from './passage.tsx'
import { useCurrent } from './use-answer-keys.ts'
import { WalkCard } from './walk.tsx'
import { walksOf } from './walks.ts'

/** What the doors could not decide alone: each is settled by one touch, with what the door saw beside it; what came through a door together is one card. */
export const TasksPage = () => {
  const say = useSay()
  const tasks = useNode('tasks')
  const rows = tasks.value?.rows
  const walks = walksOf(rows ?? [])
  const lots = useNode('lotExpiries').value?.rows ?? []
  const atDoor = walks.filter(([task]) => task && isAtDoor(task)).map(([task]) => task?.task ?? '')
  const current = useCurrent(atDoor)
  return (
    <div className="work">
      <h1>{say('screen.tasks')}</h1>
      <p className={`lead ${atDoor.length > 0 ? 'task-lead' : ''}`}>{say('tasks.lead')}</p>
      {atDoor.length > 0 && <p className="keys-hint">{say('tasks.keys')}</p>}
      {tasks.trouble && <TroubleNote trouble={tasks.trouble} />}
      {!rows && !tasks.trouble && <Waiting rows={6} />}
      {rows?.length === 0 && lots.length === 0 && <EmptyNote title={say('tasks.none')} hint={say('tasks.none-hint')} />}
      <div className="task-cards">
        {lots.map((lot) => (
          <LotDaysCard key={`${lot.lot} ${lot.days.length}`} lot={lot} />
        ))}
        {walks.map((walk) => (
          // The last one of a walk stays until the walk is settled whole: the card keeps its place meanwhile.
          <OneWalk key={walk.at(-1)?.task} walk={walk} isCurrent={current !== null && walk[0]?.task === current} />
        ))}
      </div>
    </div>
  )
}

const OneWalk = ({ walk, isCurrent }: { readonly walk: readonly TaskView[]; readonly isCurrent: boolean }) => {
  const [task] = walk
  if (!task) return null
  if (walk.length > 1) return <WalkCard walk={walk} isCurrent={isCurrent} />
  if (task.code) return <CodeCard task={task} code={task.code} />
  if (task.opening) return <OpeningCard task={task} opening={task.opening} />
  return task.ask ? <AskCard task={task} ask={task.ask} /> : <TaskCard task={task} isCurrent={isCurrent} />
}

const isAtDoor = ({ code, opening, ask }: TaskView): boolean => !code && !opening && !ask
