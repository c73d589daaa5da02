import { ROLES, type Role } from '@lotkeeper/protocol/rules/access.ts'
import { Button, Form, Select } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSites } from '../county.ts'
import { useSay } from '../words.ts'
import { EVERY, sitesPicked } from './draft.ts'
import '../parts/forms.css'

/** Roles, and where each holds: the field `grants` of a form. */
export const GrantsField = () => {
  const say = useSay()
  return (
    <Form.List name="grants">
      {(fields, { add, remove }) => (
        <fieldset className="form-rooms">
          <legend>{say('user.roles')}</legend>
          {fields.map((field) => (
            <GrantLine key={field.key} at={field.name} onRemove={() => remove(field.name)} />
          ))}
          <Button type="dashed" block onClick={() => add({})} icon={<Icon name="plus" size={16} />} data-testid="grant-add">
            {say('grant.add')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}

interface GrantLineParts {
  readonly at: number
  readonly onRemove: () => void
}

const GrantLine = ({ at, onRemove }: GrantLineParts) => {
  const say = useSay()
  const { language } = useLanguage()
  const needed = { required: true, message: say('form.needed') }
  return (
    <div className="grant-line" data-testid="grant">
      <Form.Item name={[at, 'role']} rules={[needed]}>
        <Select
          placeholder={say('grant.role')}
          aria-label={say('grant.role')}
          data-testid={`grant-role-${at}`}
          options={(Object.keys(ROLES) as Role[]).map((role) => ({ value: role, label: nameIn(ROLES[role], language) }))}
        />
      </Form.Item>
      <SitesField at={at} />
      <button type="button" className="quiet-button" onClick={onRemove} aria-label={say('form.remove')}>
        <Icon name="close" size={16} />
      </button>
    </div>
  )
}

const SitesField = ({ at }: Pick<GrantLineParts, 'at'>) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const options = [
    { value: EVERY, label: say('grant.all-sites') },
    ...[...sites.values()].map((site) => ({ value: site.site as string, label: nameIn(site.name, language) })),
  ]
  return (
    <Form.Item
      name={[at, 'sites']}
      rules={[{ required: true, message: say('form.needed') }]}
      normalize={(picked: readonly string[], before: readonly string[] | undefined) => sitesPicked(before, picked)}
    >
      <Select
        mode="multiple"
        placeholder={say('grant.where')}
        aria-label={say('grant.where')}
        data-testid={`grant-sites-${at}`}
        showSearch={{ optionFilterProp: 'label' }}
        options={options}
      />
    </Form.Item>
  )
}
