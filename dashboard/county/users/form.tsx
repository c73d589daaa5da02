import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { App, Button, Form, Input } from 'antd'
import { useContext, useEffect } from 'react'
import { useAct } from '../../parts/act.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useTyped } from '../records/guarded-drawer.tsx'
import { useSay } from '../words.ts'
import { grantsOf, type UserForm, userFormOf } from './draft.ts'
import { GrantLines } from './grant-lines.tsx'
import { GrantsField } from './grants-field.tsx'
import { SeesNote } from './sees-note.tsx'

interface FieldsLine {
  /** Whom a change begins from; `null` makes one. */
  readonly known: UserView | null
  readonly onSaved: (answer: HubAnswer<'saveUser'>) => void
  /** Gives up what was typed, and reads what somebody else saved. */
  readonly onReload: () => void
}

/** Makes or changes a user; what the roles come to is said while they are chosen. */
export const UserFields = ({ known, onSaved, onReload }: FieldsLine) => {
  const say = useSay()
  const { session } = useCounty()
  const { note } = useTyped()
  const [form] = Form.useForm<UserForm>()
  const grants = Form.useWatch('grants', form)
  const isOwn = known?.user === session.user
  const save = useSaveUser(known)
  useEffect(() => () => note(false), [note])
  const send = async (asked: UserForm): Promise<void> => {
    const answer = await save.send(isOwn ? { ...asked, grants: userFormOf(known).grants } : asked)
    if (!answer?.ok) return
    note(false)
    onSaved(answer.value)
  }
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={known ? userFormOf(known) : { grants: [{}] }}
      onValuesChange={() => note(true)}
      onFinish={(asked: UserForm) => void send(asked)}
      disabled={save.state === 'sending'}
    >
      <Names />
      {isOwn ? <OwnRoles grants={known.roles} /> : <GrantsField />}
      <SeesNote grants={isOwn ? known.roles : grantsOf(grants)} />
      <Form.Item name="sso" label={say('user.sso')} extra={say('user.sso-hint')} className="user-sso">
        <Input maxLength={200} autoComplete="off" data-testid="user-sso" />
      </Form.Item>
      {save.trouble && <TroubleNote trouble={save.trouble} />}
      {save.trouble?.code === 'access.user-changed' && (
        <Button block onClick={onReload} className="user-reload" data-testid="user-reload">
          {say('user.reload')}
        </Button>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={save.state === 'sending'} data-testid="user-save">
        {known ? say('user.save') : say('user.make')}
      </Button>
    </Form>
  )
}

/** Nobody changes what they may themselves. */
const OwnRoles = ({ grants }: { readonly grants: UserView['roles'] }) => {
  const say = useSay()
  return (
    <fieldset className="form-rooms" data-testid="own-roles">
      <legend>{say('user.roles')}</legend>
      <p className="record-note">{say('user.own-roles')}</p>
      <GrantLines grants={grants} />
    </fieldset>
  )
}

const Names = () => {
  const say = useSay()
  return (
    <div className="form-pair">
      <Form.Item
        name="login"
        label={say('user.login')}
        extra={say('user.login-hint')}
        rules={[{ required: true, pattern: /^\s*[\p{L}\p{N}][\p{L}\p{N}._@-]*\s*$/u, message: say('user.login-wrong') }]}
      >
        <Input maxLength={64} autoComplete="off" className="mono" data-testid="user-login" />
      </Form.Item>
      <Form.Item name="name" label={say('user.name')} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
        <Input maxLength={120} autoComplete="off" data-testid="user-name" />
      </Form.Item>
    </div>
  )
}

const useSaveUser = (known: UserView | null) => {
  const say = useSay()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const act = useAct((action, { login, name, sso = '', grants }: UserForm) => {
    const named = sso.trim() === '' ? null : sso.trim()
    // Said only when it changes: naming it anew unbinds whom the identity provider vouched for.
    const changed = named === (known?.sso ?? null) ? {} : { sso: named }
    const whose = known ? { user: known.user, knownVersion: known.version } : {}
    const roles = grantsOf(grants).map((grant) => ({
      role: grant.role,
      sites: grant.sites === 'all' ? ('all' as const) : [...grant.sites],
    }))
    return hub.ask('saveUser', { body: { action, ...whose, login: login.trim(), name: name.trim(), roles, ...changed } })
  })
  const send = async (asked: UserForm) => {
    const answer = await act.send(asked)
    if (answer?.ok) {
      shelf.renew('names ')
      void message.success(say(known ? 'user.saved' : 'user.made-done'))
    }
    return answer
  }
  return { ...act, send }
}
