import { useRef, useState } from 'react'
import { mayRetry, type Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useSay } from '../words.ts'

/** What a person adds to an act that was refused, so that it may be booked after all. */
export interface Answered {
  readonly override?: Override
  /** Every rule set aside so far; a receipt may meet several. */
  readonly overrides?: Override[]
  readonly moreThanBook?: boolean
  readonly anotherBox?: boolean
}

interface Override {
  readonly rule: string
  readonly reason: string
}

/** The answers given to one act so far: a lot past its date that is also short is asked about twice, and both answers must arrive together. */
export const useAnswers = (): { readonly add: (answered: Answered) => Answered; readonly clear: () => void } => {
  const given = useRef<Answered>({})
  return {
    add: (answered) => {
      const { override } = answered
      const others = (given.current.overrides ?? []).filter(({ rule }) => rule !== override?.rule)
      given.current = { ...given.current, ...answered, ...(override ? { overrides: [...others, override] } : {}) }
      return given.current
    },
    clear: () => {
      given.current = {}
    },
  }
}

/** A refusal answered where it stands: a reason for what a rule forbids, a yes for more than the book, "another box" for a double. */
export const Refused = ({
  trouble,
  onAnswer,
  onGiveUp,
}: {
  readonly trouble: Trouble
  readonly onAnswer: (answered: Answered) => void
  readonly onGiveUp: () => void
}) => {
  const say = useSay()
  return (
    <div className="refused" data-testid="refused" data-code={trouble.code}>
      <TroubleNote trouble={trouble} />
      {trouble.code in REASONS && (
        <ReasonForm
          key={trouble.code}
          rule={trouble.code}
          onReason={(reason) => onAnswer({ override: { rule: trouble.code, reason } })}
          label={say('refused.use-anyway')}
        />
      )}
      {trouble.code === 'rules.more-than-book' && (
        <button type="button" className="wide-button warn" onClick={() => onAnswer({ moreThanBook: true })} data-testid="more-than-book">
          <Icon name="ok" size={24} />
          {say('refused.shelf-has-it')}
        </button>
      )}
      {trouble.code === 'rules.already-booked' && (
        <button type="button" className="wide-button warn" onClick={() => onAnswer({ anotherBox: true })} data-testid="another-box">
          <Icon name="plus" size={24} />
          {say('refused.another-box')}
        </button>
      )}
      {mayRetry(trouble) && (
        <button type="button" className="wide-button" onClick={() => onAnswer({})} data-testid="again">
          <Icon name="renew" size={24} />
          {say('refused.again')}
        </button>
      )}
      <button type="button" className="wide-button quiet" onClick={onGiveUp}>
        {say(trouble.code === 'rules.already-booked' ? 'refused.same-box' : 'page.cancel')}
      </button>
    </div>
  )
}

type Reason = `reason.${'urgent' | 'training' | 'checked' | 'renewed' | 'returned' | 'label-damaged' | 'label-lacks'}`
const PAPERS = ['reason.urgent', 'reason.renewed'] as const
/** Rules a person may set aside, and reasons that are common. */
const REASONS: Readonly<Record<string, readonly Reason[]>> = {
  'rules.lot-expired': ['reason.urgent', 'reason.training', 'reason.checked'],
  'rules.item-retired': ['reason.urgent', 'reason.returned'],
  'rules.certificate-ended': PAPERS,
  'rules.certificate-not-yet': PAPERS,
  'rules.licence-ended': PAPERS,
  'rules.label-incomplete': ['reason.label-damaged', 'reason.label-lacks'],
}

/** Asks for a reason: a few that are common, or the keeper's own words. */
export const ReasonForm = ({
  onReason,
  label,
  rule,
}: {
  readonly onReason: (reason: string) => void
  readonly label: string
  readonly rule?: string
}) => {
  const say = useSay()
  const [reason, setReason] = useState('')
  const common = (REASONS[rule ?? ''] ?? []).map((one) => say(one))
  return (
    <form
      className="reason"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.trim() !== '') onReason(reason.trim())
      }}
    >
      {common.length > 0 && (
        <div className="chips">
          {common.map((words) => (
            <button type="button" key={words} className="chip" onClick={() => setReason(words)}>
              {words}
            </button>
          ))}
        </div>
      )}
      <label>
        {say('reason.label')}
        <textarea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} data-testid="reason" />
      </label>
      <button type="submit" className="wide-button warn" disabled={reason.trim() === ''} data-testid="reason-send">
        {label}
      </button>
    </form>
  )
}
