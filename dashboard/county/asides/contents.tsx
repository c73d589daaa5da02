import type { AsideEntry, AsideView } from '@lotkeeper/protocol/api/asides.ts'
import { kindWord } from '../../parts/evidence.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { wayWords } from '../../parts/places.ts'
import { usePlaceWords } from '../county.ts'
import { LotLink, MomentCell, UnitsCell } from '../parts/cells.tsx'
import { useWho } from '../parts/who.tsx'
import { ALL_TEXTS, type CountySay, useSay } from '../words.ts'

/** The entries of what is set aside, in words as far as they can be read; of a message nobody can read, how it begins. */
export const AsideEntries = ({ one }: { readonly one: AsideView }) => {
  const say = useSay()
  if (one.begins !== null)
    return (
      <section className="aside-contents">
        <h3>{say('aside.begins')}</h3>
        <pre>{one.begins}</pre>
      </section>
    )
  return (
    <section className="aside-contents">
      <h3>{say('aside.contents', { n: numberText(one.entries) })}</h3>
      <ol>
        {one.content.map((entry) => (
          <EntryOf key={entry.seq} entry={entry} revokedAt={one.revokedAt} />
        ))}
      </ol>
      {one.more > 0 && <p className="faint">{say('aside.more', { n: numberText(one.more) })}</p>}
    </section>
  )
}

const EntryOf = ({ entry, revokedAt }: { readonly entry: AsideEntry; readonly revokedAt: string | null }) => {
  const say = useSay()
  const who = useWho()
  const late = revokedAt !== null && entry.occurredAt !== null && Date.parse(entry.occurredAt) > Date.parse(revokedAt)
  return (
    <li className="aside-entry" data-testid="aside-entry">
      <header>
        <small className="mono faint">{entry.seq}</small>
        <b>{entry.readable === 'yes' ? kindIn(entry.kind ?? '', say) : unreadWords(entry, say)}</b>
        {entry.occurredAt && <MomentCell at={entry.occurredAt} />}
        {late && <span className="mark mark-near">{say('aside.after')}</span>}
        <small className="soft">{[entry.actor && who(entry.actor), entry.doc, entry.reason].filter(Boolean).join(' · ')}</small>
      </header>
      <EntryLines entry={entry} />
      {entry.text !== null && <pre>{entry.text}</pre>}
    </li>
  )
}

const EntryLines = ({ entry }: { readonly entry: AsideEntry }) => {
  const say = useSay()
  const { language } = useLanguage()
  const place = usePlaceWords()
  if (entry.lines.length === 0) return entry.readable === 'yes' ? <small className="faint">{say('aside.no-lines')}</small> : null
  return (
    <ul>
      {entry.lines.map((line) => (
        <li key={`${line.lot} ${line.from} ${line.to} ${line.units}`} className="aside-moved">
          <span>
            {nameIn(line.itemName, language)} <LotLink lot={line.lot} number={line.lotNumber} />
          </span>
          <UnitsCell units={line.units} unit={line.unit} />
          <small className="soft">{wayWords(place(line.from), place(line.to))}</small>
        </li>
      ))}
    </ul>
  )
}

const kindIn = (kind: string, say: CountySay): string => {
  const key = `aside.kind.${kind}`
  return Object.hasOwn(ALL_TEXTS, key) ? say(key as 'aside.kind.epoch') : kindWord(kind, say)
}

const unreadWords = ({ readable, kind }: AsideEntry, say: CountySay): string => {
  if (readable === 'later') return say('aside.later', { kind: kind ?? '?' })
  return say(readable === 'hole' ? 'aside.hole' : 'aside.unreadable')
}
