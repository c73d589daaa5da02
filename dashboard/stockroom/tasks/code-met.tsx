import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { hrefOf } from '../../parts/route.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Choices } from '../parts/choices.tsx'
import { countedIn } from '../parts/packs.ts'
import { Paper } from '../parts/paper.tsx'
import { PickItem } from '../parts/pick-item.tsx'
import { ReasonForm } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { MakeItem } from '../receive/make-item.tsx'
import { textView } from '../scan/use-cards.ts'
import { useMoments, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Answers, type AnswerWord } from './answers.tsx'

type Code = NonNullable<TaskView['code']>
type Answer = TaskView['answers'][number]

/** A code that was scanned and that nobody knows: the item is made here, the code is put to a known one, or it is none of this stockroom's. */
export const CodeCard = ({ task, code }: { readonly task: TaskView; readonly code: Code }) => {
  const say = useSay()
  const { booked } = useStockroom()
  const settle = useBooking('settle')
  const [asking, setAsking] = useState<'make' | 'bind' | 'none' | null>(null)
  const send = async (answer: Answer, more: object): Promise<void> => {
    const settled = await settle.send({ task: task.task, answer, ...more })
    if (!settled?.ok) return
    setAsking(null)
    booked({ words: say('tasks.settled', { item: code.code, answer: say(`answer.${wordOf(answer)}`) }), entries: [] })
  }
  return (
    <section className="card task" data-testid="task" data-outcome="code-met">
      <CodeHead task={task} code={code} />
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      <Answers
        answers={task.answers}
        wordOf={wordOf}
        isSending={settle.state === 'sending'}
        onChoose={(answer) => setAsking(answer === 'make' || answer === 'bind' ? answer : 'none')}
      />
      {asking === 'make' && <MakeItem scanned={textView(code.scan)} onMade={() => setAsking(null)} onClose={() => setAsking(null)} />}
      {asking === 'bind' && <BindCode code={code} onClose={() => setAsking(null)} onBind={(bound) => void send('bind', bound)} />}
      {asking === 'none' && (
        <Paper title={say('answer.foreign-why')} onClose={() => setAsking(null)} testId="leave-paper">
          <ReasonForm label={say('answer.foreign')} onReason={(reason) => void send('none', { reason })} />
        </Paper>
      )}
    </section>
  )
}

/** To put a code to an item is not what binding a tag is, and to leave one is not to leave a box at the door. */
const wordOf = (answer: Answer): AnswerWord => (answer === 'bind' ? 'known' : answer === 'none' ? 'foreign' : answer)

const CodeHead = ({ task, code }: { readonly task: TaskView; readonly code: Code }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  return (
    <>
      <header className="task-head">
        <Icon name="scan" size={32} />
        <span>
          <b>{say('codes.unknown')}</b>
          <small>{moment(task.at, nowMs)}</small>
        </span>
      </header>
      <div className="tagged">
        <b className="mono epc">{code.code}</b>
        <dl className="code-rows">
          {code.rows.map((row) => (
            <div key={`${row.zh} ${row.value}`}>
              <dt>{nameIn(row, language)}</dt>
              <dd className="mono">{row.value}</dd>
            </div>
          ))}
        </dl>
        <a href={hrefOf('look', { code: code.scan })}>{say('look.into')}</a>
      </div>
    </>
  )
}

interface Bound {
  readonly item: string
  readonly pack: string
}
interface BindCodeLine {
  readonly code: Code
  readonly onClose: () => void
  readonly onBind: (bound: Bound) => void
}

const BindCode = ({ code, onClose, onBind }: BindCodeLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const [item, setItem] = useState<ItemView | null>(null)
  const [pack, setPack] = useState<string | null>(null)
  const ways = item ? countedIn(item, language).filter((way) => item.packs.some((level) => level.pack === way.pack)) : []
  return (
    <Paper title={say('codes.bind-title')} onClose={onClose} testId="bind-code">
      <p className="soft mono epc">{code.code}</p>
      {!item && <PickItem onPick={setItem} />}
      {item && (
        <div className="bind">
          <p className="picked">
            <b>{nameIn(item.name, language)}</b>
            <button type="button" className="plain-button" onClick={() => setItem(null)}>
              {say('bind.other-item')}
            </button>
          </p>
          <Choices
            label={say('codes.bind-pack')}
            value={pack}
            onChange={setPack}
            options={ways.map((way) => ({
              value: way.pack,
              words: way.words,
              note: `${numberText(way.units)} ${nameIn(item.unit, language)}`,
            }))}
          />
          <p className="soft">{say('codes.bind-hint')}</p>
          <button
            type="button"
            className="wide-button good"
            disabled={pack === null}
            onClick={() => onBind({ item: item.item, pack: pack ?? '' })}
            data-testid="bind-code-send"
          >
            <Icon name="ok" size={26} />
            {say('codes.bind-send')}
          </button>
        </div>
      )}
    </Paper>
  )
}
