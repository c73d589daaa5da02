import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { wayWords } from '../../parts/places.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { CountPaper } from '../count/paper.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonForm } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNode, usePlaceWords, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Answers, type AnswerWord } from './answers.tsx'

type Answer = TaskView['answers'][number]
type Ask = NonNullable<TaskView['ask']>

/** A task that no door made: the county, or the node's own book, asks to count a lot or to book a correction. Only who owns the place may. */
export const AskCard = ({ task, ask }: { readonly task: TaskView; readonly ask: Ask }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const settle = useBooking('settle')
  const [asking, setAsking] = useState<'count' | 'leave' | null>(null)
  const items = useNode('items', { limit: 500 }).value?.rows
  const item = nameIn(ask.itemName, language)
  const unit = items?.find((one) => ask.lot.startsWith(`${one.item}/`))?.unit ?? { zh: '', en: '' }
  const send = async (answer: Answer, reason?: string): Promise<void> => {
    const settled = await settle.send({ task: task.task, answer, ...(reason ? { reason } : {}) })
    if (!settled?.ok) return
    const words = say('tasks.settled', { item, answer: say(`answer.${wordOf(answer)}`) })
    booked({ words, entries: answer === 'book' ? settled.value.entries : [] })
  }
  const choose = (answer: Answer): void => {
    if (answer === 'counted') setAsking('count')
    else if (answer === 'none') setAsking('leave')
    else void send(answer)
  }
  return (
    <section className="card task" data-testid="task" data-outcome={`ask-${ask.what}`}>
      <AskHead task={task} ask={ask} />
      <AskedLot ask={ask} item={item} unit={nameIn(unit, language)} />
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      <Answers answers={task.answers} wordOf={wordOf} isSending={settle.state === 'sending'} onChoose={choose} />
      {asking === 'count' && <CountPaper subject={{ ...ask, unit, task: task.task, asked: ask.reason }} onClose={() => setAsking(null)} />}
      {asking === 'leave' && (
        <Paper title={say('answer.leave-why')} onClose={() => setAsking(null)} testId="leave-paper">
          <ReasonForm label={say('answer.leave')} onReason={(reason) => void send('none', reason).then(() => setAsking(null))} />
        </Paper>
      )}
    </section>
  )
}

/** To leave what was asked is not what to leave a box at the door is. */
const wordOf = (answer: Answer): AnswerWord => (answer === 'none' ? 'leave' : answer)

const AskHead = ({ task, ask }: { readonly task: TaskView; readonly ask: Ask }) => {
  const say = useSay()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  return (
    <header className="task-head">
      <Icon name={ask.what === 'count' ? 'count' : 'discrepancy'} size={32} />
      <span>
        <b>{say(`tasks.ask-${ask.what}`)}</b>
        <small>
          {say(`tasks.by-${ask.by}`)} · {moment(task.at, nowMs)}
        </small>
      </span>
    </header>
  )
}

/** What it is about, what the book says, why, and for a correction the lines it would book. */
const AskedLot = ({ ask, item, unit }: { readonly ask: Ask; readonly item: string; readonly unit: string }) => {
  const say = useSay()
  const words = usePlaceWords()
  const place = words(ask.place)
  return (
    <div className="tagged">
      <b>{item}</b>
      <span>
        {say('lot.number')} <span className="mono">{ask.lotNumber}</span>
      </span>
      <span>{say('tasks.book-says', { n: `${numberText(ask.book)} ${unit}`, place: `${place.whole} ${place.stateWord}` })}</span>
      <span className="ask-reason">{ask.reason}</span>
      {ask.lines.length > 0 && (
        <>
          <small>{say('tasks.would-book')}</small>
          <ul className="ask-lines">
            {ask.lines.map((line) => (
              <li key={`${line.lot} ${line.from} ${line.to}`}>
                {wayWords(words(line.from), words(line.to))} <b>{numberText(line.units)}</b> {unit}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
