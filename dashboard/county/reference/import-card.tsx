import type { ImportView } from '@lotkeeper/protocol/api/hub-find.ts'
import { Button, Progress } from 'antd'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useMoments } from '../county.ts'
import { Allowed } from '../may.tsx'
import { Who } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { bytesText } from './sizes.ts'

/** One import: how far it is, what it brought, what it refused; and the way to stop it. */
export const ImportCard = ({ one, onChanged }: { readonly one: ImportView; readonly onChanged: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const { hub } = useCounty()
  const cancel = useAct((action, asked: { readonly import: number }) => hub.ask('cancelImport', { body: { action, ...asked } }))
  const stop = async (): Promise<void> => {
    if ((await cancel.send({ import: one.import }))?.ok) onChanged()
  }
  return (
    <li className="import" data-testid="import" data-state={one.state}>
      <header>
        <span className={`mark mark-plain ${STATE_MARKS[one.state]}`}>{say(`import.${one.state}`)}</span>
        <b>{one.name}</b>
        <small className="faint">
          {bytesText(one.bytes)} · <Who id={one.actor} /> · {moments.full(one.startedAt).slice(0, MINUTES)}
        </small>
        {one.state === 'running' && (
          <Allowed route="cancelImport">
            <Button size="small" onClick={() => void stop()} loading={cancel.state === 'sending'} data-testid="import-cancel">
              {say('import.stop')}
            </Button>
          </Allowed>
        )}
      </header>
      {one.keep !== '' && <small className="soft">{say('import.kept-only', { what: one.keep })}</small>}
      {one.state === 'running' && (
        <div className="import-progress">
          <Progress percent={one.bytes === 0 ? 0 : Math.floor((one.bytesRead / one.bytes) * 100)} status="active" />
          <small className="soft">{say(one.phase === 'indexing' ? 'import.indexing' : 'import.reading')}</small>
        </div>
      )}
      {cancel.trouble && <TroubleNote trouble={cancel.trouble} />}
      {one.why && <p className="import-why">{nameIn(one.why, language)}</p>}
      {(one.state === 'cancelled' || one.state === 'failed' || one.state === 'broken') && (
        <small className="soft">{say('import.goes-on')}</small>
      )}
      <dl className="import-counts">
        {COUNTS.filter((name) => one.counts[name] > 0 || ALWAYS.has(name)).map((name) => (
          <div key={name} className={name === 'refused' && one.counts[name] > 0 ? 'import-bad' : ''}>
            <dt>{say(`import.count-${name}`)}</dt>
            <dd>{numberText(one.counts[name])}</dd>
          </div>
        ))}
      </dl>
      <Unknown one={one} />
      <Errors one={one} />
    </li>
  )
}

const Unknown = ({ one }: { readonly one: ImportView }) => {
  const say = useSay()
  const names = Object.entries(one.counts.unknown)
  if (names.length === 0) return null
  return (
    <p className="soft">
      {say('import.unknown', { n: names.length })}{' '}
      <span className="mono">{names.map(([name, times]) => `${name} × ${numberText(times)}`).join('、')}</span>
    </p>
  )
}

const Errors = ({ one }: { readonly one: ImportView }) => {
  const say = useSay()
  const { language } = useLanguage()
  if (one.errors.length === 0) return null
  return (
    <details className="import-errors">
      <summary>{say('import.errors', { n: one.errors.length, all: numberText(one.counts.refused) })}</summary>
      <ol>
        {one.errors.map((error) => (
          <li key={`${error.part} ${error.di} ${error.code} ${error.zh}`}>
            <span>{nameIn(error, language)}</span>
            <small className="mono faint">
              {error.di} · {error.part}
            </small>
          </li>
        ))}
      </ol>
    </details>
  )
}

const COUNTS = ['parts', 'records', 'added', 'changed', 'same', 'older', 'left', 'passed', 'mended', 'refused'] as const
const ALWAYS: ReadonlySet<string> = new Set(['records', 'added', 'changed', 'refused'])
const STATE_MARKS = { running: 'mark-way', done: 'mark-good', cancelled: '', failed: 'mark-bad', broken: 'mark-bad' } as const
const MINUTES = 16
