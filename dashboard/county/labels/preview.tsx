import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { useEffect, useRef } from 'react'
import type { Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { EmptyNote, TroubleNote } from '../../parts/trouble.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'

type Drawn = HubAnswer<'previewLabels'>['rows'][number]

/** Labels as they will be printed, each with what a person should know about it. */
export const Preview = ({ rows, trouble, asking }: PreviewLine) => {
  const say = useSay()
  const shown = rows?.slice(0, SHOWN_MAX) ?? []
  const more = (rows?.length ?? 0) - shown.length
  return (
    <Sheet title={say('labels.preview')} hint={say(asking ? 'labels.preview-asking' : 'labels.preview-hint')} className="label-preview">
      {trouble && <TroubleNote trouble={trouble} />}
      {!trouble && shown.length === 0 && <EmptyNote title={say('labels.preview')} hint={say('labels.preview-none')} />}
      <ul aria-busy={asking} data-testid="label-preview">
        {eachNamed(shown).map(({ name, row }) => (
          <DrawnLabel key={name} row={row} />
        ))}
      </ul>
      {more > 0 && <p className="soft label-more">{say('labels.more-kinds', { n: more })}</p>}
    </Sheet>
  )
}

interface PreviewLine {
  readonly rows: readonly Drawn[] | null
  readonly trouble: Trouble | null
  readonly asking: boolean
}

const DrawnLabel = ({ row }: { readonly row: Drawn }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <li data-testid="label-drawn">
      <Drawing svg={row.svg} />
      <p className="label-says">
        <span className="mono">{row.says}</span>
        {row.epc && <span className="mono soft">EPC {row.epc}</span>}
        <small className="soft">{say('labels.copies-of', { n: row.copies })}</small>
      </p>
      {row.notes.map((note) => (
        <p key={note.code} className="label-note" data-testid="label-note" data-code={note.code}>
          <Icon name="warn" size={16} />
          {nameIn(note, language)}
        </p>
      ))}
    </li>
  )
}

/** The hub's drawing as part of the page, so that its letters are the page's. */
const Drawing = ({ svg }: { readonly svg: string }) => {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
    place.current?.replaceChildren(document.importNode(drawn, true))
  }, [svg])
  return <div className="label-paper" ref={place} />
}

/** The same label twice is two labels: how often it came before is part of its name. */
const eachNamed = (rows: readonly Drawn[]): readonly { readonly name: string; readonly row: Drawn }[] => {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const says = row.epc ?? row.says
    const before = seen.get(says) ?? 0
    seen.set(says, before + 1)
    return { name: `${says} ${before}`, row }
  })
}

/** More are printed than anybody looks at. */
const SHOWN_MAX = 12
