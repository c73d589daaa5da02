import type { TableImport, TableKindView } from '@lotkeeper/protocol/api/hub-imports.ts'
import { Progress } from 'antd'
import { useContext, useEffect, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useMoments } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useWho } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { ActBar } from './act-bar.tsx'
import { RowsSheet } from './rows-sheet.tsx'
import { isAtWork, type Paper, STATE_MARKS, sentenceOf, stateOf } from './states.ts'

/** One import from its reading to its undoing: how it stands, every row, and what can be done now. */
export const ImportRun = ({ id, again }: { readonly id: number; readonly again: boolean }) => {
  const say = useSay()
  const shelf = useContext(ShelfContext)
  const run = useHub('tableImport', { import: id })
  const kinds = useHub('tableKinds')
  const [paper, setPaper] = useState<Paper>(null)
  const one = run.value
  const working = one !== undefined && isAtWork(one)
  const state = one?.state
  useEffect(() => {
    if (!working) return
    const timer = setInterval(() => shelf.renew('tableImport '), LOOK_MS)
    return () => clearInterval(timer)
  }, [working, shelf])
  // A state that has ended leaves other rows behind than those that are shown.
  useEffect(() => {
    if (state !== undefined) shelf.renew('tableRows ', 'tableImports ')
  }, [state, shelf])
  const kind = kinds.value?.rows.find((other) => other.kind === one?.kind)
  return (
    <>
      {run.trouble && <TroubleNote trouble={run.trouble} />}
      {run.trouble && !one && (
        <a className="plain-button run-away" href={hrefOf('imports')}>
          {say('tables.all')}
        </a>
      )}
      {!one && !run.trouble && <Waiting rows={9} />}
      {one && (
        <>
          <Head one={one} kind={kind} again={again} />
          {one.state !== 'reading' && one.state !== 'failed' && one.rows > 0 && (
            <RowsSheet one={one} columns={kind?.columns ?? []} onCommit={() => setPaper('commit')} off={paper !== null} />
          )}
          <ActBar one={one} paper={paper} onPaper={setPaper} />
        </>
      )}
    </>
  )
}

const Head = ({ one, kind, again }: { readonly one: TableImport; readonly kind: TableKindView | undefined; readonly again: boolean }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const who = useWho()
  const state = stateOf(one)
  const sentence = sentenceOf(one)
  const at = moments.full(one.startedAt).slice(0, MINUTES)
  const named = { n: numberText(one.written) }
  return (
    <Sheet
      className="run-head"
      title={
        <span className="run-title">
          <span className={`mark mark-plain ${STATE_MARKS[state]}`} data-testid="run-state" data-state={state}>
            {say(`table.${state}`)}
          </span>
          {one.name}
        </span>
      }
      hint={`${kind ? nameIn(kind.name, language) : one.kind} · ${who(one.actor)} · ${at}`}
      aside={
        <a className="sheet-link" href={hrefOf('imports')}>
          {say('tables.all')}
        </a>
      }
    >
      <div className="run-words" data-testid="run-head">
        {again && (
          <p className="run-again" data-testid="run-again">
            <Icon name="ok" size={18} />
            <span>
              <b>{say('table.again-title')}</b> {say('table.again', { who: who(one.actor), at })}
            </span>
          </p>
        )}
        <p data-testid="run-says">
          {say(`table.says-${sentence}`, named)}{' '}
          {one.kind === 'openings' && one.written > 0 && (
            <a className="record-link" href={hrefOf('openings')}>
              {say('tables.told')}
            </a>
          )}
        </p>
        {isAtWork(one) && (
          <div className="run-progress" role="status">
            <Progress percent={one.rows === 0 ? 0 : Math.floor((one.done / one.rows) * 100)} status="active" />
            {one.rows > 0 && (
              <small className="soft">{say('table.progress', { done: numberText(one.done), all: numberText(one.rows) })}</small>
            )}
          </div>
        )}
        {one.why && (
          <p className="import-why" role="alert" data-testid="run-why" data-code={one.why.code}>
            {nameIn(one.why, language)} <small className="mono">{one.why.code}</small>
          </p>
        )}
        {one.ignored.length > 0 && <p className="run-ignored">{say('table.ignored', { columns: one.ignored.join('、') })}</p>}
      </div>
    </Sheet>
  )
}

const LOOK_MS = 700
const MINUTES = 16
