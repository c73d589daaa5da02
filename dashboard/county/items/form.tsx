import { Checkbox, Form, Input, Select } from 'antd'
import { newAction } from '../../parts/action.ts'
import type { Fields } from '../records/fields.ts'
import { IdField, NameFields, RulingFields } from '../records/head-fields.tsx'
import { PickRecord } from '../records/pick.tsx'
import { type Known, RecordForm, type SavedBy } from '../records/record-form.tsx'
import { useSay } from '../words.ts'
import { type ItemForm, itemFormOf, itemOf, NEAR, type Promised } from './draft.ts'
import { type LevelDraft, wrongRows } from './levels.ts'
import { PackEditor } from './pack-editor.tsx'
import { StorageFields } from './storage-fields.tsx'

/** An item: its names, base unit, packs, papers, what its label promises and how it is kept. */
export const ItemFields = ({ known, begun, names, met = false, by, onSaved }: ItemLine) => {
  const say = useSay()
  const [form] = Form.useForm<ItemForm>()
  const unit = (Form.useWatch('unitZh', form) as string | undefined) ?? ''
  return (
    <RecordForm
      is="item"
      idOf="item"
      known={known}
      form={form}
      initial={known ? itemFormOf(known.id, known.fields, newAction) : (begun ?? { near: NEAR, levels: [] })}
      fieldsOf={(asked) => itemOf(asked) as Fields}
      onSaved={onSaved}
      by={by}
    >
      <IdField name="item" known={known !== null || met} placeholder="gauze-10x10" />
      <NameFields />
      <div className="form-pair">
        <Form.Item name="model" label={say('field.model')}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item name="specification" label={say('field.specification')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item
          name="unitZh"
          label={say('items.unit-zh')}
          extra={say(met ? 'desk.unit-hint' : known ? 'items.unit-known' : 'items.unit-hint')}
          rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
        >
          <Input maxLength={120} data-testid="unit-field" />
        </Form.Item>
        <Form.Item name="unitEn" label={say('items.unit-en')}>
          <Input maxLength={120} />
        </Form.Item>
      </div>
      <fieldset className="form-rooms">
        <legend>{say('field.packs')}</legend>
        <p className="form-hint">{say('packs.hint')}</p>
        <Form.Item
          name="levels"
          rules={[{ validator: async (_rule, levels: readonly LevelDraft[]) => judge(levels, say) }]}
          noStyle={false}
        >
          <PackEditor unit={unit.trim()} />
        </Form.Item>
      </fieldset>
      <Papers names={names} />
      <Label />
      <StorageFields />
      <Form.Item
        name="near"
        label={say('column.near-days')}
        extra={say('items.near-hint')}
        rules={[{ pattern: /^[\d\s,，、/]*$/, message: say('items.near-wrong') }]}
      >
        <Input />
      </Form.Item>
      {!met && <RulingFields />}
    </RecordForm>
  )
}

interface ItemLine {
  readonly known: Known | null
  /** What a new one begins with. */
  readonly begun?: Partial<ItemForm> | undefined
  /** It is made of what a node met: under the id it was booked by, and for today. */
  readonly met?: boolean
  readonly by?: SavedBy | undefined
  /** What the chosen certificate and maker are called. */
  readonly names?: { readonly certificate?: string | undefined; readonly manufacturer?: string | undefined } | undefined
  readonly onSaved: () => void
}

const judge = (levels: readonly LevelDraft[] | undefined, say: ReturnType<typeof useSay>): void => {
  if (levels?.some(({ pack, quantity }) => pack.trim() === '' || quantity === null)) throw new Error(say('packs.unfinished'))
  if (levels && wrongRows(levels).size > 0) throw new Error(say('packs.wrong'))
}

const Papers = ({ names }: Pick<ItemLine, 'names'>) => {
  const say = useSay()
  return (
    <div className="form-pair">
      <Form.Item name="class" label={say('field.class')}>
        <Select
          allowClear
          options={CLASSES.map((value) => ({ value, label: say('class.of', { class: value }) }))}
          data-testid="class-field"
        />
      </Form.Item>
      <Form.Item
        name="nhsa"
        label={say('field.nhsa')}
        rules={[{ pattern: /^[Cc][0-9]{19}([0-9]{7})?$/, message: say('items.nhsa-wrong') }]}
      >
        <Input maxLength={27} className="mono" />
      </Form.Item>
      <Form.Item name="certificate" label={say('field.certificate')}>
        <PickRecord of="certificate" name={names?.certificate} />
      </Form.Item>
      <Form.Item name="manufacturer" label={say('field.manufacturer')}>
        <PickRecord of="manufacturer" name={names?.manufacturer} />
      </Form.Item>
    </div>
  )
}

const Label = () => {
  const say = useSay()
  const known = Form.useWatch('promisesKnown') === true
  const answers = (['', 'yes', 'no'] as const).map((value) => ({ value, label: say(value === '' ? 'answer.unknown' : `answer.${value}`) }))
  return (
    <>
      <div className="form-pair">
        <Form.Item name="singleUse" label={say('field.singleUse')} initialValue="">
          <Select options={answers} />
        </Form.Item>
        <Form.Item name="sterile" label={say('field.sterile')} initialValue="">
          <Select options={answers} />
        </Form.Item>
      </div>
      <Form.Item label={say('field.promises')} extra={say('items.promises-hint')}>
        <Form.Item name="promisesKnown" valuePropName="checked" noStyle>
          <Checkbox>{say('items.promises-known')}</Checkbox>
        </Form.Item>
        <Form.Item name="promises" noStyle hidden={!known}>
          <Checkbox.Group options={PROMISED.map((value) => ({ value, label: say(`promise.${value}`) }))} />
        </Form.Item>
      </Form.Item>
    </>
  )
}

const CLASSES = ['I', 'II', 'III'] as const
const PROMISED: readonly Promised[] = ['lot', 'serial', 'produced', 'expiry']
