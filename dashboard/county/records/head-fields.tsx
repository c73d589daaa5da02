import { ITEM_PATTERN } from '@lotkeeper/protocol/names.ts'
import { Checkbox, Form, Input } from 'antd'
import { useSay } from '../words.ts'

/** The id of a record: chosen once. */
export const IdField = ({ name, known, placeholder }: { readonly name: string; readonly known: boolean; readonly placeholder: string }) => {
  const say = useSay()
  return (
    <Form.Item
      name={name}
      label={say('record.id')}
      extra={known ? null : say('items.code-hint')}
      rules={[{ required: true, pattern: new RegExp(ITEM_PATTERN), message: say('items.code-wrong') }]}
    >
      <Input maxLength={64} placeholder={placeholder} disabled={known} data-testid={`${name}-field`} />
    </Form.Item>
  )
}

/** A name in both languages. */
export const NameFields = () => {
  const say = useSay()
  return (
    <div className="form-pair">
      <Form.Item name="zh" label={say('form.name-zh')} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
        <Input maxLength={120} data-testid="name-field" />
      </Form.Item>
      <Form.Item name="en" label={say('form.name-en')}>
        <Input maxLength={120} />
      </Form.Item>
    </div>
  )
}

/** From which day a version rules, and whether the record is still to be used. */
export const RulingFields = () => {
  const say = useSay()
  return (
    <div className="form-pair">
      <Form.Item name="from" label={say('record.from')} extra={say('record.from-hint')}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="retired" valuePropName="checked" label={say('record.use')} extra={say('record.retired-hint')}>
        <Checkbox data-testid="retired-field">{say('record.retire')}</Checkbox>
      </Form.Item>
    </div>
  )
}

/** What those fields say, as it is saved. */
export const rulingOf = ({ from, retired }: Ruling) => ({ ...(from ? { from } : {}), ...(retired ? { retired: true as const } : {}) })

export interface Ruling {
  readonly from?: string | undefined
  readonly retired?: boolean | undefined
}
