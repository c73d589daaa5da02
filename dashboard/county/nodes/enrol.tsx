import { NODE_PATTERN, ROOM_PATTERN } from '@lotkeeper/protocol/names.ts'
import { Button, Checkbox, Drawer, Form, Input, Select } from 'antd'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'
import { EnrolCode } from './enrol-code.tsx'
import '../parts/forms.css'

interface EnrolForm {
  readonly node: string
  readonly zh: string
  readonly en?: string
  readonly rooms: readonly { readonly room: string; readonly zh: string; readonly en?: string; readonly use: 'store' | 'department' }[]
  readonly replace?: boolean
}

/** Makes the one-time code a new node redeems with `lotkeeper edge join`. */
export const EnrolDrawer = ({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const [form] = Form.useForm<EnrolForm>()
  const make = useAct((action, asked: EnrolForm) =>
    hub.ask('createEnrolment', {
      body: {
        action,
        node: asked.node,
        name: { zh: asked.zh, en: asked.en ?? '' },
        zone: 'Asia/Shanghai',
        rooms: asked.rooms.map((room) => ({ room: room.room, name: { zh: room.zh, en: room.en ?? '' }, use: room.use })),
        ...(asked.replace ? { replace: true } : {}),
      },
    }),
  )
  const close = (): void => {
    make.clear()
    form.resetFields()
    onClose()
  }
  return (
    <Drawer open={open} onClose={close} title={say('nodes.enrol')} size={520} destroyOnHidden>
      {make.value ? (
        <EnrolCode code={make.value.code} until={make.value.until} node={String(form.getFieldValue('node') ?? '')} />
      ) : (
        <Form
          form={form}
          layout="vertical"
          initialValues={{ rooms: DEFAULT_ROOMS }}
          onFinish={(asked) => void make.send(asked)}
          disabled={make.state === 'sending'}
        >
          <p className="form-hint">{say('enrol.hint')}</p>
          <Form.Item
            name="node"
            label={say('enrol.node')}
            extra={say('enrol.node-hint')}
            rules={[{ required: true, pattern: new RegExp(NODE_PATTERN), message: say('enrol.node-wrong') }]}
          >
            <Input maxLength={32} placeholder="qinglong" data-testid="enrol-node" />
          </Form.Item>
          <div className="form-pair">
            <Form.Item name="zh" label={say('form.name-zh')} rules={[{ required: true, message: say('form.needed') }]}>
              <Input maxLength={120} data-testid="enrol-name" />
            </Form.Item>
            <Form.Item name="en" label={say('form.name-en')}>
              <Input maxLength={120} />
            </Form.Item>
          </div>
          <Rooms />
          <Form.Item name="replace" valuePropName="checked">
            <Checkbox>{say('enrol.replace')}</Checkbox>
          </Form.Item>
          {make.trouble && <TroubleNote trouble={make.trouble} />}
          <Button type="primary" htmlType="submit" size="large" block loading={make.state === 'sending'} data-testid="enrol-submit">
            {say('enrol.make')}
          </Button>
        </Form>
      )}
    </Drawer>
  )
}

const Rooms = () => {
  const say = useSay()
  return (
    <Form.List name="rooms">
      {(fields, { add, remove }) => (
        <fieldset className="form-rooms">
          <legend>{say('enrol.rooms')}</legend>
          {fields.map((field) => (
            <div className="form-room" key={field.key}>
              <Form.Item
                name={[field.name, 'room']}
                rules={[{ required: true, pattern: new RegExp(ROOM_PATTERN), message: say('enrol.room-wrong') }]}
              >
                <Input maxLength={32} placeholder={say('enrol.room')} aria-label={say('enrol.room')} />
              </Form.Item>
              <Form.Item name={[field.name, 'zh']} rules={[{ required: true, message: say('form.needed') }]}>
                <Input maxLength={120} placeholder={say('form.name-zh')} aria-label={say('form.name-zh')} />
              </Form.Item>
              <Form.Item name={[field.name, 'use']}>
                <Select
                  aria-label={say('enrol.use')}
                  options={[
                    { value: 'store', label: say('enrol.store') },
                    { value: 'department', label: say('enrol.department') },
                  ]}
                />
              </Form.Item>
              <button type="button" className="quiet-button" onClick={() => remove(field.name)} aria-label={say('form.remove')}>
                <Icon name="close" size={16} />
              </button>
            </div>
          ))}
          <Button type="dashed" block onClick={() => add({ use: 'department' })} icon={<Icon name="plus" size={16} />}>
            {say('enrol.add-room')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}

const DEFAULT_ROOMS = [{ room: 'main', zh: '耗材库房', en: 'Stockroom', use: 'store' as const }]
