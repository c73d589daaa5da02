import { useMoments } from '../county.ts'
import { useSay } from '../words.ts'
import { changedFields, type Field, type Fields, fieldLines } from './fields.ts'
import { useWordParts } from './word-parts.ts'
import './records.css'
import { Who } from '../parts/who.tsx'

/** One version as it was written: by whom, when, and whether it rules today. */
export interface Written {
  readonly entry: string
  readonly part: number
  readonly actor: string | null
  readonly at: string
  readonly rules: boolean
  readonly record: object
}

/** Every version of a record, newest first, each by what it changed. */
export const History = ({ versions, more }: { readonly versions: readonly Written[]; readonly more: boolean }) => {
  const say = useSay()
  return (
    <section className="record-part">
      <h3>{say('record.history', { n: versions.length })}</h3>
      <ol className="versions" data-testid="versions">
        {versions.map((one, at) => (
          <Version key={`${one.entry} ${one.part}`} one={one} before={versions[at + 1]} />
        ))}
      </ol>
      {more && <p className="faint">{say('record.more-versions')}</p>}
    </section>
  )
}

const Version = ({ one, before }: { readonly one: Written; readonly before: Written | undefined }) => {
  const say = useSay()
  const moments = useMoments()
  const parts = useWordParts()
  const record = one.record as Fields
  const version = Number(record['version'])
  const changed = before ? changedFields(record, before.record as Fields) : []
  return (
    <li className={one.rules ? 'version version-rules' : 'version'} data-testid="version" data-version={version}>
      <header>
        <b>{say('record.version', { n: version })}</b>
        {one.rules && <span className="mark mark-good mark-plain">{say('record.rules')}</span>}
        <span>{one.actor ? <Who id={one.actor} /> : say('record.machine')}</span>
        <time className="faint" dateTime={one.at} title={moments.full(one.at)}>
          {moments.full(one.at).slice(0, MINUTES)}
        </time>
      </header>
      {!before && <small className="faint">{say(version <= 1 ? 'record.created' : 'record.earlier')}</small>}
      <ul>
        {changed.map((field) => (
          <li key={field}>
            <span className="soft">{say(`field.${field}`)}</span>
            <span>
              {isFilled(before?.record as Fields, field) && (
                <s className="faint">{fieldLines(before?.record as Fields, field, parts).join('；')}</s>
              )}{' '}
              {fieldLines(record, field, parts).join('；')}
            </span>
          </li>
        ))}
      </ul>
    </li>
  )
}

const isFilled = (record: Fields, field: Field): boolean => record[field] !== undefined && record[field] !== null && record[field] !== ''

/** `2026-11-22 11:24` of a moment told in full. */
const MINUTES = 16
