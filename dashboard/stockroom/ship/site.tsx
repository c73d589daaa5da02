import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { Choices } from '../parts/choices.tsx'
import { useNode, useNodeState } from '../stockroom.ts'
import { useSay } from '../words.ts'
import type { ShipLine } from './basket.ts'

/** Whom it is for: a few side by side, many in a list. */
export const SitePick = ({ value, onPick }: { readonly value: string | null; readonly onPick: (site: string) => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const own = useNodeState().value?.site.site
  const sites = (useNode('sites').value?.rows ?? []).filter((site) => site.site !== own)
  if (sites.length === 0) return <EmptyNote title={say('ship.no-sites')} hint={say('ship.no-sites-hint')} />
  const options = sites.map((site) => ({ value: site.site, words: nameIn(site.name, language) }))
  if (options.length <= SIDE_BY_SIDE_MAX) {
    return (
      <>
        <h3>{say('ship.to')}</h3>
        <Choices label={say('ship.to')} value={value} onChange={onPick} options={options} />
      </>
    )
  }
  return (
    <label>
      {say('ship.to')}
      <select className="site-select" value={value ?? ''} onChange={(event) => onPick(event.target.value)} data-testid="ship-site">
        <option value="" disabled>
          {say('ship.to-pick')}
        </option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </label>
  )
}

/** A despatch that was booked. */
export interface ShippedNote {
  readonly doc: string | null
  readonly site: string
  readonly lines: readonly ShipLine[]
}

/** The number to write on the boxes, as large as the screen allows, and what is in them. */
export const Shipped = ({ note, onNext }: { readonly note: ShippedNote; readonly onNext: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card shipped" data-testid="shipped">
      <p className="shipped-to">
        <Icon name="ok" size={34} />
        {say('ship.booked', { site: note.site })}
      </p>
      <div className="shipped-doc">
        <small>{say('ship.doc-title')}</small>
        <output className="mono" data-testid="shipped-doc">
          {note.doc ?? say('ship.doc-none')}
        </output>
      </div>
      <ul>
        {note.lines.map((line) => (
          <li key={`${line.row.lot} ${line.pack}`}>
            <span>
              {nameIn(line.row.itemName, language)} <span className="mono">{line.row.lotNumber}</span>
            </span>
            <b>
              {numberText(line.quantity)} {line.pack}
            </b>
          </li>
        ))}
      </ul>
      <p className="soft">{say('ship.done-hint')}</p>
      <button type="button" className="wide-button quiet" onClick={onNext} data-testid="ship-next">
        {say('ship.next')}
      </button>
    </section>
  )
}

/** Beyond that a row of buttons is a wall. */
const SIDE_BY_SIDE_MAX = 8
