import { RIGHTS, type Right, ROLES, type Role } from '@lotkeeper/protocol/rules/access.ts'
import { Fragment } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'
import { GROUPS, rightsIn } from './sees.ts'

/** Every role beside every right, in words: a tick where the role has it. */
export const RolesTable = () => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <div className="role-table-box">
      <table className="role-table" data-testid="role-table">
        <thead>
          <tr>
            <th scope="col">{say('roles.right')}</th>
            {ROLE_NAMES.map((role) => (
              <th key={role} scope="col">
                {nameIn(ROLES[role], language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {GROUPS.map((group) => (
            <Fragment key={group}>
              <tr className="role-group">
                <th scope="rowgroup" colSpan={ROLE_NAMES.length + 1}>
                  {say(`sees.${group}`)}
                </th>
              </tr>
              {rightsIn(group).map((right) => (
                <RightLine key={right} right={right} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const RightLine = ({ right }: { readonly right: Right }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <tr>
      <th scope="row">{nameIn(RIGHTS[right], language)}</th>
      {ROLE_NAMES.map((role) => {
        const has = (ROLES[role].rights as readonly Right[]).includes(right)
        return (
          <td key={role} aria-label={say(has ? 'roles.has' : 'roles.has-not')} data-has={has}>
            {has && <Icon name="ok" size={18} />}
          </td>
        )
      })}
    </tr>
  )
}

const ROLE_NAMES = Object.keys(ROLES) as Role[]
