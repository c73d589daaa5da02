import type { NodeAnswer, NodeBody, ScanView } from '@lotkeeper/protocol/api/node.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { useContext, useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Paper } from '../parts/paper.tsx'
import { handView } from '../scan/use-cards.ts'
import { useNode, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** Makes an item of what stands on its package, because the county does not know it yet; the box can be received at once. */
export const MakeItem = ({ scanned, onMade, onClose }: MakeLine) => {
  const say = useSay()
  const make = useMake()
  const [asked, setAsked] = useState(EMPTY)
  const change = (field: keyof typeof EMPTY) => (value: string) => setAsked((now) => ({ ...now, [field]: value }))
  const { name, model, unit, pack, units } = asked
  const isWhole = pack.trim() === '' || /^[1-9][0-9]{0,8}$/.test(units)
  const send = async (): Promise<void> => {
    const answer = await make.send(bodyOf(asked, scanned))
    if (answer?.ok) onMade(viewOf(answer.value.item, scanned, pack.trim()))
  }
  return (
    <Paper title={say('make.title')} onClose={onClose} testId="make-paper">
      <form
        className="bind"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p className="soft">{say('make.hint')}</p>
        {scanned && <code className="facts-raw">{scanned.scan}</code>}
        <div className="fields">
          <Field label={say('make.name')} hint={say('make.name-hint')} value={name} onChange={change('name')} testId="make-name" />
          <Field label={say('make.model')} hint="" value={model} onChange={change('model')} testId="make-model" />
          <Field label={say('make.unit')} hint={say('make.unit-hint')} value={unit} onChange={change('unit')} testId="make-unit" />
          <Field label={say('make.pack')} hint={say('make.pack-hint')} value={pack} onChange={change('pack')} testId="make-pack" />
          {pack.trim() !== '' && (
            <Field label={say('make.units', { unit })} hint="" value={units} onChange={change('units')} testId="make-units" digits />
          )}
        </div>
        {make.trouble && <TroubleNote trouble={make.trouble} />}
        <button
          type="submit"
          className="wide-button good"
          disabled={name.trim() === '' || unit.trim() === '' || !isWhole || make.state === 'sending'}
          data-testid="make-send"
        >
          <Icon name="plus" size={24} />
          {say('make.send')}
        </button>
      </form>
    </Paper>
  )
}

interface MakeLine {
  /** The code nobody knew; none where the item is made by hand. */
  readonly scanned: ScanView | null
  /** What the code would have said, had the item been known. */
  readonly onMade: (view: ScanView) => void
  readonly onClose: () => void
}

/** What was made here, and what the county made of it; nothing, where nothing was. */
export const MadeHere = () => {
  const say = useSay()
  const { language } = useLanguage()
  const { rows = [], tags = [], lots = [] } = useNode('provisionals').value ?? {}
  if (rows.length + tags.length + lots.length === 0) return null
  return (
    <section className="done" data-testid="made-here">
      <h2>{say('make.rows')}</h2>
      <ul>
        {rows.slice(0, ROWS_SHOWN).map((row) => (
          <li key={row.item} data-state={row.state}>
            <Icon name={STATE_ICONS[row.state]} size={22} />
            {nameIn(row.name, language)} · {say(`make.${row.state}`, { item: nameIn(row.now.name, language) })}
          </li>
        ))}
        {lots.slice(0, ROWS_SHOWN).map((lot) => (
          <li key={lot.lot} data-state={lot.state}>
            <Icon name={STATE_ICONS[lot.state]} size={22} />
            {say('make.lot', { item: nameIn(lot.itemName, language), lot: lot.lotNumber })} ·{' '}
            {say(`make.lot-${lot.state}`, { now: lot.now })}
          </li>
        ))}
        {tags.slice(0, ROWS_SHOWN).map((tag) => (
          <li key={tag.epc} data-state={tag.state}>
            <Icon name={STATE_ICONS[tag.state]} size={22} />
            {say('make.tag', { item: nameIn(tag.itemName, language), lot: tag.lotNumber })} · {say(`make.tag-${tag.state}`)}
          </li>
        ))}
      </ul>
    </section>
  )
}

const Field = ({ label, hint, value, onChange, testId, digits = false }: FieldLine) => (
  <label>
    {label}
    <input
      value={value}
      onChange={(event) => onChange(event.target.value)}
      inputMode={digits ? 'numeric' : 'text'}
      maxLength={digits ? 9 : 60}
      autoComplete="off"
      data-testid={testId}
    />
    {hint && <small>{hint}</small>}
  </label>
)
interface FieldLine {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly testId: string
  readonly digits?: boolean
}

type Asked = Omit<NodeBody<'provisional'>, 'action'>

const useMake = () => {
  const { node, sounds } = useStockroom()
  const shelf = useContext(ShelfContext)
  return useAct<Asked, NodeAnswer<'provisional'>>(async (action, asked) => {
    const answer = await node.ask('provisional', { body: { action, ...asked } })
    if (answer.ok) sounds.ok()
    else sounds.unknown()
    if (answer.ok) shelf.renew('provisionals ', 'items ')
    return answer
  })
}

const EMPTY = { name: '', model: '', unit: '', pack: '', units: '' }

const bodyOf = ({ name, model, unit, pack, units }: typeof EMPTY, scanned: ScanView | null): Asked => ({
  name: name.trim(),
  unit: unit.trim(),
  ...(model.trim() === '' ? {} : { model: model.trim() }),
  ...(pack.trim() === '' ? {} : { pack: { pack: pack.trim(), units: Number(units) } }),
  ...(scanned ? { scan: scanned.scan } : {}),
})

/** The card goes on with lot, date and tag of the code that was scanned. */
const viewOf = (item: ItemView, scanned: ScanView | null, pack: string): ScanView => {
  const level = item.packs.find((one) => one.pack === pack) ?? item.packs[0]
  return { ...(scanned ?? handView(item)), refused: null, item, pack: level?.pack ?? null, packUnits: level?.units ?? null }
}

const STATE_ICONS = { waiting: 'renew', confirmed: 'ok', redirected: 'forward', conflict: 'warn' } as const satisfies Record<
  State,
  IconName
>
type State = NodeAnswer<'provisionals'>['rows'][number]['state']
const ROWS_SHOWN = 5
