import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { useSay } from '../words.ts'
import { useAnswerKeys } from './use-answer-keys.ts'

type Answer = TaskView['answers'][number]
/** What stands on the button of an answer: its own word, or that of leaving or refusing what was asked. */
export type AnswerWord = Answer | 'leave' | 'refuse' | 'known' | 'foreign'

/** The answers a task takes, each a button as large as a thumb with what it will do under it. */
export const Answers = (given: {
  readonly answers: readonly Answer[]
  readonly wordOf: (answer: Answer) => AnswerWord
  readonly isSending: boolean
  readonly onChoose: (answer: Answer) => void
  /** Whether the figures of the keyboard mean this card. */
  readonly isCurrent?: boolean
}) => {
  const say = useSay()
  const { isCurrent = false, answers } = given
  useAnswerKeys(isCurrent && !given.isSending, answers.length, (at) => {
    const answer = answers[at]
    if (answer) given.onChoose(answer)
  })
  return (
    <div className={`answers ${answers.every((answer) => SHORT.includes(answer)) ? 'answers-short' : ''}`}>
      {answers.map((answer, at) => (
        <button
          type="button"
          key={answer}
          className={`answer answer-${answer}`}
          disabled={given.isSending}
          onClick={() => given.onChoose(answer)}
          data-testid={`answer-${answer}`}
        >
          <Icon name={ANSWER_ICONS[answer]} size={28} />
          <span>
            {say(`answer.${given.wordOf(answer)}`)}
            <small>{say(`answer.${given.wordOf(answer)}-hint`)}</small>
          </span>
          {isCurrent && <kbd>{at + 1}</kbd>}
        </button>
      ))}
    </div>
  )
}

/** Answers of a word each stand side by side on a telephone too. */
const SHORT: readonly Answer[] = ['in', 'out', 'none', 'bind']

/** The picture of each answer a task takes. */
const ANSWER_ICONS: Readonly<Record<Answer, IconName>> = {
  in: 'in',
  out: 'out',
  none: 'close',
  same: 'ok',
  bind: 'tag',
  counted: 'count',
  book: 'accept',
  take: 'accept',
  make: 'plus',
}
