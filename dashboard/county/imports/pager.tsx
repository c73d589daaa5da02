import { type RefObject, useState } from 'react'
import { numberText } from '../../parts/moments.ts'
import { useSay } from '../words.ts'
import { type Leaf, leafAfter, leafAt, leafBefore, type Shown } from './turning.ts'

/** Turns the rows, and opens them at any line of the sheet. */
export const Pager = ({ leaf, shown, perLeaf, lineField, onTurn, onLeaf }: PagerLine) => {
  const say = useSay()
  const [line, setLine] = useState('')
  const isFirst = leafBefore(leaf, shown, perLeaf) === null
  const isLast = leafAfter(shown) === null
  const [from, to] = [shown.rows[0]?.row, shown.rows.at(-1)?.row]
  const turns = [
    ['first', isFirst],
    ['back', isFirst],
    ['forward', isLast],
    ['last', isLast],
  ] as const
  return (
    <nav className="pager" aria-label={say('rows.title')}>
      {turns.slice(0, 2).map(([to, isOff]) => (
        <button key={to} type="button" className="plain-button" disabled={isOff} onClick={() => onTurn(to)} data-testid={`rows-${to}`}>
          {say(`rows.${to}`)}
        </button>
      ))}
      {from !== undefined && to !== undefined && (
        <span className="pager-span" data-testid="rows-span">
          {say('rows.span', { from: numberText(from), to: numberText(to) })}
        </span>
      )}
      {turns.slice(2).map(([to, isOff]) => (
        <button key={to} type="button" className="plain-button" disabled={isOff} onClick={() => onTurn(to)} data-testid={`rows-${to}`}>
          {say(`rows.${to}`)}
        </button>
      ))}
      <form
        className="pager-go"
        onSubmit={(event) => {
          event.preventDefault()
          if (line !== '') onLeaf(leafAt(Number(line)))
          lineField.current?.blur()
        }}
      >
        <label htmlFor="rows-line">{say('rows.go')}</label>
        <input
          id="rows-line"
          ref={lineField}
          inputMode="numeric"
          maxLength={7}
          value={line}
          onChange={(event) => setLine(event.target.value.replace(/\D/g, ''))}
          onKeyDown={(event) => {
            if (event.key === 'Escape') lineField.current?.blur()
          }}
          data-testid="rows-line"
        />
      </form>
    </nav>
  )
}

interface PagerLine {
  readonly leaf: Leaf
  readonly shown: Shown
  readonly perLeaf: number
  readonly lineField: RefObject<HTMLInputElement | null>
  readonly onTurn: (to: 'first' | 'back' | 'forward' | 'last') => void
  readonly onLeaf: (leaf: Leaf) => void
}
