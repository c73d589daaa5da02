import type { TableKindView, TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import { useEffect, useRef } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useSay } from '../words.ts'
import { recordHref } from './states.ts'

/** One row of a table: which record it is and why, and what becomes of it field by field. */
export const RowLine = (line: RowLineLine) => {
  const { row, isAt, takesFocus, onAt } = line
  const say = useSay()
  const self = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!takesFocus) return
    self.current?.focus({ preventScroll: true })
    self.current?.scrollIntoView({ block: 'nearest' })
  }, [takesFocus])
  return (
    <li
      ref={self}
      tabIndex={-1}
      className={isAt ? 'table-row table-row-at' : 'table-row'}
      aria-current={isAt ? 'true' : undefined}
      onFocus={() => {
        if (!isAt) onAt()
      }}
      data-testid="table-row"
      data-row={row.row}
      data-outcome={row.outcome}
    >
      <span className="table-line faint">{numberText(row.row)}</span>
      <span className={`mark mark-plain ${OUTCOME_MARKS[row.outcome]}`}>{say(`outcome.${row.outcome}`)}</span>
      <Which {...line} />
      <What {...line} />
    </li>
  )
}

interface RowLineLine {
  readonly row: TableRow
  readonly kind: string
  readonly columns: TableKindView['columns']
  readonly isAt: boolean
  readonly takesFocus: boolean
  readonly mayChoose: boolean
  readonly isSending: boolean
  readonly onAt: () => void
  readonly onChoose: (id: string | null) => void
}

const OUTCOME_MARKS = { new: 'mark-good', changed: 'mark-way', same: '', choice: 'mark-near', error: 'mark-bad' } as const

const Which = ({ row, kind }: RowLineLine) => {
  const say = useSay()
  const href = row.id !== null && (row.outcome !== 'new' || row.written) && row.outcome !== 'error' ? recordHref(kind, row.id) : null
  return (
    <span className="table-which">
      <b>{row.name || say('row.no-name')}</b>
      <small className="faint">
        {href === null ? (
          row.id && <span className="mono">{row.id}</span>
        ) : (
          <a className="record-link mono" href={href}>
            {row.id}
          </a>
        )}
        {row.matched && <span>{say(`row.by-${row.matched}`)}</span>}
        {row.written && <span className="table-written">{say('row.written')}</span>}
      </small>
    </span>
  )
}

/** A row that is refused says why; another may say what is to be known of it. */
const What = (line: RowLineLine) => {
  const { row, isAt, mayChoose } = line
  const say = useSay()
  const { language } = useLanguage()
  const asks = row.candidates.length > 0 && mayChoose && (row.outcome === 'choice' || isAt)
  return (
    <div className="table-what">
      {row.why && (
        <span className={row.outcome === 'error' ? 'table-why' : 'table-warns'}>
          {nameIn(row.why, language)} <small className="mono">{row.why.code}</small>
        </span>
      )}
      {row.warnings?.map((warning) => (
        <span key={warning.code} className="table-warning" data-testid="warning">
          {nameIn(warning, language)}
        </span>
      ))}
      {row.outcome === 'same' && <span className="faint">{say('row.same')}</span>}
      <Changes {...line} />
      {asks && <Candidates {...line} />}
    </div>
  )
}

/** What changes, the old beside the new; of a new record only what it says. The rest opens where one stands. */
const Changes = ({ row, columns, isAt }: RowLineLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const shown = isAt ? row.changes : row.changes.slice(0, FEW)
  const wordOf = (key: string): string => {
    const name = columns.find(({ column }) => column === key)?.name
    return name ? nameIn(name, language) : key
  }
  if (shown.length === 0) return null
  return (
    <dl className={row.outcome === 'changed' ? 'changes changes-both' : 'changes'}>
      {shown.map(({ column, before, after }) => (
        <div key={column} data-testid="change" data-column={column}>
          <dt>{wordOf(column)}</dt>
          <dd>
            {row.outcome === 'changed' && <del>{before || say('row.empty')}</del>}
            <ins>{after || say('row.empty')}</ins>
          </dd>
        </div>
      ))}
      {row.changes.length > shown.length && <small className="faint">{say('row.more', { n: row.changes.length - shown.length })}</small>}
    </dl>
  )
}
const FEW = 4

const Candidates = ({ row, isSending, onChoose }: RowLineLine) => {
  const say = useSay()
  return (
    <fieldset className="candidates" aria-label={say('row.alike')} disabled={isSending}>
      {row.outcome === 'choice' && <small className="soft">{say('row.alike')}</small>}
      {row.candidates.map(({ id, name, score }, at) => (
        <button
          key={id}
          type="button"
          className="candidate"
          aria-pressed={row.matched === 'chosen' && row.id === id}
          onClick={() => onChoose(id)}
          data-testid="candidate"
        >
          <kbd>{at + 1}</kbd>
          <span className="candidate-words">
            {name} <small className="mono faint">{id}</small>
          </span>
          {score > 0 && (
            <span className="candidate-score">
              <i style={{ width: `${Math.round(score * 100)}%` }} />
              {say('row.score', { n: Math.floor(score * 100) })}
            </span>
          )}
        </button>
      ))}
      <button
        type="button"
        className="candidate"
        aria-pressed={row.matched === 'chosen' && row.outcome === 'new'}
        onClick={() => onChoose(null)}
        data-testid="candidate-new"
      >
        <kbd>N</kbd>
        <span className="candidate-words">{say('row.is-new')}</span>
      </button>
    </fieldset>
  )
}
