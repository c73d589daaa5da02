import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { Paper } from '../parts/paper.tsx'
import { PickItem } from '../parts/pick-item.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useSay } from '../words.ts'
import { earliestOf, type faultsOf, type MadeLine, type UsedLine } from './made.ts'

interface UsedLines {
  readonly lines: readonly UsedLine[]
  readonly onChange: (lines: readonly UsedLine[]) => void
  readonly total: string
}

/** What is used up, a lot a line, with their sum. */
export const Used = ({ lines, onChange, total }: UsedLines) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <>
      <Half title={say('transform.from')} total={lines.length > 0 ? total : ''} />
      {lines.length === 0 && <p className="soft">{say('transform.from-empty')}</p>}
      <ul className="basket">
        {lines.map((line) => (
          <li key={line.row.lot} data-testid="used-line">
            <span className="basket-what">
              <b>{nameIn(line.row.itemName, language)}</b>
              <small className="soft">
                <span className="mono">{line.row.lotNumber}</span> · {line.row.expiry ?? say('stock.no-expiry')} ·{' '}
                {say('move.of', { n: numberText(line.row.units), unit: nameIn(line.row.unit, language) })}
              </small>
            </span>
            <Stepper
              value={line.units}
              onChange={(units) => onChange(lines.map((one) => (one === line ? { ...one, units: Math.min(one.row.units, units) } : one)))}
              label={say('quantity.label')}
            />
            <span>{nameIn(line.row.unit, language)}</span>
            <button
              type="button"
              className="round-button"
              onClick={() => onChange(lines.filter((one) => one !== line))}
              aria-label={say('basket.remove')}
            >
              <Icon name="close" size={24} />
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

interface MadeLines {
  readonly lines: readonly MadeLine[]
  readonly used: readonly UsedLine[]
  readonly faults: ReturnType<typeof faultsOf>
  readonly onChange: (lines: readonly MadeLine[]) => void
  readonly newId: () => string
  readonly total: string
}

/** What is made, with its new lot number and a last day that is never later than the earliest of its parts. */
export const Made = ({ lines, used, faults, onChange, newId, total }: MadeLines) => {
  const say = useSay()
  const [picking, setPicking] = useState(false)
  const earliest = earliestOf(used)
  const add = (item: ItemView): void => {
    setPicking(false)
    const line = { id: newId(), item: item.item, itemName: item.name, unit: item.unit, lotNumber: '', expiry: earliest, units: 1 }
    onChange([...lines, line])
  }
  return (
    <>
      <Half title={say('transform.to')} total={total} />
      <ul className="basket">
        {lines.map((line) => (
          <MadeLineOf
            key={line.id}
            line={line}
            earliest={earliest}
            isLater={faults.later.includes(line.id)}
            isSame={faults.sameLot.includes(line.id)}
            onChange={(change) => onChange(lines.map((one) => (one.id === line.id ? { ...one, ...change } : one)))}
            onRemove={() => onChange(lines.filter((one) => one.id !== line.id))}
          />
        ))}
      </ul>
      <button type="button" className="plain-button" onClick={() => setPicking(true)} data-testid="made-add">
        <Icon name="plus" size={24} />
        {say(lines.length === 0 ? 'receive.pick-item' : 'transform.add-made')}
      </button>
      {picking && (
        <Paper title={say('receive.pick-item')} onClose={() => setPicking(false)}>
          <PickItem onPick={add} />
        </Paper>
      )}
    </>
  )
}

interface MadeLineOf {
  readonly line: MadeLine
  readonly earliest: string | null
  readonly isLater: boolean
  readonly isSame: boolean
  readonly onChange: (change: Partial<MadeLine>) => void
  readonly onRemove: () => void
}

const MadeLineOf = ({ line, earliest, isLater, isSame, onChange, onRemove }: MadeLineOf) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <li data-testid="made-line">
      <span className="basket-what">
        <b>{nameIn(line.itemName, language)}</b>
      </span>
      <Stepper value={line.units} onChange={(units) => onChange({ units })} label={say('quantity.label')} />
      <span>{nameIn(line.unit, language)}</span>
      <button type="button" className="round-button" onClick={onRemove} aria-label={say('basket.remove')}>
        <Icon name="close" size={24} />
      </button>
      <div className="fields basket-fields">
        <label>
          {say('transform.new-lot')}
          <input
            value={line.lotNumber}
            onChange={(event) => onChange({ lotNumber: event.target.value })}
            maxLength={40}
            autoComplete="off"
            data-testid="made-lot"
          />
          {isSame && <small className="wrong">{say('transform.same-lot')}</small>}
        </label>
        <label>
          {say('lot.expiry')}
          <input
            type="date"
            value={line.expiry ?? ''}
            max={earliest ?? undefined}
            onChange={(event) => onChange({ expiry: event.target.value || null })}
            data-testid="made-expiry"
          />
          {earliest !== null && (
            <small className={isLater ? 'wrong' : ''}>{isLater ? say('transform.later', { earliest }) : say('transform.earliest')}</small>
          )}
        </label>
      </div>
    </li>
  )
}

const Half = ({ title, total }: { readonly title: string; readonly total: string }) => {
  const say = useSay()
  return (
    <h3 className="half">
      {title}
      {total !== '' && <span className="half-total">{say('transform.total', { total })}</span>}
    </h3>
  )
}
