import { Button, Form, Input } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useSay } from '../words.ts'

/** How an item is to be kept: temperature, humidity, whatever its label asks for. */
export const StorageFields = () => {
  const say = useSay()
  const decimal = { pattern: /^-?[0-9]{1,6}(\.[0-9]{1,4})?$/, message: say('storage.number') }
  return (
    <Form.List name="storage">
      {(fields, { add, remove }) => (
        <fieldset className="form-rooms">
          <legend>{say('field.storage')}</legend>
          {fields.map((field) => (
            <div className="form-storage" key={field.key}>
              <Form.Item name={[field.name, 'what']} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
                <Input maxLength={40} placeholder={say('storage.what')} aria-label={say('storage.what')} />
              </Form.Item>
              <Form.Item name={[field.name, 'min']} rules={[decimal]}>
                <Input placeholder={say('storage.min')} aria-label={say('storage.min')} inputMode="decimal" />
              </Form.Item>
              <Form.Item name={[field.name, 'max']} rules={[decimal]}>
                <Input placeholder={say('storage.max')} aria-label={say('storage.max')} inputMode="decimal" />
              </Form.Item>
              <Form.Item name={[field.name, 'unit']}>
                <Input maxLength={16} placeholder={say('storage.unit')} aria-label={say('storage.unit')} />
              </Form.Item>
              <button type="button" className="quiet-button" onClick={() => remove(field.name)} aria-label={say('form.remove')}>
                <Icon name="close" size={16} />
              </button>
            </div>
          ))}
          {fields.length < STORAGE_MAX && (
            <Button
              type="dashed"
              block
              onClick={() => add(fields.length === 0 ? { what: say('storage.temperature'), unit: '°C' } : {})}
              icon={<Icon name="plus" size={16} />}
            >
              {say('storage.add')}
            </Button>
          )}
        </fieldset>
      )}
    </Form.List>
  )
}

const STORAGE_MAX = 8
