import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { OpeningView } from '@lotkeeper/protocol/api/node-openings.ts'
import { useState } from 'react'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Paper } from '../parts/paper.tsx'
import { ReasonForm } from '../parts/refused.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNodeState, usePlaceWords, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { Answers, type AnswerWord } from './answers.tsx'
import { standingOf } from './standing.ts'

type Answer = TaskView['answers'][number]
type Line = OpeningView['lines'][number]

/** The stock of an old system, lot by lot: taken over in one touch, or left with a reason; what stands here already is asked about before. */
export const OpeningCard = ({ task, opening }: { readonly task: TaskView; readonly opening: OpeningView }) => {
  const say = useSay()
  const { booked } = useStockroom()
  const settle = useBooking('settle')
  const [asking, setAsking] = useState<'sure' | 'refuse' | null>(null)
  const standing = opening.lines.filter((line) => line.standing > 0)
  const { doc } = opening
  const send = async (answer: Answer, more: { readonly reason?: string; readonly sure?: true } = {}): Promise<void> => {
    const settled = await settle.send({ task: task.task, answer, ...more })
    setAsking(null)
    if (!settled?.ok) return
    const words = answer === 'take' ? say('opening.taken', { lots: lotsIn(opening.lines), doc }) : say('opening.left', { doc })
    booked({ words, entries: answer === 'take' ? settled.value.entries : [] })
  }
  const choose = (answer: Answer): void => {
    if (answer === 'none') setAsking('refuse')
    else if (standing.length > 0) setAsking('sure')
    else void send(answer)
  }
  return (
    <section className="card task" data-testid="task" data-outcome="opening">
      <OpeningHead task={task} opening={opening} />
      <Warnings opening={opening} standing={standing} />
      <Lines lines={opening.lines} />
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      <Answers answers={task.answers} wordOf={wordOf} isSending={settle.state === 'sending'} onChoose={choose} />
      {asking === 'sure' && (
        <Paper title={say('opening.sure-title')} onClose={() => setAsking(null)} testId="sure-paper">
          <p>{say('opening.sure-hint')}</p>
          <ul className="opening-lines">
            {standing.map((line) => (
              <OpeningLine key={keyOf(line)} line={line} />
            ))}
          </ul>
          <button type="button" className="wide-button warn" onClick={() => void send('take', { sure: true })} data-testid="sure-send">
            <Icon name="ok" size={24} />
            {say('opening.sure')}
          </button>
        </Paper>
      )}
      {asking === 'refuse' && (
        <Paper title={say('answer.refuse-why')} onClose={() => setAsking(null)} testId="leave-paper">
          <ReasonForm label={say('answer.refuse')} onReason={(reason) => void send('none', { reason })} />
        </Paper>
      )}
    </section>
  )
}

/** Not to take over is not what to leave a box at the door is. */
const wordOf = (answer: Answer): AnswerWord => (answer === 'none' ? 'refuse' : answer)

const OpeningHead = ({ task, opening }: { readonly task: TaskView; readonly opening: OpeningView }) => {
  const say = useSay()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  const { doc, counted, lines } = opening
  const items = new Set(lines.map(({ lot }) => lot.slice(0, lot.indexOf('/')))).size
  return (
    <>
      <header className="task-head">
        <Icon name="in" size={32} />
        <span>
          <b>{say('opening.title')}</b>
          <small>
            {say('opening.from', { doc })}
            {counted && ` · ${say('opening.counted', { day: counted })}`} · {moment(task.at, nowMs)}
          </small>
        </span>
      </header>
      <p className="opening-sum">
        <b>{say('opening.sum', { lots: lotsIn(lines), items })}</b>
        <small>{say('opening.hint')}</small>
      </p>
    </>
  )
}

const Warnings = ({ opening, standing }: { readonly opening: OpeningView; readonly standing: readonly Line[] }) => {
  const say = useSay()
  const expired = opening.lines.filter(({ expiryState }) => expiryState === 'expired')
  if (standing.length === 0 && expired.length === 0) return null
  return (
    <ul className="opening-warnings">
      {standing.length > 0 && (
        <li data-testid="opening-standing">
          <Icon name="warn" size={24} />
          {say('opening.standing-n', { n: lotsIn(standing) })}
        </li>
      )}
      {expired.length > 0 && (
        <li data-testid="opening-expired">
          <Icon name="expired" size={24} />
          {say('opening.expired-n', { n: lotsIn(expired) })}
        </li>
      )}
    </ul>
  )
}

/** What has to be looked at comes first; the rest of a long list is one touch away. */
const Lines = ({ lines }: { readonly lines: readonly Line[] }) => {
  const say = useSay()
  const [whole, setWhole] = useState(false)
  const sorted = lines.toSorted((one, other) => concernOf(other) - concernOf(one))
  const shown = whole ? sorted : sorted.slice(0, SHOWN_LINES)
  return (
    <>
      <ul className="opening-lines">
        {shown.map((line) => (
          <OpeningLine key={keyOf(line)} line={line} />
        ))}
      </ul>
      {lines.length > SHOWN_LINES && (
        <button type="button" className="plain-button" onClick={() => setWhole(!whole)} data-testid="opening-all">
          <Icon name={whole ? 'minus' : 'down'} size={20} />
          {whole ? say('opening.less') : say('opening.all', { n: numberText(lines.length) })}
        </button>
      )}
    </>
  )
}

const OpeningLine = ({ line }: { readonly line: Line }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const today = useNodeState().value?.today
  const unit = nameIn(line.unit, language)
  const place = words(line.place)
  return (
    <li data-testid="opening-line" data-lot={line.lot}>
      <span className="opening-what">
        <b>{nameIn(line.itemName, language)}</b>
        <small>
          {say('lot.number')} <span className="mono">{line.lotNumber}</span>
          {line.supplier && ` · ${say('opening.supplier', { name: nameIn(line.supplier, language) })}`}
        </small>
      </span>
      <span className="opening-day">
        {line.expiry && <span className="mono">{line.expiry}</span>} <ExpiryMark row={standingOf(line.expiry, today)} brief />
      </span>
      <span className="opening-place">
        {place.whole} {place.stateWord}
      </span>
      <span className="opening-units">
        <span>
          <b>{numberText(line.units)}</b> {unit}
        </span>
        {line.standing > 0 && <small className="mark mark-near">{say('opening.standing', { n: numberText(line.standing), unit })}</small>}
      </span>
    </li>
  )
}

const SHOWN_LINES = 8
const lotsIn = (lines: readonly Line[]): number => new Set(lines.map(({ lot }) => lot)).size
const keyOf = ({ lot, place, units, expiry }: Line): string => `${lot} ${place} ${units} ${expiry}`
const concernOf = ({ standing, expiryState }: Line): number => (standing > 0 ? 2 : 0) + (expiryState === 'expired' ? 1 : 0)
