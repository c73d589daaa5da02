import { RIGHTS, type Right } from '@lotkeeper/protocol/rules/access.ts'
import { Checkbox, Form } from 'antd'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { GROUPS, rightsIn } from '../users/sees.ts'
import { useSay } from '../words.ts'

/** Which of the roles' rights a key keeps: the field `scopes` of a form. */
export const ScopesField = ({ rights }: { readonly rights: readonly Right[] }) => {
  const say = useSay()
  return (
    <Form.Item name="scopes" label={say('machine.scopes')}>
      <Scopes rights={rights} />
    </Form.Item>
  )
}

interface ScopesLine {
  readonly rights: readonly Right[]
  readonly value?: readonly Right[]
  readonly onChange?: (scopes: readonly Right[]) => void
}

const Scopes = ({ rights, value = [], onChange }: ScopesLine) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div className="scope-groups" data-testid="scopes">
      {rights.length === 0 && <span className="faint">{say('machine.scopes-none')}</span>}
      {GROUPS.map((group) => {
        const shown = rightsIn(group).filter((right) => rights.includes(right))
        if (shown.length === 0) return null
        return (
          <div key={group}>
            <small className="faint">{say(`sees.${group}`)}</small>
            <Checkbox.Group<Right>
              value={value.filter((right) => shown.includes(right))}
              options={shown.map((right) => ({ value: right, label: nameIn(RIGHTS[right], language) }))}
              onChange={(picked) => onChange?.([...value.filter((right) => !shown.includes(right)), ...picked])}
            />
          </div>
        )
      })}
    </div>
  )
}
