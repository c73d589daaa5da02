import { Button, Input, InputNumber, Select } from 'antd'
import { newAction } from '../../parts/action.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useSay } from '../words.ts'
import { type CodeDraft, type LevelDraft, unitsOf, wrongRows } from './levels.ts'
import './items.css'

/** The pack graph: a row a level, what it holds and how many; units are reckoned while one writes, and what is wrong stands at its row. */
export const PackEditor = ({ id, value = [], onChange, unit }: EditorLine) => {
  const say = useSay()
  const units = unitsOf(value)
  const wrong = wrongRows(value)
  const put = (level: LevelDraft): void => onChange?.(value.map((one) => (one.row === level.row ? level : one)))
  const remove = ({ row }: LevelDraft): void =>
    onChange?.(value.filter((one) => one.row !== row).map((one) => (one.of === row ? { ...one, of: null } : one)))
  const add = (): void => onChange?.([...value, { row: newAction(), pack: '', quantity: null, of: value.at(-1)?.row ?? null, codes: [] }])
  return (
    <div className="packs" id={id} data-testid="packs">
      {value.map((level) => (
        <LevelRow
          key={level.row}
          level={level}
          others={value.filter((one) => one.row !== level.row)}
          units={units.get(level.row) ?? null}
          unit={unit}
          wrong={wrong.get(level.row) ?? null}
          onPut={put}
          onRemove={() => remove(level)}
        />
      ))}
      <Button type="dashed" block onClick={add} icon={<Icon name="plus" size={16} />} data-testid="pack-add">
        {say('packs.add')}
      </Button>
    </div>
  )
}

interface EditorLine {
  readonly id?: string
  readonly value?: readonly LevelDraft[]
  readonly onChange?: (levels: readonly LevelDraft[]) => void
  /** What the base unit is called. */
  readonly unit: string
}

const LevelRow = ({ level, others, units, unit, wrong, onPut, onRemove }: LevelLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const isWhole = units !== null && Number.isSafeInteger(units) && units > 0
  return (
    <div className={wrong ? 'pack-row pack-wrong' : 'pack-row'} data-testid="pack-row">
      <div className="pack-holds">
        <span className="faint">1</span>
        <Input
          value={level.pack}
          maxLength={64}
          placeholder={say('items.pack')}
          aria-label={say('items.pack')}
          onChange={(event) => onPut({ ...level, pack: event.target.value })}
          data-testid="pack-name"
        />
        <span className="faint">=</span>
        <InputNumber
          value={level.quantity}
          controls={false}
          placeholder={say('packs.quantity')}
          aria-label={say('packs.quantity')}
          onChange={(quantity) => onPut({ ...level, quantity })}
          data-testid="pack-quantity"
        />
        <Select
          value={level.of ?? BASE}
          aria-label={say('packs.of')}
          onChange={(of) => onPut({ ...level, of: of === BASE ? null : of })}
          options={[
            { value: BASE, label: unit || say('packs.base') },
            ...others.map((one) => ({ value: one.row, label: one.pack.trim() || say('packs.unnamed') })),
          ]}
          data-testid="pack-of"
        />
        <button type="button" className="quiet-button" onClick={onRemove} aria-label={say('form.remove')}>
          <Icon name="close" size={16} />
        </button>
      </div>
      <div className="pack-below">
        <output className="pack-units" data-testid="pack-units">
          {isWhole && level.of !== null ? `= ${numberText(units)} ${unit || say('packs.base')}` : ''}
        </output>
        <Codes codes={level.codes} onPut={(codes) => onPut({ ...level, codes })} />
      </div>
      {wrong && (
        <p className="pack-error" role="alert" data-testid="pack-error" data-code={wrong.code}>
          <Icon name="warn" size={16} />
          {wrongWords(wrong.code, say) ?? nameIn(wrong, language)}
        </p>
      )}
    </div>
  )
}

interface LevelLine {
  readonly level: LevelDraft
  readonly others: readonly LevelDraft[]
  readonly units: number | null
  readonly unit: string
  readonly wrong: { readonly code: string; readonly zh: string; readonly en: string } | null
  readonly onPut: (level: LevelDraft) => void
  readonly onRemove: () => void
}

const Codes = ({ codes, onPut }: { readonly codes: readonly CodeDraft[]; readonly onPut: (codes: readonly CodeDraft[]) => void }) => {
  const say = useSay()
  const put = (code: CodeDraft): void => onPut(codes.map((one) => (one.row === code.row ? code : one)))
  const add = (): void => onPut([...codes, { row: newAction(), scheme: 'gtin', code: '' }])
  return (
    <div className="pack-codes">
      {codes.map((code) => (
        <span key={code.row} className="pack-code">
          <Select
            value={code.scheme}
            aria-label={say('packs.scheme')}
            onChange={(scheme) => put({ ...code, scheme })}
            options={SCHEMES.map((value) => ({ value, label: say(`scheme.${value}`) }))}
          />
          <Input
            value={code.code}
            maxLength={64}
            className="mono"
            aria-label={say('packs.code')}
            onChange={(event) => put({ ...code, code: event.target.value })}
            onPressEnter={(event) => {
              // A scanner ends a code with Enter: the next code comes into a line of its own, and the form is not sent.
              event.preventDefault()
              if (code.code.trim() !== '') add()
            }}
            data-testid="pack-code"
          />
          <button
            type="button"
            className="quiet-button"
            onClick={() => onPut(codes.filter((one) => one.row !== code.row))}
            aria-label={say('packs.remove-code')}
          >
            <Icon name="close" size={14} />
          </button>
        </span>
      ))}
      {codes.length < CODES_MAX && (
        <button type="button" className="quiet-button" onClick={add} data-testid="code-add">
          <Icon name="plus" size={14} />
          {say('packs.add-code')}
        </button>
      )}
    </div>
  )
}

/** At its row an error need not say which row it is. */
const wrongWords = (code: string, say: ReturnType<typeof useSay>): string | null => {
  if (code === 'catalog.factor-not-whole') return say('packs.not-whole')
  if (code === 'catalog.pack-loop') return say('packs.loop')
  if (code === 'catalog.pack-twice') return say('packs.twice')
  return code === 'catalog.gtin-taken' ? say('packs.code-twice') : null
}

const BASE = ''
const SCHEMES = ['gtin', 'ma', 'ahm', 'hibc', 'local'] as const
/** One GTIN and sixteen others, as a level may have. */
const CODES_MAX = 17
