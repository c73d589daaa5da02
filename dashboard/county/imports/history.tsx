import type { TableImport, TableKindView } from '@lotkeeper/protocol/api/hub-imports.ts'
import { useContext, useEffect } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useMoments } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { Who } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { importHref, isAtWork, STATE_MARKS, stateOf } from './states.ts'

/** What became of the imports before, newest first; each leads to its rows. */
export const History = () => {
  const say = useSay()
  const shelf = useContext(ShelfContext)
  const imports = useHub('tableImports')
  const kinds = useHub('tableKinds')
  const running = imports.value?.rows.some(isAtWork) === true
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => shelf.renew('tableImports '), LOOK_MS)
    return () => clearInterval(timer)
  }, [running, shelf])
  return (
    <Sheet title={say('tables.history')} hint={say('tables.history-hint')}>
      {imports.trouble && <TroubleNote trouble={imports.trouble} />}
      {!imports.value && !imports.trouble && <Waiting rows={4} />}
      {imports.value?.rows.length === 0 && <EmptyNote title={say('tables.none')} hint={say('tables.none-hint')} />}
      <ol className="past-imports">
        {imports.value?.rows.map((one) => (
          <Past key={one.import} one={one} kind={kinds.value?.rows.find(({ kind }) => kind === one.kind)} />
        ))}
      </ol>
    </Sheet>
  )
}

const Past = ({ one, kind }: { readonly one: TableImport; readonly kind: TableKindView | undefined }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const state = stateOf(one)
  return (
    <li>
      <a href={importHref(one.import)} className="past-import" data-testid="past-import" data-state={state}>
        <span className={`mark mark-plain ${STATE_MARKS[state]}`}>{say(`table.${state}`)}</span>
        <span className="past-words">
          <b>{one.name}</b>
          <small className="soft">
            {kind ? nameIn(kind.name, language) : one.kind} · <Who id={one.actor} /> · {moments.full(one.startedAt).slice(0, MINUTES)}
          </small>
        </span>
        <span className="past-counts">
          <span>{say('table.rows', { n: numberText(one.rows) })}</span>
          {one.written > 0 && <span className="past-written">{say('table.written', { n: numberText(one.written) })}</span>}
          {one.outcomes.choice > 0 && one.state === 'ready' && (
            <span className="past-choice">
              {say('outcome.choice')} {numberText(one.outcomes.choice)}
            </span>
          )}
          {one.outcomes.error > 0 && (
            <span className="past-error">
              {say('outcome.error')} {numberText(one.outcomes.error)}
            </span>
          )}
        </span>
      </a>
    </li>
  )
}

const LOOK_MS = 1_500
const MINUTES = 16
