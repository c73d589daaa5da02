import { useEffect, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** A whole number from `least` (one) up, by thumb or by keyboard. A code scanned into the field is no quantity: it goes to the scanner. */
export const Stepper = ({
  value,
  onChange,
  label,
  least = 1,
}: {
  readonly value: number
  readonly onChange: (value: number) => void
  readonly label: string
  readonly least?: number
}) => {
  const say = useSay()
  const { readCode } = useStockroom()
  const [typed, setTyped] = useState(String(value))
  useEffect(() => setTyped(String(value)), [value])
  const take = (text: string): void => {
    const number = Number(text)
    if (/^\d{1,6}$/.test(text) && number >= least) onChange(number)
    else setTyped(String(value))
  }
  return (
    <fieldset className="stepper" aria-label={label}>
      <button type="button" onClick={() => onChange(Math.max(least, value - 1))} disabled={value <= least} aria-label={say('stepper.less')}>
        <Icon name="minus" size={26} />
      </button>
      <input
        inputMode="numeric"
        autoComplete="off"
        aria-label={label}
        data-testid="quantity"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          if (/^\d{1,6}$/.test(event.target.value) && Number(event.target.value) >= least) onChange(Number(event.target.value))
        }}
        onFocus={(event) => event.target.select()}
        onBlur={() => take(typed)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          if (typed.length < CODE_LENGTH_MIN) return event.currentTarget.blur()
          setTyped(String(value))
          void readCode(typed)
        }}
      />
      <button type="button" onClick={() => onChange(value + 1)} aria-label={say('stepper.more')} data-testid="quantity-more">
        <Icon name="plus" size={26} />
      </button>
    </fieldset>
  )
}

/** The shortest code on a pack is an EAN-8; no keeper receives ten million packs. */
const CODE_LENGTH_MIN = 8
