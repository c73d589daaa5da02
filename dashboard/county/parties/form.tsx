import { Button, Checkbox, Form, Input, Select } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import type { Fields } from '../records/fields.ts'
import { IdField, NameFields, RulingFields } from '../records/head-fields.tsx'
import { PaperField } from '../records/paper.tsx'
import { type Known, RecordForm } from '../records/record-form.tsx'
import { useSay } from '../words.ts'
import { ContactField } from './contact.tsx'
import { LICENCE_KINDS, type PartyForm, partyFormOf, partyOf, ROLES } from './draft.ts'

/** Who makes, sells or brings things, and the papers that allow it. */
export const PartyFields = ({ known, onSaved }: { readonly known: Known | null; readonly onSaved: () => void }) => {
  const say = useSay()
  const [form] = Form.useForm<PartyForm>()
  return (
    <RecordForm
      is="party"
      idOf="id"
      known={known}
      form={form}
      initial={known ? partyFormOf(known.id, known.fields) : { roles: ['supplier'], licences: [] }}
      fieldsOf={(asked) => partyOf(asked) as Fields}
      onSaved={onSaved}
    >
      <IdField name="id" known={known !== null} placeholder="huimin" />
      <NameFields />
      <Form.Item name="roles" label={say('field.roles')} rules={[{ required: true, message: say('form.needed') }]}>
        <Checkbox.Group options={ROLES.map((value) => ({ value, label: say(`role.${value}`) }))} />
      </Form.Item>
      <div className="form-pair">
        <Form.Item
          name="creditCode"
          label={say('field.creditCode')}
          rules={[{ pattern: /^[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{18}$/, message: say('party.credit-code-wrong') }]}
        >
          <Input maxLength={18} className="mono" />
        </Form.Item>
        <Form.Item name="gln" label={say('field.gln')} rules={[{ pattern: /^\d{13}$/, message: say('party.gln-wrong') }]}>
          <Input maxLength={13} className="mono" inputMode="numeric" />
        </Form.Item>
      </div>
      <ContactField />
      <Licences />
      <RulingFields />
    </RecordForm>
  )
}

const Licences = () => {
  const say = useSay()
  return (
    <Form.List name="licences">
      {(fields, { add, remove }) => (
        <fieldset className="form-rooms">
          <legend>{say('field.licences')}</legend>
          {fields.map((field) => (
            <Licence key={field.key} at={field.name} onRemove={() => remove(field.name)} />
          ))}
          <Button
            type="dashed"
            block
            onClick={() => add({ kind: 'business' })}
            icon={<Icon name="plus" size={16} />}
            data-testid="licence-add"
          >
            {say('party.add-licence')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}

const Licence = ({ at, onRemove }: { readonly at: number; readonly onRemove: () => void }) => {
  const say = useSay()
  return (
    <div className="form-licence">
      <Form.Item name={[at, 'kind']} label={say('licence.kind')}>
        <Select options={LICENCE_KINDS.map((value) => ({ value, label: say(`licence.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name={[at, 'number']}
        label={say('licence.number')}
        rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
      >
        <Input maxLength={80} />
      </Form.Item>
      <button type="button" className="quiet-button" onClick={onRemove} aria-label={say('form.remove')}>
        <Icon name="close" size={16} />
      </button>
      <Form.Item name={[at, 'from']} label={say('licence.from')}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name={[at, 'until']} label={say('licence.until')} extra={say('licence.until-hint')}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name={[at, 'file']} className="form-wide">
        <PaperField />
      </Form.Item>
    </div>
  )
}
