import { useSay } from '../words.ts'

/** A reason in the keeper's words, or one that is common, by one touch. */
export const ReasonField = ({ label, common, value, onChange }: ReasonFieldLine) => {
  const say = useSay()
  return (
    <div className="reason">
      <label>
        {label}
        <textarea rows={2} maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} data-testid="reason" />
      </label>
      <small className="soft">{say('reason.no-names')}</small>
      <div className="chips">
        {common.map((words) => (
          <button
            type="button"
            key={words}
            className="chip"
            aria-pressed={value === words}
            onClick={() => onChange(value === words ? '' : words)}
          >
            {words}
          </button>
        ))}
      </div>
    </div>
  )
}

interface ReasonFieldLine {
  readonly label: string
  readonly common: readonly string[]
  readonly value: string
  readonly onChange: (value: string) => void
}
