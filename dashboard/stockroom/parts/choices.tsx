/** One of a few, side by side, big enough for a thumb. */
export const Choices = <Value extends string>({ value, onChange, label, options }: ChoicesLine<Value>) => (
  <div className="choices" role="radiogroup" aria-label={label}>
    {options.map((option) => (
      <label key={option.value} className={option.value === value ? 'chosen' : ''}>
        <input type="radio" name={label} checked={option.value === value} onChange={() => onChange(option.value)} />
        {option.words}
        {option.note && <small>{option.note}</small>}
      </label>
    ))}
  </div>
)

interface ChoicesLine<Value extends string> {
  readonly value: Value | null
  readonly onChange: (value: Value) => void
  readonly label: string
  readonly options: readonly { readonly value: Value; readonly words: string; readonly note?: string }[]
}
