import type { SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'

/** What it may really be, the surest first, each with why and how sure; its figure on the keyboard takes it. */
export const Candidates = ({ suggestions, onTake }: CandidatesLine) => {
  const say = useSay()
  return (
    <section className="record-part">
      <h3>{say('desk.candidates')}</h3>
      {suggestions.length === 0 ? (
        <p className="faint desk-none">{say('desk.no-candidates')}</p>
      ) : (
        <ol className="desk-candidates">
          {suggestions.map((one, at) => (
            <Candidate key={`${one.is} ${one.id}`} one={one} figure={at + 1} onTake={() => onTake(one)} />
          ))}
        </ol>
      )}
    </section>
  )
}

interface CandidatesLine {
  readonly suggestions: readonly SuggestionView[]
  readonly onTake: (one: SuggestionView) => void
}

const Candidate = ({ one, figure, onTake }: { readonly one: SuggestionView; readonly figure: number; readonly onTake: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <li>
      <button type="button" className="desk-candidate" onClick={onTake} data-testid="candidate" data-is={one.is} data-score={one.score}>
        <kbd>{figure <= FIGURES ? figure : ''}</kbd>
        <span className="desk-candidate-words">
          <b>{nameIn(one.name, language)}</b>
          <small className="soft">
            {one.detail}
            {one.is !== 'lot' && (
              <>
                {one.detail && ' · '}
                <span className="mono">{one.id}</span>
              </>
            )}
          </small>
          <small className="faint">{say(`desk.take-${one.is}`)}</small>
        </span>
        <span className={`desk-why ${one.why === 'code' ? 'desk-sure' : ''}`}>
          <span>
            {one.why === 'code' ? say('desk.why-code') : say(one.is === 'lot' ? 'desk.why-lot' : 'desk.why-name', { n: one.score })}
          </span>
          <meter min={0} max={100} value={one.score} aria-label={say('desk.score')} />
        </span>
        <Icon name="forward" size={16} />
      </button>
    </li>
  )
}

/** Keys there are for it. */
const FIGURES = 9
