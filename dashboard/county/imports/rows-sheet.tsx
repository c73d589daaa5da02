import type { RowOutcome, TableImport, TableKindView, TableRow } from '@lotkeeper/protocol/api/hub-imports.ts'
import { useContext, useEffect, useRef, useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { numberText } from '../../parts/moments.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useHub } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { type KeyWish, keepsKey, wishOfKey } from './keys.ts'
import { ManyBar } from './many-bar.tsx'
import { Pager } from './pager.tsx'
import { RowLine } from './row-line.tsx'
import { FIRST, LAST, type Leaf, leafAfter, leafBefore, queryOf } from './turning.ts'

/** Every row of an import with what becomes of it: leaf by leaf, by outcome, and by the keys alone. */
export const RowsSheet = ({ one, columns, onCommit, off }: RowsLine) => {
  const say = useSay()
  const page = useRowsPage(one)
  const { rows, value, trouble, outcome, leaf, at } = page
  const mayChoose = one.state === 'ready'
  const choose = useChoose(one, (row) => page.put(row))
  const lineField = useRef<HTMLInputElement>(null)
  const before = useRef(Promise.resolve())
  // The next key is for the next row, however long this one is on its way: answers wait for each other, and a refused one brings its row back.
  const answer = (index: number, id: string | null | undefined): void => {
    const row = rows[index]
    if (!mayChoose || !row || id === undefined || row.written || row.candidates.length === 0) return
    page.toNextChoice(index)
    before.current = before.current.then(async () => {
      if (!(await choose.send({ row: row.row, id }))?.ok) page.setAt(index)
    })
  }
  const follow: Readonly<Record<KeyWish['is'], (wish: KeyWish) => void>> = {
    move: (wish) => wish.is === 'move' && page.move(wish.by),
    turn: (wish) => wish.is === 'turn' && page.turn(wish.to),
    filter: (wish) => wish.is === 'filter' && page.step(wish.by),
    choose: (wish) => wish.is === 'choose' && answer(at, rows[at]?.candidates[wish.at]?.id),
    new: () => answer(at, null),
    go: () => lineField.current?.select(),
    commit: () => mayChoose && one.outcomes.choice === 0 && onCommit(),
  }
  useKeys(off, (wish) => follow[wish.is](wish))
  return (
    <Sheet title={say('rows.title')} className="list-sheet rows-sheet" aside={<KeyLegend mayChoose={mayChoose} />}>
      <Outcomes one={one} chosen={outcome} onChoose={page.filter} />
      {mayChoose && outcome === 'choice' && <ManyBar one={one} onChosen={page.renew} />}
      {trouble && <TroubleNote trouble={trouble} again={page.renew} />}
      {choose.trouble && <TroubleNote trouble={choose.trouble} />}
      {!value && !trouble && <Waiting rows={8} />}
      {value && rows.length === 0 && <EmptyNote title={say(outcome === 'choice' ? 'rows.none-choice' : 'rows.none')} />}
      <ol className="table-rows">
        {rows.map((row, index) => (
          <RowLine
            key={row.row}
            row={row}
            kind={one.kind}
            columns={columns}
            isAt={index === at}
            takesFocus={index === at && page.byKey}
            mayChoose={mayChoose && !row.written}
            isSending={choose.state === 'sending'}
            onAt={() => page.setAt(index)}
            onChoose={(id) => answer(index, id)}
          />
        ))}
      </ol>
      {value && <Pager leaf={leaf} shown={value} perLeaf={PER_LEAF} lineField={lineField} onTurn={page.turn} onLeaf={page.open} />}
    </Sheet>
  )
}

interface RowsLine {
  readonly one: TableImport
  readonly columns: TableKindView['columns']
  readonly onCommit: () => void
  /** A paper lies over the rows and has the keys. */
  readonly off: boolean
}

type Filter = RowOutcome | 'all'
/** What waits for a person stands first. */
const FILTERS: readonly Filter[] = ['all', 'choice', 'error', 'new', 'changed', 'same']
const PER_LEAF = 100

/** One leaf of the rows, where one stands on it, and the ways to another. */
const useRowsPage = (one: TableImport) => {
  const { choice } = useRoute()
  const shelf = useContext(ShelfContext)
  // Who comes to rows that ask sees those first; the address may say otherwise.
  const [begun] = useState<Filter>(() => (one.outcomes.choice > 0 ? 'choice' : 'all'))
  const outcome = FILTERS.find((filter) => filter === choice['outcome']) ?? begun
  const [place, setPlace] = useState<{ readonly of: Filter; readonly leaf: Leaf }>({ of: outcome, leaf: FIRST })
  const leaf = place.of === outcome ? place.leaf : FIRST
  const [at, setAt] = useState(0)
  const [byKey, setByKey] = useState(false)
  // What was chosen stays in sight with what came of it, until the leaf is turned.
  const [chosen, setChosen] = useState<ReadonlyMap<number, TableRow>>(new Map())
  const asked = useHub('tableRows', {
    ...{ import: one.import, limit: PER_LEAF, ...queryOf(leaf) },
    ...(outcome === 'all' ? {} : { outcome }),
  })
  const kept = useRef(asked.value)
  if (asked.value) kept.current = asked.value
  const value = asked.value ?? (asked.trouble ? undefined : kept.current)
  const rows = mended(value?.rows ?? [], chosen)
  const open = (to: Leaf | null, from = 0, of = outcome): void => {
    if (!to) return
    setPlace({ of, leaf: to })
    setAt(from)
    setChosen(new Map())
    shelf.renew('tableRows ')
  }
  const filter = (to: Filter): void => {
    open(FIRST, 0, to)
    replaceChoice(`imports/${one.import}`, { ...choice, id: undefined, outcome: to })
  }
  const filterRef = useRef(filter)
  filterRef.current = filter
  // Once it is being written nothing is asked any more.
  const isAsked = outcome !== 'choice' || one.state === 'ready'
  useEffect(() => {
    if (!isAsked) filterRef.current('all')
  }, [isAsked])
  const turn = (to: 'back' | 'forward' | 'first' | 'last', from = 0): void => {
    if (!value) return
    open({ first: FIRST, last: LAST, forward: leafAfter(value), back: leafBefore(leaf, value, PER_LEAF) }[to], from)
  }
  const move = (by: number): void => {
    setByKey(true)
    const to = at + by
    if (to < 0) turn('back', PER_LEAF - 1)
    else if (to >= rows.length) turn('forward')
    else setAt(to)
  }
  return {
    ...{ rows, value, trouble: asked.trouble, outcome, leaf, byKey, open, filter, turn, move },
    at: Math.min(at, Math.max(0, rows.length - 1)),
    setAt: (index: number) => {
      setByKey(false)
      setAt(index)
    },
    step: (by: number) => {
      const shown = FILTERS.filter((each) => each === 'all' || one.outcomes[each] > 0 || each === outcome)
      filter(shown[(shown.indexOf(outcome) + by + shown.length) % shown.length] ?? 'all')
    },
    put: (row: TableRow) => setChosen((now) => new Map(now).set(row.row, row)),
    toNextChoice: (from: number) => {
      const next = rows.findIndex((row, index) => index > from && row.outcome === 'choice')
      setByKey(true)
      setAt(next >= 0 ? next : from)
    },
    renew: () => open(FIRST),
  }
}

/** Rows with what was chosen since they were asked for; a chosen one that the hub no longer counts among them stays where it was. */
const mended = (rows: readonly TableRow[], chosen: ReadonlyMap<number, TableRow>): readonly TableRow[] => {
  const there = new Set(rows.map(({ row }) => row))
  const gone = [...chosen.values()].filter(({ row }) => !there.has(row))
  return [...rows.map((row) => chosen.get(row.row) ?? row), ...gone].sort((one, other) => one.row - other.row)
}

const useChoose = ({ import: id }: TableImport, onChosen: (row: TableRow) => void) => {
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  return useAct(async (action, asked: { readonly row: number; readonly id: string | null }) => {
    const answer = await hub.ask('chooseTableRow', { body: { action, import: id, ...asked } })
    if (answer.ok) onChosen(answer.value)
    shelf.renew('tableImport ')
    return answer
  })
}

/** The keys of the whole page, as long as no field has them. */
const useKeys = (off: boolean, follow: (wish: KeyWish) => void): void => {
  const latest = useRef(follow)
  latest.current = follow
  useEffect(() => {
    if (off) return
    const onKey = (event: KeyboardEvent): void => {
      const tag = event.target instanceof Element ? event.target.tagName : ''
      const wish = event.defaultPrevented || keepsKey(tag, event.key) ? null : wishOfKey(event)
      if (!wish) return
      event.preventDefault()
      latest.current(wish)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [off])
}

const Outcomes = ({
  one,
  chosen,
  onChoose,
}: {
  readonly one: TableImport
  readonly chosen: Filter
  readonly onChoose: (filter: Filter) => void
}) => {
  const say = useSay()
  return (
    <fieldset className="outcomes" aria-label={say('rows.title')}>
      {FILTERS.map((filter) => (
        <button
          key={filter}
          type="button"
          className={`outcome outcome-${filter}`}
          aria-pressed={filter === chosen}
          onClick={() => onChoose(filter)}
          data-testid={`outcome-${filter}`}
        >
          {say(`outcome.${filter}`)} <b>{numberText(filter === 'all' ? one.rows : one.outcomes[filter])}</b>
        </button>
      ))}
    </fieldset>
  )
}

const KeyLegend = ({ mayChoose }: { readonly mayChoose: boolean }) => {
  const say = useSay()
  return (
    <ul className="key-legend">
      {KEYS.filter(([, , needs]) => mayChoose || !needs).map(([key, what]) => (
        <li key={key}>
          <kbd>{key}</kbd> {say(`rows.key-${what}`)}
        </li>
      ))}
    </ul>
  )
}
const KEYS = [
  ['↑ ↓', 'move', false],
  ['← →', 'filter', false],
  ['PgUp / PgDn', 'page', false],
  ['G', 'go', false],
  ['1-5', 'choose', true],
  ['N', 'new', true],
  ['Enter', 'commit', true],
] as const
