import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { lotOf } from '@lotkeeper/protocol/names.ts'
import { type CSSProperties, useState } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub, useMoments, useSites } from '../county.ts'
import { LotLink } from '../parts/cells.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { type FamilyLine, familyOf } from './family.ts'

/** What a lot was made of and what was made of it, to the last step: for a recall the whole of it matters. */
export const Genealogy = ({ lot }: { readonly lot: string }) => {
  const say = useSay()
  const read = useHub('genealogy', { lot })
  const whole = read.value
  const up = whole ? familyOf(whole.ancestors, lot, 'up') : []
  const down = whole ? familyOf(whole.descendants, lot, 'down') : []
  const alone = whole && up.length === 0 && down.length === 0
  return (
    <Sheet title={say('genealogy.title')} hint={alone ? say('genealogy.none') : say('genealogy.hint')} className="genealogy">
      {read.trouble && <TroubleNote trouble={read.trouble} />}
      {!whole && !read.trouble && <Waiting rows={3} />}
      {whole && !alone && (
        <div className="families" data-testid="genealogy">
          <Family title={say('genealogy.made-of')} nothing={say('genealogy.nothing-up')} lines={up} />
          <Family title={say('genealogy.made-into')} nothing={say('genealogy.nothing-down')} lines={down} />
        </div>
      )}
      {whole?.more && <p className="explains">{say('genealogy.cut', { n: up.length + down.length })}</p>}
    </Sheet>
  )
}

const Family = ({ title, nothing, lines }: { readonly title: string; readonly nothing: string; readonly lines: readonly FamilyLine[] }) => {
  const say = useSay()
  const [all, setAll] = useState(false)
  const items = useHub('items', { limit: 500 }).value?.rows ?? []
  const shown = all ? lines : lines.slice(0, LINES_SHOWN)
  return (
    <section className="family">
      <h3>{title}</h3>
      {lines.length === 0 && <p className="faint">{nothing}</p>}
      <ol>
        {shown.map((line) => (
          <Line key={`${line.edge.entry} ${line.edge.parent} ${line.edge.child}`} line={line} items={items} />
        ))}
      </ol>
      {lines.length > shown.length && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          {say('genealogy.all', { n: lines.length })}
        </button>
      )}
    </section>
  )
}

const Line = ({ line, items }: { readonly line: FamilyLine; readonly items: readonly ItemView[] }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const nowMs = useMinuteMs()
  const site = useSites().get(line.edge.site)
  const itemOf = (lot: string): ItemView | undefined => items.find((one) => one.item === lotOf(lot)?.item)
  const units = (lot: string, count: number): string => {
    const item = itemOf(lot)
    return item ? `${numberText(count)} ${nameIn(item.unit, language)}` : numberText(count)
  }
  const { edge } = line
  const item = itemOf(line.lot)
  const name = lotOf(line.lot)
  return (
    <li className="family-line" style={{ '--depth': Math.min(line.depth, DEPTH_DRAWN_MAX) } as CSSProperties} data-testid="family-line">
      <span className="family-lot">
        <b>{item ? nameIn(item.name, language) : name?.item}</b>
        <LotLink lot={line.lot} number={name?.lotNumber ?? line.lot} />
        {line.again && <small className="faint">{say('genealogy.again')}</small>}
      </span>
      <span className="family-act">
        <span className="kind">{isAct(edge.act) ? say(`act.${edge.act}`) : edge.act}</span>
        {say('genealogy.edge', { parent: units(edge.parent, edge.parentUnits), child: units(edge.child, edge.childUnits) })}
        <small className="faint">
          {site ? nameIn(site.name, language) : edge.site} ·{' '}
          <time dateTime={edge.occurredAt} title={moments.full(edge.occurredAt)}>
            {moments.short(edge.occurredAt, nowMs)}
          </time>
        </small>
      </span>
    </li>
  )
}

const isAct = (act: string): act is (typeof ACTS)[number] => (ACTS as readonly string[]).includes(act)
const ACTS = ['repack', 'kit', 'split', 'merge'] as const
/** More is a list to scroll, asked for by a touch. */
const LINES_SHOWN = 12
/** Deeper lines stay in reach of a telephone; their order still tells whose they are. */
const DEPTH_DRAWN_MAX = 8
