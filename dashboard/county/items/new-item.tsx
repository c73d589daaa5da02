import { ITEM_PATTERN } from '@lotkeeper/protocol/names.ts'
import { App, Button, Drawer, Form, Input, InputNumber } from 'antd'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'
import '../parts/forms.css'

interface ItemForm {
  readonly item: string
  readonly zh: string
  readonly en?: string
  readonly model?: string
  readonly unitZh: string
  readonly unitEn?: string
  readonly packs: readonly { readonly pack: string; readonly units: number; readonly gtin?: string }[]
  readonly near?: string
}

/** A new item: names, base unit, packs with exact whole factors, days of its near-expiry alarms. */
export const NewItemDrawer = ({
  open,
  onClose,
  onCreated,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly onCreated: () => void
}) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const [form] = Form.useForm<ItemForm>()
  const create = useAct((action, asked: ItemForm) => hub.ask('createItem', { body: { action, ...itemOf(asked) } }))
  const close = (): void => {
    create.clear()
    form.resetFields()
    onClose()
  }
  const send = async (asked: ItemForm): Promise<void> => {
    const answer = await create.send(asked)
    if (!answer?.ok) return
    void message.success(say('items.created', { item: asked.zh }))
    onCreated()
    close()
  }
  return (
    <Drawer open={open} onClose={close} title={say('items.new')} size={560} destroyOnHidden>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ packs: [{ units: 1 }], near: '180, 90, 30' }}
        onFinish={(asked) => void send(asked)}
        disabled={create.state === 'sending'}
      >
        <Form.Item
          name="item"
          label={say('items.code')}
          extra={say('items.code-hint')}
          rules={[{ required: true, pattern: new RegExp(ITEM_PATTERN), message: say('items.code-wrong') }]}
        >
          <Input maxLength={64} placeholder="gauze-10x10" data-testid="item-code" />
        </Form.Item>
        <div className="form-pair">
          <Form.Item name="zh" label={say('form.name-zh')} rules={[{ required: true, message: say('form.needed') }]}>
            <Input maxLength={120} data-testid="item-name" />
          </Form.Item>
          <Form.Item name="en" label={say('form.name-en')}>
            <Input maxLength={120} />
          </Form.Item>
        </div>
        <Form.Item name="model" label={say('column.model')}>
          <Input maxLength={120} />
        </Form.Item>
        <div className="form-pair">
          <Form.Item
            name="unitZh"
            label={say('items.unit-zh')}
            extra={say('items.unit-hint')}
            rules={[{ required: true, message: say('form.needed') }]}
          >
            <Input maxLength={120} data-testid="item-unit" />
          </Form.Item>
          <Form.Item name="unitEn" label={say('items.unit-en')}>
            <Input maxLength={120} />
          </Form.Item>
        </div>
        <Packs />
        <Form.Item
          name="near"
          label={say('column.near-days')}
          extra={say('items.near-hint')}
          rules={[{ pattern: /^[\d\s,，、/]*$/, message: say('items.near-wrong') }]}
        >
          <Input />
        </Form.Item>
        {create.trouble && <TroubleNote trouble={create.trouble} />}
        <Button type="primary" htmlType="submit" size="large" block loading={create.state === 'sending'} data-testid="item-submit">
          {say('items.create')}
        </Button>
      </Form>
    </Drawer>
  )
}

const Packs = () => {
  const say = useSay()
  return (
    <Form.List name="packs">
      {(fields, { add, remove }) => (
        <fieldset className="form-rooms">
          <legend>{say('column.packs')}</legend>
          {fields.map((field) => (
            <div className="form-pack" key={field.key}>
              <Form.Item name={[field.name, 'pack']} rules={[{ required: true, message: say('form.needed') }]}>
                <Input maxLength={64} placeholder={say('items.pack')} aria-label={say('items.pack')} />
              </Form.Item>
              <Form.Item name={[field.name, 'units']} rules={[{ required: true, message: say('form.needed') }]}>
                <InputNumber
                  min={1}
                  precision={0}
                  placeholder={say('items.pack-units')}
                  aria-label={say('items.pack-units')}
                  style={{ width: '100%' }}
                />
              </Form.Item>
              <Form.Item name={[field.name, 'gtin']} rules={[{ pattern: /^\d{8,14}$/, message: say('items.gtin-wrong') }]}>
                <Input maxLength={14} placeholder={say('items.gtin')} aria-label={say('items.gtin')} inputMode="numeric" />
              </Form.Item>
              <button type="button" className="quiet-button" onClick={() => remove(field.name)} aria-label={say('form.remove')}>
                <Icon name="close" size={16} />
              </button>
            </div>
          ))}
          <Button type="dashed" block onClick={() => add({})} icon={<Icon name="plus" size={16} />}>
            {say('items.add-pack')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}

/** The form as the hub takes it. Shorter GTINs are the same number with zeros in front [GS1 GenSpecs 3.3.2]. */
const itemOf = (asked: ItemForm) => ({
  item: asked.item,
  name: { zh: asked.zh, en: asked.en ?? '' },
  model: asked.model ?? '',
  unit: { zh: asked.unitZh, en: asked.unitEn ?? '' },
  packs: asked.packs.map((pack) => ({ pack: pack.pack, units: pack.units, gtin: pack.gtin ? pack.gtin.padStart(14, '0') : null })),
  nearDays: [
    ...new Set(
      (asked.near ?? '')
        .split(/[^\d]+/)
        .filter(Boolean)
        .map(Number),
    ),
  ]
    .sort((one, other) => other - one)
    .slice(0, 8),
})
