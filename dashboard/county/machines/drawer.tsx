import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { type Grant, type Right, rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import { Button, Form, Input, InputNumber, Switch } from 'antd'
import { useEffect, useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useMoments } from '../county.ts'
import { OneTime } from '../people/one-time.tsx'
import { GuardedDrawer, useTyped } from '../records/guarded-drawer.tsx'
import { type GrantForm, grantsOf } from '../users/draft.ts'
import { GrantsField } from '../users/grants-field.tsx'
import { SeesNote } from '../users/sees-note.tsx'
import { useSay } from '../words.ts'
import { ScopesField } from './scopes-field.tsx'
import '../parts/forms.css'

interface DrawerLine {
  readonly open: boolean
  readonly onMade: () => void
  readonly onClose: () => void
}

/** Makes a key for another system; the key itself is shown once, here. */
export const MachineDrawer = ({ open, onMade, onClose }: DrawerLine) => {
  const say = useSay()
  const [made, setMade] = useState<HubAnswer<'saveMachine'> | null>(null)
  const close = (): void => {
    setMade(null)
    onClose()
  }
  return (
    <GuardedDrawer open={open} onClose={close} title={say('machines.new')} size={680}>
      {made ? (
        <MadeKey made={made} onDone={close} />
      ) : (
        <MachineFields
          onSaved={(answer) => {
            setMade(answer)
            onMade()
          }}
        />
      )}
    </GuardedDrawer>
  )
}

const MadeKey = ({ made, onDone }: { readonly made: HubAnswer<'saveMachine'>; readonly onDone: () => void }) => {
  const say = useSay()
  const moments = useMoments()
  return (
    <OneTime
      title={say('machine.made', { name: made.machine.name })}
      secret={made.key}
      warning={say('machine.once')}
      hints={[say('machine.how'), say('machine.counts-until', { until: moments.full(made.machine.until).slice(0, MINUTES) })]}
      onDone={onDone}
    />
  )
}

interface MachineForm {
  readonly name: string
  readonly grants: readonly GrantForm[]
  readonly narrow: boolean
  readonly scopes?: readonly Right[]
  readonly days: number
  readonly perMinute: number
}

const MachineFields = ({ onSaved }: { readonly onSaved: (answer: HubAnswer<'saveMachine'>) => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const { note } = useTyped()
  const [form] = Form.useForm<MachineForm>()
  const grants = grantsOf(Form.useWatch('grants', form))
  const narrow = Form.useWatch('narrow', form) === true
  const scopes = within(grants, Form.useWatch('scopes', form))
  useEffect(() => () => note(false), [note])
  const save = useAct((action, { name, days, perMinute, ...asked }: MachineForm) => {
    const granted = grantsOf(asked.grants)
    const roles = granted.map(({ role, sites }) => ({ role, sites: sites === 'all' ? ('all' as const) : [...sites] }))
    const kept = asked.narrow ? [...within(granted, asked.scopes)] : null
    return hub.ask('saveMachine', { body: { action, name: name.trim(), roles, scopes: kept, days, perMinute } })
  })
  const send = async (asked: MachineForm): Promise<void> => {
    const answer = await save.send(asked)
    if (!answer?.ok) return
    note(false)
    onSaved(answer.value)
  }
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ grants: [{ role: 'integrator' }], narrow: false, days: DAYS, perMinute: PER_MINUTE }}
      onValuesChange={() => note(true)}
      onFinish={() => void send(form.getFieldsValue(true) as MachineForm)}
      disabled={save.state === 'sending'}
    >
      <Form.Item name="name" label={say('machine.name')} rules={[{ required: true, whitespace: true, message: say('form.needed') }]}>
        <Input maxLength={120} placeholder={say('machine.name-like')} data-testid="machine-name" />
      </Form.Item>
      <GrantsField />
      <Form.Item name="narrow" label={say('machine.narrow')} valuePropName="checked" extra={say('machine.narrow-hint')}>
        <Switch data-testid="machine-narrow" />
      </Form.Item>
      {narrow && <ScopesField rights={Object.keys(rightsOf({ grants })) as Right[]} />}
      <SeesNote grants={grants} scopes={narrow ? scopes : null} />
      <Limits />
      {save.trouble && <TroubleNote trouble={save.trouble} />}
      <Button
        type="primary"
        htmlType="submit"
        size="large"
        block
        loading={save.state === 'sending'}
        disabled={grants.length === 0 || (narrow && scopes.length === 0)}
        data-testid="machine-save"
      >
        {say('machine.make')}
      </Button>
    </Form>
  )
}

const Limits = () => {
  const say = useSay()
  const needed = { required: true, message: say('form.needed') }
  return (
    <div className="form-pair machine-limits">
      <Form.Item name="days" label={say('machine.days')} extra={say('machine.days-hint')} rules={[needed]}>
        <InputNumber min={1} max={730} precision={0} suffix={say('machine.days-unit')} data-testid="machine-days" />
      </Form.Item>
      <Form.Item name="perMinute" label={say('machine.per-minute')} rules={[needed]}>
        <InputNumber min={1} max={60_000} precision={0} suffix={say('machine.per-minute-unit')} data-testid="machine-per-minute" />
      </Form.Item>
    </div>
  )
}

/** Of what was ticked, what the roles still give. */
const within = (grants: readonly Grant[], scopes: readonly Right[] | undefined): readonly Right[] => {
  const held = rightsOf({ grants })
  return (scopes ?? []).filter((right) => held[right] !== undefined)
}

/** A year: long enough to be forgotten in peace, short enough that a lost key ends by itself. */
const DAYS = 365
/** Ten a second, for a system that reads a whole catalogue. */
const PER_MINUTE = 600
const MINUTES = 16
