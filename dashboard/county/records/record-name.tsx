import { nameIn, type Text, useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'
import './records.css'

/** A record's name and id in a list; the name opens it. */
export const RecordName = ({ name, id, retired, href }: NameLine) => {
  const { language } = useLanguage()
  const say = useSay()
  return (
    <span className="item-cell">
      <a className="record-link" href={href} data-testid="record-open">
        {nameIn(name, language)}
      </a>
      <small className="faint">
        <span className="mono">{id}</span>
        {retired && <span className="mark mark-plain mark-small">{say('record.retired')}</span>}
      </small>
    </span>
  )
}

interface NameLine {
  readonly name: Text
  readonly id: string
  readonly retired?: boolean | undefined
  readonly href: string
}
